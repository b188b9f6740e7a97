// Reads labels: opens the item, or ticks it off on the list of a hand-over. Works without a camera as well.
import { Camera, readPhoto, troubleOf } from './camera';
import { grouped, read } from './labels';
import { fill, words } from './shared';

type Verdict = 'right' | 'twice' | 'wrong';
const TONES: Record<Verdict, string> = { right: 'good', twice: 'warning', wrong: 'bad' };
const BUZZ: Record<Verdict, number[]> = { right: [60], twice: [40, 60, 40], wrong: [250] };
/** Frequency in Hz, start and length in seconds: up for right, twice the same for twice, a low hum for wrong. */
const NOTES: Record<Verdict, [number, number, number][]> = {
  right: [[880, 0, 0.07], [1320, 0.07, 0.1]],
  twice: [[660, 0, 0.08], [660, 0.14, 0.08]],
  wrong: [[170, 0, 0.4]],
};
const WEDGE_GAP = 60; // ms between the keys of a scanner; people are slower
const WEDGE_LENGTH = 8;
const UNDO_FOR = 8000; // ms
/** The symbol of a hand-over that waits to be confirmed; whatever host it names, only our own page is opened. */
const HANDOVER = /^https?:\/\/[^/\s]+\/(?:h|handovers)\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\/?$/i;

class Scanner extends HTMLElement {
  private text: Record<string, string> = {};
  private camera!: Camera;
  private audio: AudioContext | null = null;
  private typed = '';
  private typedAt = 0;
  private last: HTMLElement | null = null;
  private timer = 0;

  connectedCallback(): void {
    this.text = words('scan-words');
    this.camera = new Camera(this.piece<HTMLVideoElement>('video'), (text) => this.take(text));
    this.piece('[data-scan-start]').addEventListener('click', () => void this.start());
    this.piece('[data-scan-stop]').addEventListener('click', () => this.stop());
    this.piece('[data-scan-torch]').addEventListener('click', () => void this.light());
    this.piece('[data-scan-undo]').addEventListener('click', () => this.undo());
    this.piece('[data-scan-type]').addEventListener('submit', (event) => this.typedIn(event));
    this.piece<HTMLInputElement>('[data-scan-file] input').addEventListener('change', (event) => void this.photo(event));
    document.addEventListener('keydown', this.wedge, true);
    document.addEventListener('visibilitychange', this.hide);
    this.list()?.addEventListener('change', () => this.count());
    for (const name of ['start', 'file', 'sound']) this.piece(`[data-scan-${name}]`).hidden = false;
    const sound = this.piece<HTMLInputElement>('[data-scan-sound] input');
    sound.checked = localStorage.getItem('scan-sound') !== 'off';
    sound.addEventListener('change', () => localStorage.setItem('scan-sound', sound.checked ? 'on' : 'off'));
    if (!navigator.mediaDevices?.getUserMedia) {
      this.piece('[data-scan-start]').hidden = true;
      this.tell(isSecureContext ? 'missing' : 'insecure', {}, 'warning');
    } else if (this.dataset.mode === 'open') void this.start();
    this.count();
    this.dataset.ready = '';
  }

  disconnectedCallback(): void {
    this.camera.stop();
    document.removeEventListener('keydown', this.wedge, true);
    document.removeEventListener('visibilitychange', this.hide);
  }

  private piece<T extends HTMLElement = HTMLElement>(selector: string): T {
    return this.querySelector<T>(selector)!;
  }

  private list = (): HTMLElement | null => document.querySelector<HTMLElement>('[data-scan-list]');

  private tell(word: string, values: Record<string, string | number> = {}, tone = 'neutral'): void {
    const said = this.piece('[data-scan-said]');
    said.textContent = fill(this.text[word] ?? '', values);
    said.dataset.tone = tone;
  }

  /* ---- ways in ---- */

  private async start(): Promise<void> {
    if (navigator.userActivation?.hasBeenActive) this.wake();
    const view = this.piece('[data-scan-view]');
    view.hidden = false;
    try {
      await this.camera.start();
      this.piece('[data-scan-start]').hidden = true;
      this.piece('[data-scan-torch]').hidden = !this.camera.hasTorch;
      this.tell('ready');
    } catch (error) {
      this.stop();
      this.tell(troubleOf(error), {}, 'warning');
    }
  }

  private stop(): void {
    this.camera.stop();
    this.piece('[data-scan-view]').hidden = true;
    this.piece('[data-scan-start]').hidden = false;
  }

  private hide = (): void => {
    if (document.hidden && this.camera.running) this.stop();
  };

  private async light(): Promise<void> {
    const button = this.piece('[data-scan-torch]');
    const on = button.ariaPressed !== 'true';
    await this.camera.torch(on).then(
      () => (button.ariaPressed = String(on)),
      () => (button.hidden = true),
    );
  }

  private async photo(event: Event): Promise<void> {
    this.wake();
    const input = event.target as HTMLInputElement;
    const texts = (await Promise.all([...(input.files ?? [])].map((file) => readPhoto(file).catch(() => [])))).flat();
    input.value = '';
    if (!texts.length) this.verdict('wrong', 'none');
    for (const text of texts) this.take(text);
  }

  private typedIn(event: Event): void {
    event.preventDefault();
    this.wake();
    const input = this.piece<HTMLInputElement>('#scan-code');
    this.take(input.value);
    if (this.dataset.mode === 'collect') input.value = '';
    input.select();
  }

  /** A scanner that is a keyboard types faster than people, and ends with Enter. */
  private wedge = (event: KeyboardEvent): void => {
    const target = event.target as HTMLElement;
    if (/^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && (target as HTMLInputElement).type !== 'checkbox') return;
    if (event.repeat) return;
    const now = performance.now();
    const quick = now - this.typedAt < WEDGE_GAP;
    this.typedAt = now;
    if (event.key === 'Enter') {
      const text = this.typed;
      this.typed = '';
      if (!quick || text.length < WEDGE_LENGTH) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      this.take(text);
    } else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) {
      this.typed = quick ? this.typed + event.key : event.key;
      if (quick) {
        event.preventDefault();
        event.stopImmediatePropagation(); // the slash of an address is no shortcut
      }
    }
  };

  /* ---- what was read ---- */

  private take(text: string): void {
    const handover = HANDOVER.exec(text.trim())?.[1];
    if (handover) {
      this.verdict('right', 'handover');
      this.camera.stop();
      location.assign(`/handovers/${handover.toLowerCase()}`);
      return;
    }
    const reading = read(text);
    if (reading.kind === 'foreign') this.verdict('wrong', 'foreign', { text: reading.text });
    else if (reading.kind === 'slip') this.verdict('wrong', 'slip', { code: grouped(reading.code) });
    else if (this.dataset.mode === 'collect') this.tick(reading.code);
    else {
      this.verdict('right', 'opening', { code: grouped(reading.code) });
      this.camera.stop();
      location.assign(`/${reading.label}/${reading.code}`);
    }
  }

  private tick(code: string): void {
    const entry = this.list()?.querySelector<HTMLElement>(`[data-code="${CSS.escape(code)}"]`);
    if (!entry) return this.verdict('wrong', 'wrong', { code: grouped(code) });
    const label = entry.dataset.label ?? code;
    const box = entry.querySelector<HTMLInputElement>('input[type="checkbox"]');
    if (box?.disabled) {
      this.flash(entry, 'wrong');
      return this.verdict('wrong', 'blocked', { label });
    }
    const isNew = Boolean(box && !box.checked);
    this.flash(entry, isNew ? 'right' : 'twice');
    if (!box || !isNew) return this.verdict('twice', 'twice', { label });
    box.checked = true;
    box.dispatchEvent(new Event('change', { bubbles: true }));
    const { count, all } = this.count();
    this.verdict('right', 'ticked', { label, count, all });
    this.offerUndo(entry);
  }

  private flash(entry: HTMLElement, verdict: Verdict): void {
    entry.style.setProperty('--flash', `var(--${TONES[verdict]}-wash)`);
    delete entry.dataset.flash;
    void entry.offsetWidth; // restarts the animation
    entry.dataset.flash = '';
    entry.scrollIntoView({ block: 'nearest', behavior: 'smooth' });
  }

  private count(): { count: number; all: number } {
    const boxes = [...(this.list()?.querySelectorAll<HTMLInputElement>('.scan-tick input') ?? [])];
    for (const box of boxes) box.closest('li')!.toggleAttribute('data-ticked', box.checked);
    const count = boxes.filter((box) => box.checked).length;
    const place = document.querySelector('[data-scan-count]');
    if (place) place.textContent = String(count);
    return { count, all: boxes.length };
  }

  private offerUndo(entry: HTMLElement): void {
    this.last = entry;
    const row = this.piece('[data-scan-undo-row]');
    row.hidden = false;
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => (row.hidden = true), UNDO_FOR);
  }

  private undo(): void {
    const box = this.last?.querySelector<HTMLInputElement>('input[type="checkbox"]');
    this.piece('[data-scan-undo-row]').hidden = true;
    if (!box) return;
    box.checked = false;
    box.dispatchEvent(new Event('change', { bubbles: true }));
    this.tell('undone', { label: this.last!.dataset.label ?? '' });
    this.last = null;
  }

  /* ---- signals ---- */

  private verdict(verdict: Verdict, word: string, values: Record<string, string | number> = {}): void {
    this.tell(word, values, TONES[verdict]);
    if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(BUZZ[verdict]);
    if (this.piece<HTMLInputElement>('[data-scan-sound] input').checked) this.play(NOTES[verdict]);
  }

  /** Browsers let pages sound only after a touch or a key. */
  private wake(): void {
    this.audio ??= 'AudioContext' in window ? new AudioContext() : null;
    if (this.audio?.state === 'suspended') void this.audio.resume().catch(() => undefined);
  }

  private play(notes: [number, number, number][]): void {
    const audio = this.audio;
    if (audio?.state !== 'running') return;
    for (const [frequency, start, length] of notes) {
      const tone = audio.createOscillator();
      const volume = audio.createGain();
      const at = audio.currentTime + start;
      tone.type = frequency < 300 ? 'sawtooth' : 'sine';
      tone.frequency.value = frequency;
      volume.gain.setValueAtTime(0.18, at);
      volume.gain.exponentialRampToValueAtTime(0.001, at + length);
      tone.connect(volume).connect(audio.destination);
      tone.start(at);
      tone.stop(at + length);
    }
  }
}

customElements.define('shared-scanner', Scanner);

/* Small mercies of the counter: tick all, "everything in order", and no tick forgotten when a part is touched. */
document.addEventListener('click', (event) => {
  const button = (event.target as Element).closest<HTMLElement>('[data-tick-all], [data-all-right]');
  if (!button) return;
  const list = document.querySelector('[data-scan-list]');
  const within = 'tickAll' in button.dataset ? list : (button.closest('li') ?? list);
  const boxes = within?.querySelectorAll<HTMLInputElement>(
    'tickAll' in button.dataset ? '.scan-tick input:not(:disabled)' : '.checklist input',
  );
  for (const box of boxes ?? []) {
    const goes = box.closest('[data-code]')?.querySelector<HTMLInputElement>('.scan-tick input');
    if (box.checked || (box !== goes && !goes?.checked)) continue;
    box.checked = true;
    box.dispatchEvent(new Event('change', { bubbles: true }));
  }
});
for (const button of document.querySelectorAll<HTMLElement>('[data-tick-all], [data-all-right]')) button.hidden = false;
