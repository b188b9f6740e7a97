// Links marked data-dialog open the form of their page in the one dialog of the frame; questions marked
// data-confirm are asked before a form goes. Without this script links are pages and forms just go.
import htmx from 'htmx.org';
import { say, words } from './shared';

const text = words('words');
const dialog = (): HTMLDialogElement => document.getElementById('dialog') as HTMLDialogElement;

function closeButton(): HTMLButtonElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'icon-button dialog-close';
  button.setAttribute('aria-label', text.close ?? '');
  button.textContent = '✕';
  button.addEventListener('click', () => dialog().close());
  return button;
}

/** Shows the content of another page of ours in the dialog; goes there when that does not work. */
export async function openInDialog(address: string): Promise<void> {
  try {
    const response = await fetch(address, { headers: { accept: 'text/html' } });
    const page = new DOMParser().parseFromString(await response.text(), 'text/html');
    const content = page.querySelector('[data-dialog-content]') ?? page.querySelector('main');
    if (response.redirected || !content) throw new Error('not a form');
    const body = document.getElementById('dialog-body')!;
    body.replaceChildren(...[...content.childNodes].map((node) => document.importNode(node, true)));
    for (const form of body.querySelectorAll('form:not([action])')) form.setAttribute('action', address);
    for (const crumbs of body.querySelectorAll('.crumbs')) crumbs.remove();
    const title = body.querySelector('h1, h2')?.textContent?.trim();
    const box = dialog();
    if (title) box.setAttribute('aria-label', title);
    box.querySelector('.dialog-close')?.remove();
    box.prepend(closeButton());
    htmx.process(body);
    if (!box.open) box.showModal();
    (body.querySelector<HTMLElement>('[data-focus], input:not([type="hidden"]), select, textarea') ?? box).focus();
  } catch {
    location.assign(address);
  }
}

/** Asks one question; resolves to the answer. */
export function ask(question: string, yes: string, danger: boolean): Promise<boolean> {
  const box = document.createElement('dialog');
  box.className = 'dialog ask';
  box.setAttribute('aria-label', question);
  const content = document.createElement('form');
  content.method = 'dialog';
  const wrap = document.createElement('div');
  const paragraph = document.createElement('p');
  paragraph.textContent = question;
  const actions = document.createElement('p');
  actions.className = 'actions';
  for (const [value, label, kind] of [['', text.cancel, ''], ['yes', yes, danger ? 'danger' : 'primary']] as const) {
    const button = document.createElement('button');
    button.className = 'button';
    button.value = value;
    button.textContent = label ?? '';
    if (kind) button.dataset.kind = kind;
    actions.append(button);
  }
  content.append(paragraph, actions);
  wrap.append(content);
  box.append(wrap);
  document.body.append(box);
  box.showModal();
  return new Promise((done) => {
    box.addEventListener('close', () => {
      done(box.returnValue === 'yes');
      box.remove();
    });
  });
}

document.addEventListener('click', (event) => {
  const link = (event.target as Element).closest<HTMLAnchorElement>('a[data-dialog]');
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  void openInDialog(link.href);
});

document.addEventListener(
  'submit',
  (event) => {
    const form = event.target as HTMLFormElement;
    const question = form.dataset.confirm;
    if (!question || form.dataset.confirmed) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const pressed = event.submitter as HTMLButtonElement | null;
    const label = pressed?.textContent?.trim() || text.confirm || '';
    void ask(question, label, pressed?.dataset.kind === 'danger').then((sure) => {
      if (!sure) return;
      form.dataset.confirmed = '1';
      form.requestSubmit(pressed);
    });
  },
  true,
);

document.addEventListener('click', (event) => {
  if (event.target === dialog()) dialog().close(); // the backdrop
});

/** An answer that is not a piece of page: say its sentence instead of swapping it in. */
document.addEventListener('htmx:before:swap', (event) => {
  const context = (event as CustomEvent).detail?.ctx;
  const status: number = context?.response?.status ?? 200;
  if (status < 400 || status === 422) return;
  event.preventDefault();
  const page = new DOMParser().parseFromString(String(context.text ?? ''), 'text/html');
  say('bad', page.querySelector('[data-sentence]')?.textContent ?? text.offline ?? '');
});
