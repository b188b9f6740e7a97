// The booking calendar: the server sends the grid, this makes it draggable. One set of listeners for all rows.
import { fill, labelCells, newId, say, send, sentence, words } from './shared';
import { moveFocus, onKey, type Acts } from './timeline_keys';
import { draw, drawAll, instant, placeOf, scaleOf, spoken, type Place, type Scale } from './timeline_model';

const THRESHOLD = 4; // pixels before a press becomes a drag
const EDGE = 8; // pixels at the right end of a bar that extend it
const AIM = 9; // pixels that a hand can hit
const SETTLE = 1500; // ms after the last Alt+arrow until the move goes by itself
const NARROW = '(max-width: 44rem)';

interface Drag {
  mode: 'new' | 'move' | 'extend';
  row: HTMLElement;
  bar: HTMLElement | null; // null until a new stretch is drawn
  from: Place;
  grab: number; // unit under the pointer at the start, relative to the bar
  x: number;
  y: number;
  started: boolean;
}

class Timeline extends HTMLElement implements Acts {
  private grid!: HTMLElement;
  private scale!: Scale;
  private drag: Drag | null = null;
  private ghost: HTMLElement | null = null;
  private timer = 0;
  private step = 1; // units that a drag snaps to: wide enough to hit
  private swallow = false; // the click that ends a drag
  private sizes: ResizeObserver | null = null;
  private text: Record<string, string> = {};

  connectedCallback(): void {
    const grid = this.querySelector<HTMLElement>('.tl');
    if (!grid) return;
    this.grid = grid;
    this.text = words('timeline-words');
    this.scale = scaleOf(this);
    this.style.setProperty('--per', String(this.scale.per));
    this.style.setProperty('--units', String(this.scale.units));
    if (this.dataset.now) this.style.setProperty('--now', this.dataset.now);
    for (const group of grid.querySelectorAll<HTMLElement>('[data-span]'))
      group.style.setProperty('--span', group.dataset.span!);
    drawAll(grid);
    this.listen();
    this.show(this.wished());
    this.dataset.ready = '';
    this.sizes = new ResizeObserver(() => this.fit());
    this.sizes.observe(grid);
    this.fit();
    this.scrollToNow();
    const first = grid.querySelector<HTMLElement>('.tl-t');
    if (first) first.tabIndex = 0;
  }

  disconnectedCallback(): void {
    this.sizes?.disconnect();
    clearTimeout(this.timer);
  }

  private listen(): void {
    const grid = this.grid;
    grid.addEventListener('pointerdown', (event) => this.press(event));
    grid.addEventListener('pointermove', (event) => this.pull(event));
    grid.addEventListener('pointerup', (event) => this.release(event));
    grid.addEventListener('pointercancel', () => this.drop());
    grid.addEventListener('pointerleave', () => this.hover(null));
    grid.addEventListener('pointerover', (event) => {
      const bar = (event.target as Element).closest<HTMLElement>('.tl-e:not([title])');
      if (bar) bar.title = bar.ariaLabel ?? '';
    });
    grid.addEventListener('dragstart', (event) => event.preventDefault());
    grid.addEventListener('click', (event) => this.clicked(event));
    grid.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && this.drag) this.drop();
      else onKey(event, grid, this, shownPlace);
    });
    grid.addEventListener('focusin', (event) => {
      const target = event.target as HTMLElement;
      if (target.matches('.tl-e, .tl-t, .tl-rh a') && target.tabIndex !== 0) moveFocus(grid, target);
    });
    grid.addEventListener('focusout', (event) => {
      const bar = event.target as HTMLElement;
      if ('pending' in bar.dataset) this.confirm(bar);
    });
    this.querySelector('.tl-views')?.addEventListener('click', (event) => {
      const view = (event.target as HTMLElement).dataset.viewAs;
      if (!view) return;
      localStorage.setItem('timeline-view', view);
      this.show(view);
    });
  }

  /* ---- looks ---- */

  private wished(): string {
    return localStorage.getItem('timeline-view') ?? (matchMedia(NARROW).matches ? 'list' : 'grid');
  }

  private show(view: string): void {
    this.dataset.shown = view;
    const views = this.querySelector<HTMLElement>('.tl-views');
    if (views) views.hidden = false;
    for (const button of this.querySelectorAll<HTMLElement>('[data-view-as]'))
      button.ariaPressed = String(button.dataset.viewAs === view);
  }

  /** Columns share the width; below a readable width the grid scrolls. */
  private fit(): void {
    const head = this.grid.querySelector<HTMLElement>('.tl-corner')?.offsetWidth ?? 0;
    const columns = this.scale.units / this.scale.per;
    const hours = this.scale.unit * this.scale.per < 86_400_000;
    const width = Math.max(hours ? 26 : 44, (this.grid.clientWidth - head) / columns);
    this.style.setProperty('--cw', `${width / this.scale.per}px`);
    this.step = stepFor(this.scale.per, width / this.scale.per);
  }

  private scrollToNow(): void {
    const now = Number(this.dataset.now);
    if (now) this.grid.scrollLeft = Math.max(0, (now - this.scale.per) * this.unitWidth());
  }

  private unitWidth(): number {
    return parseFloat(this.style.getPropertyValue('--cw'));
  }

  private hover(row: HTMLElement | null, unit = 0): void {
    if (!row || !this.mayBook(row)) {
      this.ghost?.remove();
      this.ghost = null;
      return;
    }
    this.ghost ??= Object.assign(document.createElement('i'), { className: 'tl-ghost', ariaHidden: 'true' });
    this.ghost.dataset.hover = '';
    draw(this.ghost, { s: this.column(unit), n: this.scale.per });
    if (this.ghost.parentElement?.parentElement !== row) row.querySelector('.tl-t')!.append(this.ghost);
  }

  private tip(place: Place | null, event?: PointerEvent): void {
    const tip = this.querySelector<HTMLElement>('.tl-tip')!;
    tip.hidden = !place;
    if (!place || !event) return;
    tip.textContent = this.period(place);
    tip.style.left = `${Math.min(event.clientX, innerWidth - 220)}px`;
    tip.style.top = `${event.clientY}px`;
  }

  private period(place: Place, text = this.text.period ?? ''): string {
    return fill(text, { from: spoken(this.scale, place.s), to: spoken(this.scale, place.s + place.n) });
  }

  private status(text: string): void {
    this.querySelector('[data-tl-status]')!.textContent = text;
  }

  /* ---- pointer ---- */

  private mayBook = (row: HTMLElement): boolean => Boolean(this.dataset.new) && !('closed' in row.dataset);
  private column = (unit: number): number => Math.floor(unit / this.scale.per) * this.scale.per;

  private unitAt(track: Element, x: number): number {
    const unit = Math.floor((x - track.getBoundingClientRect().left) / this.unitWidth());
    return Math.max(0, Math.min(this.scale.units - 1, unit));
  }

  private press(event: PointerEvent): void {
    const target = event.target as Element;
    const track = target.closest('.tl-t');
    const row = target.closest<HTMLElement>('.tl-r');
    if (!track || !row || event.button || event.pointerType === 'touch') return;
    const bar = target.closest<HTMLElement>('.tl-e');
    const unit = this.unitAt(track, event.clientX);
    const common = { row, x: event.clientX, y: event.clientY, started: false };
    if (!bar) {
      if (this.mayBook(row)) this.drag = { mode: 'new', bar: null, from: { s: unit, n: 1 }, grab: 0, ...common };
      return;
    }
    const from = placeOf(bar);
    const extend = 'extendable' in bar.dataset && (bar.getBoundingClientRect().right - event.clientX < EDGE || !('movable' in bar.dataset));
    if (extend) this.drag = { mode: 'extend', bar, from, grab: unit - (from.s + from.n), ...common };
    else if ('movable' in bar.dataset) this.drag = { mode: 'move', bar, from, grab: unit - from.s, ...common };
  }

  private pull(event: PointerEvent): void {
    const drag = this.drag;
    if (!drag) {
      const target = event.target as Element;
      const isFree = event.pointerType !== 'touch' && target.classList.contains('tl-t');
      this.hover(isFree ? target.closest<HTMLElement>('.tl-r') : null, isFree ? this.unitAt(target, event.clientX) : 0);
      return;
    }
    if (!drag.started) {
      if (Math.hypot(event.clientX - drag.x, event.clientY - drag.y) < THRESHOLD) return;
      this.start(drag, event);
    }
    if (drag.mode === 'move' && 'reassign' in drag.bar!.dataset) this.changeRow(drag, event);
    const place = this.placeFor(drag, event.clientX);
    draw(drag.bar!, place);
    this.tip(place, event);
  }

  private start(drag: Drag, event: PointerEvent): void {
    drag.started = true;
    this.hover(null);
    this.grid.setPointerCapture(event.pointerId);
    if (!drag.bar) {
      drag.bar = Object.assign(document.createElement('i'), { className: 'tl-ghost' });
      drag.row.querySelector('.tl-t')!.append(drag.bar);
    }
    drag.bar.dataset.dragging = '';
  }

  private changeRow(drag: Drag, event: PointerEvent): void {
    const row = document
      .elementsFromPoint(event.clientX, event.clientY)
      .map((element) => element.closest<HTMLElement>('.tl-r'))
      .find(Boolean);
    if (!row || row === drag.row || 'closed' in row.dataset) return;
    drag.row = row;
    row.querySelector('.tl-t')!.append(drag.bar!);
  }

  private placeFor(drag: Drag, x: number): Place {
    const unit = this.unitAt(drag.row.querySelector('.tl-t')!, x);
    const { s, n } = drag.from;
    const { step } = this;
    if (drag.mode === 'new') {
      const [first, last] = [Math.min(s, unit), Math.max(s, unit)].map((u) => Math.floor(u / step) * step) as [number, number];
      return { s: first, n: last - first + step };
    }
    const shift = Math.round((unit - drag.grab - (drag.mode === 'extend' ? s + n : s)) / step) * step;
    return drag.mode === 'extend' ? { s, n: Math.max(step, n + shift) } : { s: s + shift, n };
  }

  private release(event: PointerEvent): void {
    const drag = this.drag;
    this.drag = null;
    this.tip(null);
    if (!drag?.started || !drag.bar) return;
    this.swallow = true;
    setTimeout(() => (this.swallow = false));
    const place = this.placeFor(drag, event.clientX);
    delete drag.bar.dataset.dragging;
    if (drag.mode === 'new') {
      drag.bar.remove();
      this.form(drag.row, place);
    } else {
      const moved = place.s !== drag.from.s || place.n !== drag.from.n || drag.row.dataset.row !== drag.bar.dataset.item;
      if (moved) void this.move(drag.bar, place, drag.row.dataset.row!);
    }
  }

  /** A drag that ends in nothing. */
  private drop(): void {
    const drag = this.drag;
    this.drag = null;
    this.tip(null);
    if (!drag?.bar) return;
    delete drag.bar.dataset.dragging;
    if (drag.mode === 'new') drag.bar.remove();
    else this.snapBack(drag.bar);
  }

  private clicked(event: MouseEvent): void {
    const target = event.target as HTMLElement;
    if (this.swallow) {
      event.preventDefault();
      return;
    }
    const row = target.closest<HTMLElement>('.tl-r');
    if (!row || !target.classList.contains('tl-t') || !this.mayBook(row)) return;
    this.form(row, { s: this.column(this.unitAt(target, event.clientX)), n: this.scale.per });
  }

  /* ---- acts ---- */

  private form(row: HTMLElement, place: Place): void {
    const query = new URLSearchParams({
      item: row.dataset.row!,
      from: instant(this.scale, place.s),
      to: instant(this.scale, place.s + place.n),
    });
    const link = Object.assign(document.createElement('a'), { href: `${this.dataset.new}?${query}`, hidden: true });
    link.dataset.dialog = '';
    this.append(link); // the main script opens it in the dialog; without it this is an ordinary link
    link.click();
    link.remove();
  }

  open(bar: HTMLElement): void {
    const href = bar.getAttribute('href');
    if (href) location.assign(href);
  }

  book(row: HTMLElement, from?: number): void {
    const next = from ?? Math.ceil(Math.max(0, Number(this.dataset.now) || 0) / this.scale.per) * this.scale.per;
    if (this.mayBook(row)) this.form(row, { s: next, n: this.scale.per });
  }

  try(bar: HTMLElement, place: Place): void {
    bar.dataset.pending = '';
    draw(bar, place);
    this.status(this.period(place, this.text.pending));
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.confirm(bar), SETTLE);
  }

  confirm(bar: HTMLElement): void {
    clearTimeout(this.timer);
    if (!('pending' in bar.dataset)) return;
    delete bar.dataset.pending;
    const place = shownPlace(bar);
    const old = placeOf(bar);
    if (place.s !== old.s || place.n !== old.n) void this.move(bar, place, bar.dataset.item!);
  }

  takeBack(bar: HTMLElement): void {
    clearTimeout(this.timer);
    delete bar.dataset.pending;
    this.snapBack(bar);
    this.status(this.text.back ?? '');
  }

  private snapBack(bar: HTMLElement): void {
    draw(bar, placeOf(bar));
    const home = this.grid.querySelector(`[data-row="${CSS.escape(bar.dataset.item!)}"] .tl-t`);
    if (home && bar.parentElement !== home) home.append(bar);
  }

  private async move(bar: HTMLElement, place: Place, row: string): Promise<void> {
    const { number = '', item = '', version = '' } = bar.dataset;
    bar.ariaBusy = 'true';
    this.status(this.text.moving ?? '');
    const body: Record<string, unknown> = {
      version: Number(version),
      item,
      from: instant(this.scale, place.s),
      to: instant(this.scale, place.s + place.n),
    };
    if (row !== item) body.to_item = row;
    const answer = await send<{ version?: number; said?: string }>(`/api/v1/loans/${encodeURIComponent(number)}/move`, body, newId());
    bar.ariaBusy = null;
    this.status('');
    if (answer.ok) {
      bar.dataset.s = String(place.s);
      bar.dataset.n = String(place.n);
      bar.dataset.item = row;
      if (answer.value?.version !== undefined) bar.dataset.version = String(answer.value.version);
      say('good', answer.value?.said || this.period(place, this.text.moved)); // out already: asked for or granted
    } else {
      this.snapBack(bar);
      say('bad', sentence(answer.problem));
    }
    const rows = [...this.grid.querySelectorAll<HTMLElement>(`.tl-e[data-number="${CSS.escape(number)}"]`)];
    await this.refresh([item, row, ...rows.map((one) => one.dataset.item!)], number); // a loan moves with all its items
  }

  /** Takes rows and list from the server again: what stands there is the truth, whoever was first. */
  private async refresh(codes: string[], number: string): Promise<void> {
    const response = await fetch(location.href, { headers: { accept: 'text/html' } }).catch(() => null);
    if (!response?.ok) return;
    const page = new DOMParser().parseFromString(await response.text(), 'text/html');
    const hadFocus = (document.activeElement as HTMLElement | null)?.dataset.number === number;
    for (const code of new Set(codes)) {
      const selector = `[data-row="${CSS.escape(code)}"]`;
      const [old, fresh] = [this.grid.querySelector(selector), page.querySelector(`#timeline ${selector}`)];
      if (!old || !fresh) continue;
      old.replaceWith(document.importNode(fresh, true));
    }
    drawAll(this.grid);
    const list = page.querySelector('#timeline .tl-list');
    if (list) this.querySelector('.tl-list')?.replaceChildren(...[...list.childNodes].map((n) => document.importNode(n, true)));
    labelCells(this);
    const bar = this.grid.querySelector<HTMLElement>(`.tl-e[data-number="${CSS.escape(number)}"]`);
    if (bar && hadFocus) moveFocus(this.grid, bar);
    else if (!this.grid.querySelector('[tabindex="0"]')) this.grid.querySelector<HTMLElement>('.tl-t')!.tabIndex = 0;
  }
}

/** The smallest part of a column that is at least as wide as a finger on a mouse can aim. */
function stepFor(per: number, width: number): number {
  for (let step = 1; step < per; step++) if (per % step === 0 && step * width >= AIM) return step;
  return per;
}

const shownPlace = (bar: HTMLElement): Place => ({
  s: Number(bar.style.getPropertyValue('--s')),
  n: Number(bar.style.getPropertyValue('--n')),
});

customElements.define('shared-timeline', Timeline);
