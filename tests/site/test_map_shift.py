"""The grid of Chinese map services: known points, and there and back again."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

import shared_resources

SITE = Path(shared_resources.__file__).parent / "site"
BUNDLER = SITE / "node_modules" / ".bin" / "rolldown"
ASK = """
import { toGcj02, toWgs84 } from './map_shift.mjs';
const places = JSON.parse(process.argv[2]);
console.log(JSON.stringify(places.map((place) => [toGcj02(place), toWgs84(toGcj02(place))])));
"""
KNOWN = {
    (31.1774276, 121.5272106): (31.17530398364597, 121.531541859215),
    (22.543847, 113.912316): (22.540796131694766, 113.9171764808363),
    (39.911954, 116.377817): (39.91334545536069, 116.38404722455657),
    (48.8584, 2.2945): (48.8584, 2.2945),
}
"""Shanghai, Shenzhen and Beijing as the tests of eviltransform give them; Paris lies outside the bent frame."""


@pytest.mark.skipif(not BUNDLER.exists() or not shutil.which("node"), reason="the front end is not installed here")
def test_places_are_bent_as_the_services_do_and_come_back(tmp_path: Path) -> None:
    subprocess.run(
        [BUNDLER, SITE / "scripts" / "map_shift.ts", "--file", tmp_path / "map_shift.mjs"], check=True, cwd=SITE
    )
    asking = tmp_path / "ask.mjs"
    asking.write_text(ASK)
    told = subprocess.run(["node", asking, json.dumps(list(KNOWN))], check=True, capture_output=True, text=True)
    for (place, bent), (shown, back) in zip(KNOWN.items(), json.loads(told.stdout), strict=True):
        assert shown == pytest.approx(bent, abs=1e-6)
        assert back == pytest.approx(place, abs=1e-7)
