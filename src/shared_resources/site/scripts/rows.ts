// Forms with rows: one more line at a press, and a filter over long lists of agencies. Without script a form offers
// a few empty lines and the whole list.
import { fill } from './shared';

const INDEX = /\.(\d+)\./;

export function prepareRows(within: ParentNode): void {
  for (const more of within.querySelectorAll<HTMLElement>('.rows-more[hidden]')) more.hidden = false;
  for (const list of within.querySelectorAll<HTMLFieldSetElement>('[data-pick]')) preparePick(list);
}

/** A copy of the last line, empty, with the next index in every name, id and reference. */
function addRow(rows: HTMLElement): void {
  const all = rows.querySelectorAll<HTMLElement>(':scope > [data-row]');
  const last = all[all.length - 1];
  if (!last) return;
  const row = last.cloneNode(true) as HTMLElement;
  for (const node of row.querySelectorAll<HTMLElement>('[name], [id], [for], [aria-describedby]')) {
    for (const name of ['name', 'id', 'for', 'aria-describedby']) {
      const value = node.getAttribute(name);
      if (value) node.setAttribute(name, value.replace(INDEX, `.${all.length}.`));
    }
    node.removeAttribute('aria-invalid');
  }
  for (const error of row.querySelectorAll('.error')) error.remove();
  for (const field of row.querySelectorAll<HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement>('input, select, textarea')) {
    if (field instanceof HTMLInputElement && field.type === 'checkbox') field.checked = false;
    else field.value = '';
  }
  const number = row.querySelector('.row-number');
  if (number) number.textContent = String(all.length + 1);
  last.after(row);
  row.querySelector<HTMLElement>('input, select, textarea')?.focus();
}

function preparePick(list: HTMLFieldSetElement): void {
  const words = list.querySelector<HTMLInputElement>('.pick-filter');
  if (!words) return;
  words.hidden = false;
  words.addEventListener('input', () => {
    const wanted = words.value.trim().toLowerCase();
    for (const label of list.querySelectorAll<HTMLLabelElement>('.pick-list label')) {
      const chosen = label.querySelector<HTMLInputElement>('input')?.checked ?? false;
      label.hidden = !chosen && !(label.textContent ?? '').toLowerCase().includes(wanted);
    }
  });
  const said = list.querySelector<HTMLElement>('[data-picked]');
  const count = (): void => {
    if (said) said.textContent = fill(said.dataset.picked ?? '', { count: list.querySelectorAll(':checked').length });
  };
  list.addEventListener('change', count);
  count();
}

document.addEventListener('click', (event) => {
  const button = (event.target as Element).closest<HTMLElement>('[data-add-row]');
  const rows = button?.closest<HTMLElement>('[data-rows]');
  if (rows) addRow(rows);
});
