// The player: single pictures by the keyboard, both clocks running, marks for a copy, places to cover.
import { editMasks } from './masks';

const box = document.querySelector<HTMLElement>('[data-player]');
const video = box?.querySelector('video');

if (box && video) {
  const begins = Number(box.dataset.begins);
  const offset = Number(box.dataset.offset);
  const shown = box.querySelector<HTMLOutputElement>('[data-shown]');
  const real = box.querySelector<HTMLOutputElement>('[data-true]');
  const form = document.querySelector<HTMLFormElement>('form[data-copy]');
  const field = (name: string): HTMLInputElement | null => form?.querySelector(`[name="${name}"]`) ?? null;
  const clock = new Intl.DateTimeFormat('sv-SE', {
    timeZone: 'Asia/Shanghai', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 1,
  });
  let picture = 1 / 25; // seconds of one picture, measured while it plays
  let last = -1;

  const tell = (): void => {
    const at = begins + video.currentTime * 1000;
    if (shown) shown.textContent = clock.format(at);
    if (real) real.textContent = clock.format(at - offset);
  };
  const measure = (_: number, told: VideoFrameCallbackMetadata): void => {
    const passed = told.mediaTime - last;
    if (last >= 0 && passed > 0.005 && passed < 0.2) picture = passed;
    last = told.mediaTime;
    tell();
    video.requestVideoFrameCallback(measure);
  };
  if ('requestVideoFrameCallback' in video) video.requestVideoFrameCallback(measure);
  for (const name of ['timeupdate', 'seeked', 'loadedmetadata']) video.addEventListener(name, tell);

  const goTo = (second: number): void => void (video.currentTime = Math.min(Math.max(0, second), video.duration || 0));
  const step = (count: number): void => {
    video.pause();
    goTo(video.currentTime + count * picture);
  };
  const jump = (seconds: number): void => goTo(video.currentTime + seconds);
  const toggle = (): void => void (video.paused ? video.play() : video.pause());
  const mark = (name: string): void => {
    const into = field(name);
    if (into) into.value = video.currentTime.toFixed(2);
  };

  const KEYS: Record<string, () => void> = {
    ' ': toggle, k: toggle, j: () => jump(-10), l: () => jump(10), ',': () => step(-1), '.': () => step(1),
    ArrowLeft: () => jump(-5), ArrowRight: () => jump(5), i: () => mark('start'), o: () => mark('end'),
  };
  document.addEventListener('keydown', (event) => {
    const on = event.target as HTMLElement;
    if (event.ctrlKey || event.metaKey || event.altKey || on.closest('input, select, textarea, button, a, [role=dialog]')) return;
    const act = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  const keys = box.querySelector<HTMLElement>('[data-keys]');
  if (keys) keys.hidden = false;
  keys?.addEventListener('click', (event) => {
    const { step: by, jump: far, play, mark: which } = (event.target as HTMLElement).closest('button')?.dataset ?? {};
    if (by) step(Number(by));
    if (far) jump(Number(far));
    if (play !== undefined) toggle();
    if (which) mark(which);
  });
  for (const link of box.querySelectorAll<HTMLAnchorElement>('[data-seek]'))
    link.addEventListener('click', (event) => {
      event.preventDefault();
      goTo(Number(link.dataset.seek));
    });
  const stage = box.querySelector<SVGSVGElement>('[data-masks]');
  if (form && stage)
    editMasks(stage, form, () => video.currentTime, () => Number.parseFloat(field('end')?.value ?? '') || video.duration || 0);
}
