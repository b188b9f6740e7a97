// What the grid means: units to instants and words. The server's zone decides, never the browser's.

export interface Scale {
  start: number; // milliseconds of the left edge
  offset: number; // milliseconds that the server's zone is ahead of UTC
  unit: number; // milliseconds of one unit
  per: number; // units in one column
  units: number; // units in all
}

/** Reads the scale from the attributes that the server wrote. */
export function scaleOf(frame: HTMLElement): Scale {
  const { start = '', unitMinutes = '60', per = '1', columns = '1' } = frame.dataset;
  const zone = /([+-])(\d\d):?(\d\d)$/.exec(start);
  const offset = zone ? (zone[1] === '-' ? -1 : 1) * (Number(zone[2]) * 60 + Number(zone[3])) * 60_000 : 0;
  return {
    start: Date.parse(start),
    offset,
    unit: Number(unitMinutes) * 60_000,
    per: Number(per),
    units: Number(columns) * Number(per),
  };
}

/** The instant at a number of units from the left edge, as UTC ISO 8601 without fractions. */
export function instant(scale: Scale, units: number): string {
  return new Date(scale.start + units * scale.unit).toISOString().replace(/\.\d+Z$/, 'Z');
}

/** The same as people write it, in the server's zone: 11-24 09:30. */
export function spoken(scale: Scale, units: number): string {
  return new Date(scale.start + units * scale.unit + scale.offset).toISOString().slice(5, 16).replace('T', ' ');
}

export interface Place {
  s: number;
  n: number;
}

export const placeOf = (bar: HTMLElement): Place => ({ s: Number(bar.dataset.s), n: Number(bar.dataset.n) });

/** Puts a bar where it belongs on the screen; data-s and data-n keep what the server said. */
export function draw(bar: HTMLElement, place: Place): void {
  bar.style.setProperty('--s', String(place.s));
  bar.style.setProperty('--n', String(place.n));
  bar.toggleAttribute('data-cut', place.s < 0);
}

/** Draws everything as the server said; called once and for each row that is replaced. */
export function drawAll(within: ParentNode): void {
  for (const row of within.querySelectorAll<HTMLElement>('.tl-r'))
    if (row.dataset.lanes !== '1') row.style.setProperty('--lanes', row.dataset.lanes ?? '1');
  for (const bar of within.querySelectorAll<HTMLElement>('.tl-e, .tl-closed')) {
    draw(bar, placeOf(bar));
    for (const name of ['before', 'after', 'late'] as const)
      if (Number(bar.dataset[name])) bar.style.setProperty(`--${name}`, bar.dataset[name]!);
    if (Number(bar.dataset.lane)) bar.style.setProperty('--lane-no', bar.dataset.lane!);
  }
}
