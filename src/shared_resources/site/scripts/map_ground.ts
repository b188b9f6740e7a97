// The ground that positions lie on: pictures of a map service where the house has set one, else a plain grid with a
// scale, so that a map works where nothing leaves the house.
import { control, GridLayer, latLng, map, tileLayer, type LatLng, type Map as LeafletMap } from 'leaflet';
import { toGcj02, toWgs84, type Place } from './map_shift';
import { words } from './shared';

const HOME: Place = [29.563, 106.551]; // Chongqing, where nothing else is to be shown
const CLOSEST = 19;

const Grid = GridLayer.extend({
  createTile(): HTMLElement {
    const tile = document.createElement('div');
    tile.className = 'map-grid';
    return tile;
  },
}) as new (options: object) => GridLayer;

export interface Ground {
  map: LeafletMap;
  text: Record<string, string>;
  /** Where a place is drawn. */
  drawn(place: Place): LatLng;
  /** The place that a point of the picture means. */
  meant(point: LatLng): Place;
  /** Shows all of these places, or home where there are none. */
  fit(places: Place[]): void;
}

function pictures(box: HTMLElement): GridLayer {
  if (!box.dataset.tiles) return new Grid({ maxZoom: CLOSEST });
  const source = document.createElement('span');
  source.textContent = box.dataset.attribution ?? '';
  return tileLayer(box.dataset.tiles, { maxZoom: CLOSEST, attribution: source.innerHTML });
}

/** The colour of a tone as a canvas takes it, in the scheme that the reader sees. */
export function colour(tone: string): string {
  const probe = document.createElement('i');
  probe.style.color = `var(--${tone})`;
  document.body.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}

export function ground(box: HTMLElement): Ground {
  const text = words('map-words');
  const isBent = box.dataset.offset === 'gcj02' && Boolean(box.dataset.tiles);
  box.replaceChildren();
  box.hidden = false;
  const made = map(box, { preferCanvas: true, zoomControl: false, attributionControl: false, zoomSnap: 0.5 });
  control.zoom({ zoomInTitle: text.closer ?? '', zoomOutTitle: text.further ?? '' }).addTo(made);
  control.scale({ imperial: false }).addTo(made);
  if (box.dataset.attribution) control.attribution({ prefix: false }).addTo(made);
  pictures(box).addTo(made);
  const drawn = (place: Place): LatLng => latLng(isBent ? toGcj02(place) : place);
  return {
    map: made,
    text,
    drawn,
    meant: (point) => (isBent ? toWgs84([point.lat, point.lng]) : [point.lat, point.lng]),
    fit(places) {
      const points = places.length ? places.map(drawn) : [drawn(HOME)];
      if (points.length === 1) made.setView(points[0]!, places.length ? 15 : 10, { animate: false });
      else made.fitBounds(points.map((point) => [point.lat, point.lng]), { padding: [36, 36], maxZoom: 16, animate: false });
    },
  };
}

/** Lines of words, as the content of a popup. */
export function lines(...told: (string | HTMLElement)[]): HTMLElement {
  const box = document.createElement('div');
  box.className = 'map-words';
  for (const line of told.filter(Boolean)) {
    const row = document.createElement('p');
    row.append(line);
    box.append(row);
  }
  return box;
}

export function linkTo(href: string, label: string): HTMLAnchorElement {
  const link = document.createElement('a');
  link.href = href;
  link.textContent = label;
  return link;
}

const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86400],
  ['hour', 3600],
  ['minute', 60],
];

/** "3 minutes ago", in the language of the page. */
export function ago(at: string, now = Date.now()): string {
  const seconds = Math.max(0, Math.round((now - Date.parse(at)) / 1000));
  const said = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: 'always' });
  const [unit, size] = UNITS.find(([, length]) => seconds >= length) ?? (['second', 1] as const);
  return said.format(-Math.floor(seconds / size), unit);
}
