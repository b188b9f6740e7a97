// The live map: where what is on loan was last, circles that it may be in, depots. The table beside it is the same in
// words and works without any of this.
import { circle, circleMarker, layerGroup, type CircleMarker } from 'leaflet';
import { ago, colour, ground, lines, linkTo, type Ground } from './map_ground';
import type { Place } from './map_shift';
import { fill, send } from './shared';

interface Told {
  kind?: 'tracker' | 'depot' | 'area';
  name: string;
  href?: string;
  tone?: string;
  seen_at?: string;
  where?: string;
  holder?: string;
  loan?: string;
  battery_pct?: number;
  accuracy_m?: number;
  radius_m?: number;
  alarms?: number;
  code?: string;
}
interface Feature {
  id?: string;
  geometry: { coordinates: [number, number] } | null;
  properties: Told;
}
export interface Features {
  features: Feature[];
}

const placeOf = (feature: Feature): Place | null =>
  feature.geometry ? [feature.geometry.coordinates[1], feature.geometry.coordinates[0]] : null;

function told(on: Ground, of: Told): HTMLElement {
  const head = document.createElement('b');
  head.textContent = of.name;
  return lines(
    head,
    [of.seen_at ? ago(of.seen_at) : '', of.where ?? ''].filter(Boolean).join(' · '),
    of.holder ?? '',
    of.battery_pct === undefined || of.battery_pct === null ? '' : fill(on.text.battery ?? '', { percent: of.battery_pct }),
    of.alarms ? fill(on.text.alarms ?? '', { num: of.alarms }) : '',
    of.loan ? linkTo(`/loans/${of.loan}/track`, on.text.track ?? of.loan) : '',
    of.code ? linkTo(`/items/${of.code}`, on.text.item ?? of.code) : '',
  );
}

/** The words of the table that change by themselves. */
function retell(features: Feature[]): void {
  for (const { id, properties } of features) {
    const row = document.querySelector<HTMLElement>(`[data-tracker="${CSS.escape(id ?? '')}"]`);
    if (!row || properties.kind !== 'tracker') continue;
    const seen = row.querySelector<HTMLElement>('[data-seen]');
    if (seen && properties.seen_at) {
      seen.dataset.seen = properties.seen_at;
      seen.textContent = ago(properties.seen_at);
    }
    const where = row.querySelector<HTMLElement>('[data-where]');
    if (where) where.textContent = properties.where ?? '';
    const battery = row.querySelector<HTMLElement>('[data-battery]');
    if (battery && properties.battery_pct != null) battery.textContent = `${properties.battery_pct} %`;
  }
}

export function live(box: HTMLElement, first: Features): void {
  const on = ground(box);
  const layer = layerGroup().addTo(on.map);
  const marks = new Map<string, CircleMarker>();
  let shown = first;

  function draw(): void {
    const open = [...marks].find(([, mark]) => mark.isPopupOpen())?.[0];
    layer.clearLayers();
    marks.clear();
    for (const feature of shown.features) {
      const place = placeOf(feature);
      if (!place) continue;
      const { properties: of, id = '' } = feature;
      const at = on.drawn(place);
      if (of.kind === 'area' || of.kind === 'depot') {
        const tone = of.kind === 'area' ? colour('active') : colour('neutral');
        const dashed = of.kind === 'area' ? { dashArray: '6 6' } : {};
        circle(at, { radius: of.radius_m ?? 0, color: tone, weight: 1.5, fillOpacity: 0.08, ...dashed })
          .bindTooltip(of.name)
          .addTo(layer);
        if (of.kind === 'depot') circleMarker(at, { radius: 5, color: tone, weight: 2, fillOpacity: 0.3, interactive: false }).addTo(layer);
        continue;
      }
      const tone = colour(of.tone ?? 'good');
      if (of.accuracy_m) circle(at, { radius: of.accuracy_m, color: tone, weight: 1, opacity: 0.4, fillOpacity: 0.08, interactive: false }).addTo(layer);
      const mark = circleMarker(at, { radius: 9, color: colour('surface'), weight: 2.5, fillColor: tone, fillOpacity: 1 });
      mark.bindTooltip(of.name, { direction: 'top', offset: [0, -8] }).bindPopup(() => told(on, of));
      marks.set(id, mark.addTo(layer));
    }
    if (open) marks.get(open)?.openPopup();
  }

  async function again(): Promise<void> {
    const answer = await send<Features>('/api/v1/map', undefined, undefined, 'GET');
    if (!answer.ok) return;
    shown = answer.value;
    draw();
    retell(shown.features);
  }

  on.fit(first.features.map(placeOf).filter((place) => place !== null));
  draw();
  for (const button of document.querySelectorAll<HTMLButtonElement>('button[data-find]')) {
    const mark = (): CircleMarker | undefined => marks.get(button.dataset.find!);
    button.hidden = !mark();
    button.addEventListener('click', () => {
      const found = mark();
      if (!found) return;
      box.scrollIntoView({ block: 'nearest' });
      on.map.setView(found.getLatLng(), Math.max(on.map.getZoom(), 15), { animate: false });
      found.openPopup();
    });
  }
  let waiting = 0;
  document.addEventListener('live:trackers', () => {
    clearTimeout(waiting);
    waiting = window.setTimeout(() => void again(), 1000);
  });
  setInterval(() => {
    for (const seen of document.querySelectorAll<HTMLElement>('[data-seen]'))
      if (seen.dataset.seen) seen.textContent = ago(seen.dataset.seen);
  }, 30_000);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
}
