// Places that stand still: a dot for each, with its name and a link.
import { circleMarker } from 'leaflet';
import { colour, ground, lines, linkTo } from './map_ground';
import type { Features } from './map_live';

export function places(box: HTMLElement, told: Features): void {
  const on = ground(box);
  const found: [number, number][] = [];
  for (const { geometry: at, properties: of } of told.features) {
    if (!at) continue;
    const place: [number, number] = [at.coordinates[1], at.coordinates[0]];
    found.push(place);
    circleMarker(on.drawn(place), { radius: 7, color: colour('surface'), weight: 2, fillColor: colour('seal'), fillOpacity: 1 })
      .bindTooltip(of.name)
      .bindPopup(lines(of.href ? linkTo(of.href, of.name) : of.name))
      .addTo(on.map);
  }
  on.fit(found);
}
