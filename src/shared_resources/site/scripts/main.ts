// Every page: htmx, dialogs, photos, and the small kindnesses of forms and menus. Nothing here is needed to
// get work done; pages are whole without it.
import htmx from 'htmx.org';
import './dialog';
import './live';
import './photos';
import { prepareRows } from './rows';
import { prepareSteppers } from './steppers';
import { csrf, labelCells, say, words } from './shared';

const text = words('words');
const root = document.documentElement;

document.addEventListener('htmx:config:request', (event) => {
  const request = (event as CustomEvent).detail?.ctx?.request;
  if (request?.headers) request.headers['x-csrf-token'] = csrf();
});
document.addEventListener('htmx:error', () => say('bad', text.offline ?? ''));

/* Dark or light: follows the system until somebody chooses; the server reads the cookie. */
const dark = matchMedia('(prefers-color-scheme: dark)');
function showTheme(): void {
  const isDark = (root.dataset.theme ?? (dark.matches ? 'dark' : 'light')) === 'dark';
  for (const button of document.querySelectorAll<HTMLElement>('[data-theme-toggle]')) {
    button.hidden = false;
    button.ariaPressed = String(isDark);
  }
}
dark.addEventListener('change', showTheme);
function toggleTheme(): void {
  const next = (root.dataset.theme ?? (dark.matches ? 'dark' : 'light')) === 'dark' ? 'light' : 'dark';
  root.dataset.theme = next;
  document.cookie = `theme=${next};path=/;max-age=31536000;samesite=lax`;
  showTheme();
}

/** Without https there is no clipboard to write to; then the field beside the button is copied the old way. */
async function copyText(button: HTMLElement): Promise<void> {
  const field = button.parentElement?.querySelector<HTMLInputElement>('input[readonly]');
  field?.select();
  const done = navigator.clipboard
    ? await navigator.clipboard.writeText(button.dataset.copy ?? '').then(() => true, () => false)
    : field !== null && document.execCommand('copy');
  if (done) say('good', text.copied ?? '');
}

/** The end of a period follows its start: <input data-not-before="id of the start">. */
function tiePeriods(within: ParentNode): void {
  for (const end of within.querySelectorAll<HTMLInputElement>('input[data-not-before]')) {
    const start = document.getElementById(end.dataset.notBefore!) as HTMLInputElement | null;
    if (!start) continue;
    const tie = (): void => {
      end.min = start.value;
      if (end.value && start.value && end.value < start.value) end.value = start.value;
    };
    start.addEventListener('change', tie);
    end.min = start.value;
  }
}

/** Each line of what is not right yet names its field: three times "this is needed" helps nobody. */
function nameFaults(within: ParentNode): void {
  for (const link of within.querySelectorAll<HTMLAnchorElement>('.error-summary a[href^="#"]')) {
    const field = document.getElementById(link.hash.slice(1));
    const label = field?.closest('fieldset.radios')?.querySelector('legend') ?? document.querySelector(`label[for="${CSS.escape(link.hash.slice(1))}"]`);
    const name = label?.firstChild?.textContent?.trim();
    if (name && !link.textContent!.includes(name)) link.prepend(`${name} · `);
  }
}

function prepare(within: ParentNode): void {
  labelCells(within);
  prepareRows(within);
  prepareSteppers(within);
  nameFaults(within);
  tiePeriods(within);
  const wanted = within.querySelector<HTMLElement>('[data-focus]:not([data-focused])');
  if (wanted) {
    wanted.dataset.focused = '';
    wanted.focus();
  }
}

/* A form goes once; the button shows that it went. What opens beside, such as the preview of a letter, is no going. */
document.addEventListener('submit', (event) => {
  const form = event.target as HTMLFormElement;
  if (event.defaultPrevented || form.method !== 'post') return;
  if (event.submitter?.getAttribute('formtarget') === '_blank') return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = '1';
  form.removeAttribute('data-changed');
  event.submitter?.setAttribute('aria-busy', 'true');
});
addEventListener('pageshow', () => {
  for (const form of document.querySelectorAll<HTMLFormElement>('form[data-sent]')) {
    delete form.dataset.sent;
    delete form.dataset.confirmed;
    for (const button of form.querySelectorAll('[aria-busy]')) button.removeAttribute('aria-busy');
  }
});

/* Forms marked data-guard ask before their changes are lost. */
document.addEventListener('input', (event) => {
  const form = (event.target as HTMLInputElement).form;
  if (form && 'guard' in form.dataset) form.dataset.changed = '';
});
addEventListener('beforeunload', (event) => {
  if (document.querySelector('form[data-guard][data-changed]')) event.preventDefault();
});

document.addEventListener('change', (event) => {
  const field = event.target as HTMLElement;
  if ('autoSubmit' in field.dataset) (field as HTMLInputElement).form?.requestSubmit();
});

document.addEventListener('click', (event) => {
  const target = event.target as Element;
  for (const menu of document.querySelectorAll<HTMLDetailsElement>('details.menu[open]'))
    if (!menu.contains(target)) menu.open = false;
  if (target.closest('[data-theme-toggle]')) toggleTheme();
  if (target.closest('[data-print]')) print();
  const copy = target.closest<HTMLElement>('[data-copy]');
  if (copy) void copyText(copy);
});

/* Opening an act puts the cursor where the reason goes; only one stands open in a group. */
document.addEventListener(
  'toggle',
  (event) => {
    const act = event.target as HTMLDetailsElement;
    if (!act.matches?.('details.act') || !act.open) return;
    for (const other of act.parentElement!.querySelectorAll<HTMLDetailsElement>(':scope > details.act[open]'))
      if (other !== act) other.open = false;
    act.querySelector<HTMLElement>('input:not([type="hidden"]), select, textarea')?.focus();
  },
  true,
);

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') {
    const menu = document.querySelector<HTMLDetailsElement>('details.menu[open]');
    if (menu) {
      menu.open = false;
      menu.querySelector('summary')?.focus();
    }
    return;
  }
  if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  const find = document.getElementById('find');
  if (!find?.checkVisibility()) return;
  event.preventDefault();
  find.focus();
});

htmx.onLoad((element: Element) => prepare(element));
prepare(document);
showTheme();
