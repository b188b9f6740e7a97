// Taking a recording in: its values are computed, then it goes in pieces and goes on where it was cut, also after the
// page was closed (tus). Without script the form sends it at once, up to the ordinary limit.
import { Upload } from 'tus-js-client';
import { valuesOf } from './hashing';
import { csrf, fill, words } from './shared';

const PIECE = 8 * 1024 * 1024;
const WAITS = [0, 1000, 3000, 10_000, 30_000, 60_000];
const form = document.querySelector<HTMLFormElement>('form[data-upload]');
const text = words('upload-words');

interface Standing {
  state: string;
  footage: string | null;
  error: string | null;
}

if (form) {
  const progress = form.querySelector<HTMLProgressElement>('progress')!;
  const told = form.querySelector<HTMLElement>('[data-told]')!;
  const pause = form.querySelector<HTMLButtonElement>('[data-pause]')!;
  let upload: Upload | null = null;

  const say = (line: string, part?: number): void => {
    told.textContent = line;
    progress.hidden = part === undefined;
    if (part !== undefined) progress.value = part;
  };
  const percent = (part: number): number => Math.floor(part * 100);

  async function wait(address: string): Promise<void> {
    for (;;) {
      const answer = await fetch(address, { headers: { accept: 'application/json' } });
      const found = (await answer.json()) as Standing;
      if (found.footage) return location.assign(`/footage/${found.footage}`);
      if (found.state === 'failed') return say(found.error ?? '');
      await new Promise((done) => setTimeout(done, 1000));
    }
  }

  form.addEventListener('submit', async (event) => {
    const given = new FormData(form);
    const file = given.get('file');
    if (!(file instanceof File) || !file.size) return;
    event.preventDefault();
    form.classList.add('is-busy');
    const values = await valuesOf(file, (part) => say(fill(text.hashing ?? '', { percent: percent(part) }), part));
    const metadata: Record<string, string> = { filename: file.name, ...values };
    for (const [name, value] of given) if (typeof value === 'string' && value && name !== 'csrf_token' && name !== 'act_id') metadata[name] = value;
    metadata.declared = given.get('declared') ? 'true' : '';
    upload = new Upload(file, {
      endpoint: '/api/v1/footage-uploads',
      chunkSize: PIECE,
      retryDelays: WAITS,
      metadata,
      headers: { 'x-csrf-token': csrf() },
      removeFingerprintOnSuccess: true,
      onProgress: (sent, all) => say(fill(text.sending ?? '', { percent: percent(sent / all) }), sent / all),
      onError: (error) => {
        form.classList.remove('is-busy');
        const answer = 'originalResponse' in error ? error.originalResponse?.getBody() : '';
        say(answer ? reason(answer) : (text.broken ?? ''));
      },
      onSuccess: () => {
        pause.hidden = true;
        say(text.checking ?? '');
        void wait(upload!.url!);
      },
    });
    const [earlier] = await upload.findPreviousUploads();
    if (earlier) upload.resumeFromPreviousUpload(earlier);
    pause.hidden = false;
    upload.start();
  });

  pause.addEventListener('click', () => {
    const halted = pause.getAttribute('aria-pressed') === 'true';
    pause.setAttribute('aria-pressed', String(!halted));
    pause.textContent = (halted ? text.pause : text.resume) ?? '';
    if (halted) upload?.start();
    else void upload?.abort();
  });
}

/** What a problem (RFC 9457) says. */
function reason(answer: string): string {
  try {
    const problem = JSON.parse(answer) as { title?: string; detail?: string };
    return [problem.title, problem.detail].filter(Boolean).join(' ');
  } catch {
    return text.broken ?? '';
  }
}
