// Chinese map services draw in GCJ-02, a grid that is bent away from WGS-84 by up to 700 m. Positions are kept as
// WGS-84; they are bent for display over such pictures, and what is pointed at there is bent back.

/** Latitude and longitude in degrees. */
export type Place = [latitude: number, longitude: number];

const AXIS = 6378245.0; // Krasovsky 1940, metres
const ECCENTRICITY = 0.006693421622965943; // squared
const RADIAN = Math.PI / 180;

const waves = (x: number): number => 20 * Math.sin(6 * x * Math.PI) + 20 * Math.sin(2 * x * Math.PI);

function northward(x: number, y: number): number {
  const flat = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * Math.sqrt(Math.abs(x));
  const long = 20 * Math.sin(y * Math.PI) + 40 * Math.sin((y / 3) * Math.PI);
  const longer = 160 * Math.sin((y / 12) * Math.PI) + 320 * Math.sin((y * Math.PI) / 30);
  return flat + ((waves(x) + long + longer) * 2) / 3;
}

function eastward(x: number, y: number): number {
  const flat = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * Math.sqrt(Math.abs(x));
  const long = 20 * Math.sin(x * Math.PI) + 40 * Math.sin((x / 3) * Math.PI);
  const longer = 150 * Math.sin((x / 12) * Math.PI) + 300 * Math.sin((x / 30) * Math.PI);
  return flat + ((waves(x) + long + longer) * 2) / 3;
}

/** Nothing is bent outside this frame around China. */
function isBent([latitude, longitude]: Place): boolean {
  return latitude >= 0.8293 && latitude <= 55.8271 && longitude >= 72.004 && longitude <= 137.8347;
}

/** Where a WGS-84 place lies on GCJ-02 pictures. */
export function toGcj02(place: Place): Place {
  if (!isBent(place)) return place;
  const [latitude, longitude] = place;
  const x = longitude - 105;
  const y = latitude - 35;
  const sine = Math.sin(latitude * RADIAN);
  const curve = 1 - ECCENTRICITY * sine * sine;
  const root = Math.sqrt(curve);
  const meridian = ((AXIS * (1 - ECCENTRICITY)) / (curve * root)) * RADIAN;
  const parallel = (AXIS / root) * Math.cos(latitude * RADIAN) * RADIAN;
  return [latitude + northward(x, y) / meridian, longitude + eastward(x, y) / parallel];
}

/** The WGS-84 place of a point on GCJ-02 pictures, to a centimetre: there is no formula, so it is approached. */
export function toWgs84(place: Place): Place {
  let [latitude, longitude] = place;
  for (let round = 0; round < 8; round += 1) {
    const [north, east] = toGcj02([latitude, longitude]);
    latitude += place[0] - north;
    longitude += place[1] - east;
  }
  return [latitude, longitude];
}
