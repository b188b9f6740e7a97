// What the islands and the main script share: words from the page, messages, requests to our API.

/** Texts that the server put into a <script type="application/json"> of this id, already translated. */
export function words(id: string): Record<string, string> {
  const source = document.getElementById(id)?.textContent;
  return source ? (JSON.parse(source) as Record<string, string>) : {};
}

/** Fills %(name)s as gettext does. */
export function fill(text: string, values: Record<string, string | number>): string {
  return text.replace(/%\((\w+)\)s/g, (whole, name: string) => String(values[name] ?? whole));
}

type Tone = 'good' | 'bad' | 'warning' | 'info';

/** Shows a message where flashes stand and has it read out. Good news leaves by itself. */
export function say(tone: Tone, text: string): void {
  const place = document.querySelector<HTMLElement>('[data-flashes]');
  if (!place) return;
  for (const old of place.querySelectorAll('[data-said]')) old.remove();
  const line = document.createElement('p');
  line.className = 'flash';
  line.dataset.tone = tone;
  line.dataset.said = '';
  const dot = document.createElement('i');
  dot.className = 'dot';
  dot.dataset.tone = tone;
  dot.ariaHidden = 'true';
  line.append(dot, text);
  place.append(line);
  if (tone === 'good') setTimeout(() => line.remove(), 8000);
}

export const csrf = (): string =>
  document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? '';

/** A random id; crypto.randomUUID exists only in secure contexts, intranets are often plain http. */
export function newId(): string {
  if ('randomUUID' in crypto) return crypto.randomUUID();
  const b = (crypto as Crypto).getRandomValues(new Uint8Array(16));
  b[6] = (b[6]! & 15) | 64;
  b[8] = (b[8]! & 63) | 128;
  const hex = [...b].map((x) => x.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** RFC 9457, as far as pages show it. */
export interface Problem {
  status: number;
  title: string;
  detail?: string;
  do?: string;
}

export type Answer<T> = { ok: true; value: T } | { ok: false; problem: Problem };

/** Sends JSON to our API; a retry with the same key is answered, not repeated. Never throws. */
export async function send<T>(address: string, body: unknown, key = newId(), method = 'POST'): Promise<Answer<T>> {
  try {
    const response = await fetch(address, {
      method,
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        'accept-language': document.documentElement.lang,
        'idempotency-key': key,
        'x-csrf-token': csrf(),
      },
      body: JSON.stringify(body),
    });
    const value: unknown = response.status === 204 ? null : await response.json().catch(() => null);
    if (response.ok) return { ok: true, value: value as T };
    return { ok: false, problem: { title: response.statusText, ...(value as object), status: response.status } };
  } catch {
    return { ok: false, problem: { status: 0, title: words('words').offline ?? '' } };
  }
}

/** The sentence of a problem, and what to do about it. */
export function sentence(problem: Problem): string {
  return [problem.detail ?? problem.title, problem.do].filter(Boolean).join(' ');
}

/** Rows become cards on phones; each cell then says its column's name. */
export function labelCells(within: ParentNode): void {
  for (const table of within.querySelectorAll<HTMLTableElement>('table[data-cards]:not([data-labelled])')) {
    const heads = [...(table.tHead?.rows[0]?.cells ?? [])].map((cell) =>
      cell.querySelector('.sr') ? '' : cell.textContent!.trim(),
    );
    for (const body of table.tBodies)
      for (const row of body.rows)
        [...row.cells].forEach((cell, index) => (cell.dataset.label ??= heads[index] ?? ''));
    table.dataset.labelled = '';
  }
}
