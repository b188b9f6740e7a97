// The grid by keyboard: one stop in the tab order, arrows inside it (WAI-ARIA grid pattern).
import { placeOf, type Place } from './timeline_model';

export interface Acts {
  open(bar: HTMLElement): void;
  book(row: HTMLElement, from?: number): void;
  /** Shows a place that is not sent yet. */
  try(bar: HTMLElement, place: Place): void;
  confirm(bar: HTMLElement): void;
  takeBack(bar: HTMLElement): void;
}

const bars = (row: HTMLElement): HTMLElement[] =>
  [...row.querySelectorAll<HTMLElement>('.tl-e')].sort((a, b) => placeOf(a).s - placeOf(b).s);
const track = (row: HTMLElement): HTMLElement => row.querySelector<HTMLElement>('.tl-t')!;

function beside(row: HTMLElement, down: boolean): HTMLElement | null {
  let next = down ? row.nextElementSibling : row.previousElementSibling;
  while (next && !next.classList.contains('tl-r')) next = down ? next.nextElementSibling : next.previousElementSibling;
  return next as HTMLElement | null;
}

/** The bar of another row that lies nearest to this one, else the row itself. */
function nearest(row: HTMLElement, from: HTMLElement): HTMLElement {
  if (!from.classList.contains('tl-e')) return track(row);
  const middle = placeOf(from).s + placeOf(from).n / 2;
  const distance = (bar: HTMLElement): number => Math.abs(placeOf(bar).s + placeOf(bar).n / 2 - middle);
  return bars(row).sort((a, b) => distance(a) - distance(b))[0] ?? track(row);
}

/** Makes ``target`` the one stop of the grid. */
export function moveFocus(grid: HTMLElement, target: HTMLElement): void {
  for (const old of grid.querySelectorAll<HTMLElement>('[tabindex="0"]')) old.tabIndex = -1;
  target.tabIndex = 0;
  target.focus({ preventScroll: true });
  target.scrollIntoView({ block: 'nearest', inline: 'nearest' });
}

function goal(key: string, row: HTMLElement, at: HTMLElement): HTMLElement | null | undefined {
  const all = bars(row);
  const index = all.indexOf(at);
  const link = row.querySelector<HTMLElement>('.tl-rh a');
  const rows = [...row.parentElement!.querySelectorAll<HTMLElement>(':scope > .tl-r')];
  switch (key) {
    case 'ArrowRight':
      return at === link ? track(row) : all[index + 1];
    case 'ArrowLeft':
      return index > 0 ? all[index - 1] : index === 0 ? track(row) : link;
    case 'ArrowDown':
    case 'ArrowUp': {
      const next = beside(row, key === 'ArrowDown');
      return next && (at === link ? next.querySelector<HTMLElement>('.tl-rh a') : nearest(next, at));
    }
    case 'Home':
      return nearest(rows[0]!, at);
    case 'End':
      return nearest(rows[rows.length - 1]!, at);
    default:
      return undefined;
  }
}

function shifted(event: KeyboardEvent, bar: HTMLElement, shown: Place): Place | null {
  const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
  if (!step) return null;
  if (event.shiftKey) return 'extendable' in bar.dataset ? { s: shown.s, n: Math.max(1, shown.n + step) } : null;
  return 'movable' in bar.dataset ? { s: Math.max(0, shown.s + step), n: shown.n } : null;
}

/** Handles one key; ``shown`` tells where a bar stands on the screen now. */
export function onKey(event: KeyboardEvent, grid: HTMLElement, acts: Acts, shown: (bar: HTMLElement) => Place): void {
  const at = event.target as HTMLElement;
  const row = at.closest<HTMLElement>('.tl-r');
  if (!row || event.ctrlKey || event.metaKey) return;
  const bar = at.classList.contains('tl-e') ? at : null;
  if (event.altKey) {
    const place = bar && shifted(event, bar, shown(bar));
    if (place) acts.try(bar, place);
    if (event.key.startsWith('Arrow')) event.preventDefault(); // Alt+Left would leave the page
    return;
  }
  const target = goal(event.key, row, at);
  if (target !== undefined) {
    if (target) moveFocus(grid, target);
    event.preventDefault();
  } else if (bar && event.key === 'Escape') acts.takeBack(bar);
  else if (bar && event.key === 'Enter') {
    event.preventDefault();
    if ('pending' in bar.dataset) acts.confirm(bar);
    else acts.open(bar);
  } else if (event.key === 'n' || (event.key === 'Enter' && at.classList.contains('tl-t'))) {
    event.preventDefault();
    acts.book(row, bar ? Math.ceil(placeOf(bar).s + placeOf(bar).n) : undefined);
  }
}
