// Word from the server while a page is looked at: the bell counts on, and a record that somebody else changed says
// so. Only the tab in front listens: browsers allow few connections to one server.
import { say, words } from './shared';

const text = words('words');
const bell = document.querySelector<HTMLElement>('.bell');
let source: EventSource | null = null;

function count(unread: number): void {
  bell?.querySelector('.count')?.remove();
  if (!unread) return;
  const shown = document.createElement('b');
  shown.className = 'count';
  shown.textContent = unread < 100 ? String(unread) : '99+';
  const label = document.createElement('span');
  label.className = 'sr';
  label.textContent = ` ${text.unread ?? ''}`;
  shown.append(label);
  bell?.append(shown);
}

function changed(number: string): void {
  if (decodeURIComponent(location.pathname).split('/').includes(number)) say('info', text.changed ?? '');
}

function listen(): void {
  source?.close();
  source = null;
  if (!bell || document.visibilityState !== 'visible') return;
  source = new EventSource('/live');
  source.addEventListener('notices', (event) => count((JSON.parse(event.data) as { unread: number }).unread));
  for (const name of ['trackers', 'resync'])
    source.addEventListener(name, () => document.dispatchEvent(new CustomEvent('live:trackers')));
  source.addEventListener('record', (event) => changed((JSON.parse(event.data) as { number: string }).number));
}

document.addEventListener('visibilitychange', listen);
addEventListener('pagehide', () => source?.close());
addEventListener('pageshow', (event) => event.persisted && listen());
listen();
