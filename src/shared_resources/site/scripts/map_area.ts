// Allowed circles: those that are set, and a new one whose middle is filled in where the map is clicked.
import { circle, type Circle } from 'leaflet';
import { colour, ground } from './map_ground';
import type { Features } from './map_live';

export function area(box: HTMLElement, told: Features): void {
  const on = ground(box);
  const field = (name: string): HTMLInputElement | null => document.querySelector(`form[data-area] [name="${name}"]`);
  const [latitude, longitude, radius] = [field('latitude'), field('longitude'), field('radius_m')];
  let drawn: Circle | null = null;

  function draw(): void {
    drawn?.remove();
    const [north, east, metres] = [latitude, longitude, radius].map((input) => Number.parseFloat(input?.value ?? ''));
    if (![north, east].every(Number.isFinite)) return;
    drawn = circle(on.drawn([north!, east!]), { radius: metres || 0, color: colour('seal'), weight: 2, fillOpacity: 0.1 });
    drawn.addTo(on.map);
  }

  on.fit(told.features.flatMap(({ geometry: at }) => (at ? [[at.coordinates[1], at.coordinates[0]] as [number, number]] : [])));
  for (const { geometry: at, properties: of } of told.features) {
    if (!at) continue;
    const tone = of.kind === 'area' ? 'active' : 'neutral';
    circle(on.drawn([at.coordinates[1], at.coordinates[0]]), { radius: of.radius_m ?? 0, color: colour(tone), weight: 1.5, dashArray: '6 6', fillOpacity: 0.08 })
      .bindTooltip(of.name)
      .addTo(on.map);
  }
  on.map.on('click', (event) => {
    const [north, east] = on.meant(event.latlng);
    if (latitude) latitude.value = north.toFixed(6);
    if (longitude) longitude.value = east.toFixed(6);
    draw();
  });
  for (const input of [latitude, longitude, radius]) input?.addEventListener('input', draw);
  draw();
}
