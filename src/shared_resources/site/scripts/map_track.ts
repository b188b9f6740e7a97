// The track of a loan: its way as a line, and a slider over its time. The table below holds the same.
import { circle, circleMarker, polyline } from 'leaflet';
import { colour, ground, lines } from './map_ground';
import type { Features } from './map_live';
import type { Place } from './map_shift';

interface Fix {
  at: string;
  place: Place | null;
  says: string;
  tracker: string;
}

const PACE = 220; // milliseconds a position while playing

interface Raw {
  geometry: { type: string; coordinates: [number, number] } | null;
  properties: { at?: string; says?: string; tracker?: string; kind?: string; name?: string; radius_m?: number };
}

export function track(box: HTMLElement, told: Features): void {
  const on = ground(box);
  const raw = told.features as unknown as Raw[];
  const fixes: Fix[] = raw
    .filter((one) => one.properties.at)
    .map((one) => ({
      at: one.properties.at!,
      place: one.geometry ? [one.geometry.coordinates[1], one.geometry.coordinates[0]] : null,
      says: one.properties.says ?? '',
      tracker: one.properties.tracker ?? '',
    }));
  for (const { geometry, properties: of } of raw) {
    if (!geometry || of.at) continue;
    const [east, north] = geometry.coordinates;
    const dashed = of.kind === 'area' ? { dashArray: '6 6' } : {};
    circle(on.drawn([north, east]), { radius: of.radius_m ?? 0, color: colour(of.kind === 'area' ? 'active' : 'neutral'), weight: 1.5, fillOpacity: 0.06, ...dashed })
      .bindTooltip(of.name ?? '')
      .addTo(on.map);
  }
  const tone = colour('ink-teal');
  for (const tracker of new Set(fixes.map((fix) => fix.tracker))) {
    const way = fixes.filter((fix) => fix.tracker === tracker && fix.place);
    polyline(way.map((fix) => on.drawn(fix.place!)), { color: tone, weight: 3, opacity: 0.75 }).addTo(on.map);
  }
  const known = fixes.filter((fix) => fix.place);
  for (const fix of known)
    circleMarker(on.drawn(fix.place!), { radius: 3, color: tone, weight: 1, fillOpacity: 0.9, interactive: false }).addTo(on.map);
  on.fit(known.map((fix) => fix.place!));
  slide(box, fixes, on);
}

function slide(box: HTMLElement, fixes: Fix[], on: ReturnType<typeof ground>): void {
  const bar = document.querySelector<HTMLElement>('[data-track-bar]');
  const slider = bar?.querySelector<HTMLInputElement>('input[type="range"]');
  const play = bar?.querySelector<HTMLButtonElement>('[data-play]');
  const clock = bar?.querySelector<HTMLElement>('[data-clock]');
  const first = fixes.find((fix) => fix.place);
  if (!bar || !slider || !play || !clock || !first) return;
  const here = circleMarker(on.drawn(first.place!), { radius: 9, color: colour('surface'), weight: 2.5, fillColor: colour('seal'), fillOpacity: 1 });
  here.addTo(on.map);
  let running = 0;
  bar.hidden = false;
  slider.max = String(fixes.length - 1);

  function show(index: number): void {
    const fix = fixes[index];
    if (!fix) return;
    const at = new Date(fix.at);
    const said = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai', dateStyle: 'short', timeStyle: 'short' }).format(at);
    clock!.textContent = said;
    slider!.value = String(index);
    slider!.setAttribute('aria-valuetext', `${said} ${fix.says}`);
    if (fix.place) here.setLatLng(on.drawn(fix.place));
    here.unbindPopup().bindPopup(lines(said, fix.says));
    for (const row of document.querySelectorAll('tr[data-here]')) row.removeAttribute('data-here');
    document.querySelector(`tr[data-fix="${index}"]`)?.setAttribute('data-here', '');
  }
  function stop(): void {
    clearInterval(running);
    running = 0;
    play!.textContent = on.text.play ?? '';
  }
  slider.addEventListener('input', () => {
    stop();
    show(Number(slider.value));
  });
  play.addEventListener('click', () => {
    if (running) return stop();
    if (slider.value === slider.max) show(0);
    play.textContent = on.text.pause ?? '';
    running = window.setInterval(() => {
      const next = Number(slider.value) + 1;
      if (next >= fixes.length) return stop();
      show(next);
    }, PACE);
  });
  box.addEventListener('keydown', (event) => event.key === ' ' && play.click());
  show(fixes.length - 1);
}
