// Counting with a thumb: one more, one fewer, and how many are chosen in all. Without script the fields are typed in.
import { fill } from './shared';

const field = (button: Element): HTMLInputElement | null =>
  button.closest('.stepper')?.querySelector<HTMLInputElement>('input') ?? null;

export function prepareSteppers(within: ParentNode): void {
  for (const button of within.querySelectorAll<HTMLElement>('[data-step][hidden]')) button.hidden = false;
  if (within.querySelector('.stepper')) count();
}

/** Says how many are chosen where the button stands, and marks their rows. */
function count(): void {
  const said = document.querySelector<HTMLElement>('[data-chosen]');
  if (!said) return;
  said.dataset.otherwise ??= said.textContent ?? '';
  let all = 0;
  for (const input of document.querySelectorAll<HTMLInputElement>('.stepper input')) {
    const number = Math.max(0, Math.trunc(Number(input.value)) || 0);
    input.closest('tr')?.toggleAttribute('data-wanted', number > 0);
    all += number;
  }
  said.textContent = all ? fill(said.dataset.chosen ?? '', { count: all }) : said.dataset.otherwise;
}

document.addEventListener('click', (event) => {
  const button = (event.target as Element).closest<HTMLElement>('[data-step]');
  const input = button && field(button);
  if (!input) return;
  const next = (Number(input.value) || 0) + Number(button.dataset.step);
  input.value = next > 0 ? String(Math.min(next, Number(input.max) || next)) : '';
  count();
});
document.addEventListener('input', (event) => {
  if ((event.target as Element).matches('.stepper input')) count();
});
