// Pages with a map: <div data-map="live|track|area|places" hidden>, and beside it its places as GeoJSON in a
// <script type="application/json" id="map-data">. Without scripts each page says the same as a table.
import { area } from './map_area';
import { live, type Features } from './map_live';
import { places } from './map_places';
import { track } from './map_track';

const KINDS: Record<string, (box: HTMLElement, told: Features) => void> = { live, track, area, places };

for (const box of document.querySelectorAll<HTMLElement>('[data-map]')) {
  const told = document.getElementById('map-data')?.textContent;
  KINDS[box.dataset.map ?? '']?.(box, told ? (JSON.parse(told) as Features) : { features: [] });
}
