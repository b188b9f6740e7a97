// The receiving side: computes the values of the file that was downloaded into the form. Without script they are
// computed elsewhere and pasted.
import { valuesOf } from './hashing';
import { fill, words } from './shared';

const place = document.querySelector<HTMLElement>('[data-receive]');
const input = place?.querySelector<HTMLInputElement>('input[type=file]');
const progress = place?.querySelector<HTMLElement>('[data-progress]');
const field = (name: string): HTMLInputElement | null => document.querySelector(`input[name="${name}"]`);
const text = words('receive-words');

if (place) place.hidden = false;
input?.addEventListener('change', async () => {
  const file = input.files?.[0];
  if (!file) return;
  const say = (line: string): void => void (progress && (progress.textContent = line));
  const found = await valuesOf(file, (part) => say(fill(text.working ?? '', { percent: Math.round(part * 100) })));
  for (const name of ['sha256', 'sm3'] as const) {
    const into = field(name);
    if (into) into.value = found[name];
  }
  say(text.done ?? '');
});
