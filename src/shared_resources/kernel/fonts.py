"""The faces that letters are set in: what the install brings, what the agency adds, what is missing in them.

GB/T 9704-2012 asks for 仿宋, 小标宋, 黑体 and 楷体. The install brings Noto Serif SC and Noto Sans SC (OFL), which
hold every character of GB 2312 and of Unicode's first block. The agency's own faces go to the folder ``fonts.d``
and come first; ``shared-resources fonts --fetch`` adds the free Fandol faces from Debian.
"""

from __future__ import annotations

import functools
import hashlib
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pylopdf_fonts_zh_cn
import typst
from fontTools.ttLib import TTCollection, TTFont

from shared_resources.settings import settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

BROUGHT = Path(pylopdf_fonts_zh_cn.__file__).parent
LAST = ("Noto Serif SC", "Noto Sans SC")
WISHED: Mapping[str, tuple[str, ...]] = {
    "body": ("FangSong_GB2312", "FangSong", "STFangsong", "FandolFang R"),
    "title": ("FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "STZhongsong", "FandolSong"),
    "hei": ("SimHei", "STHeiti", "FandolHei", "Noto Sans SC"),
    "kai": ("KaiTi_GB2312", "KaiTi", "STKaiti", "FandolKai"),
    "song": ("SimSun", "NSimSun", "STSong", "FandolSong"),
}
"""For each part of a letter the families that the standard's readers expect, the best first."""
HEAVY = frozenset(WISHED["title"])
"""Families whose cut for titles is heavy by itself."""
SUFFIXES = frozenset({".otf", ".ttf", ".ttc", ".otc"})
DEBIAN_PACKAGE = "texlive-lang-chinese"
FANDOL: Mapping[str, str] = {
    "FandolFang-Regular.otf": "d838ad32ce2244d8144f408c37fe71065aba6fbbc80759a4d2aa2033948d5bc9",
    "FandolHei-Regular.otf": "4afa97aa8751e0118617df88272b58d43691b5cffb7ea024c4580496e9f34d28",
    "FandolKai-Regular.otf": "ea7e7fb4f9b3ac694a68d43946e04d21deed6e8c29a7c2d3081e1a4138f2f827",
    "FandolSong-Regular.otf": "a3820003227d4abe31fe28b493200d94a849ccfd078b50a019264f70353020b0",
    "FandolSong-Bold.otf": "ffa76a70e128947a4dd22151d5ee829b23e24ce3cb6fe8ad49891cd1c2d9e9b9",
}
"""What we take of the package, with the SHA-256 of each."""
LICENCES: Mapping[str, str] = {
    "Noto": "SIL Open Font License 1.1",
    "Fandol": "GNU GPL with font exception",
}
APT_SECONDS = 300
BOXES = "☐☑☒"
"""Boxes to tick, which Chinese faces lack; the templates draw them themselves."""


class FontsFailed(SystemExit):
    """Faces that could not be fetched; the message says why. Nothing was added."""


@dataclass(frozen=True)
class Faces:
    """The faces of this house: for each part of a letter the families to try, and a name for the whole set.

    ``bold``: titles have a heavy face of their own; without one they are drawn thicker. ``digest`` changes when
    any file does: letters set with another set may look different.
    """

    stacks: Mapping[str, tuple[str, ...]]
    bold: bool
    digest: str


def folders() -> tuple[Path, ...]:
    """Where faces lie: the agency's own folder when there is one, then what the install brought."""
    own = settings().fonts
    return (own, BROUGHT) if own.is_dir() else (BROUGHT,)


def files() -> tuple[Path, ...]:
    """Every file with faces, in a settled order."""
    return tuple(
        path for folder in folders() for path in sorted(folder.rglob("*")) if path.suffix.lower() in SUFFIXES
    )


@functools.lru_cache(maxsize=1)
def library() -> typst.Fonts:
    """The faces as the typesetter knows them; searched once for the process."""
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(one) for one in folders()]
    )


@functools.lru_cache(maxsize=1)
def faces() -> Faces:
    """What is used for what, of all that is there."""
    there = set(library().families())
    stacks = {
        part: tuple(dict.fromkeys([name for name in wished if name in there] + list(LAST)))
        for part, wished in WISHED.items()
    }
    return Faces(stacks, stacks["title"][0] in HEAVY, _digest())


@functools.lru_cache(maxsize=1)
def drawn() -> frozenset[int]:
    """Every character that some face draws. Each part of a letter falls back on the faces that the install brings,
    so what one of them has can be set anywhere."""
    used = {name for stack in faces().stacks.values() for name in stack[:1]} & set(LAST) | set(LAST)
    paths = {info.path for info in library().fonts() if info.path and info.family in used}
    return frozenset().union(*(_characters(Path(path)) for path in sorted(paths)))


def undrawn(texts: Iterable[str]) -> str:
    """The characters of ``texts`` that no face draws, each once, in the order of their first use."""
    seen = dict.fromkeys("".join(texts))
    known = drawn()
    return "".join(one for one in seen if ord(one) not in known and one not in f"\n\r\t{BOXES}")


def forget() -> None:
    """Look again: files were added or taken away."""
    for kept in (library, faces, drawn):
        kept.cache_clear()


def licence_of(family: str) -> str:
    """The licence of a family that we know; the agency answers for its own."""
    return next((licence for maker, licence in LICENCES.items() if family.startswith(maker)), "your own licence")


def fetch_fandol() -> tuple[Path, ...]:
    """Take five Fandol faces out of Debian's package and put them into ``fonts.d``; where they are now.

    Raises:
        FontsFailed: no apt here, no network for it, or a file that is not the one we know.
    """
    if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
        raise FontsFailed("Here is no apt-get or no dpkg-deb. Put faces of your own into fonts.d instead.")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _run(["apt-get", "download", DEBIAN_PACKAGE], folder)
        package = next(folder.glob("*.deb"), None)
        if package is None:
            raise FontsFailed(f"apt-get brought no {DEBIAN_PACKAGE}.")
        _run(["dpkg-deb", "-x", str(package), str(folder / "x")], folder)
        found = {path.name: path for path in (folder / "x").rglob("Fandol*.otf")}
        for file, digest in FANDOL.items():
            if file not in found or _sha256(found[file]) != digest:
                raise FontsFailed(f"{file} is missing in {DEBIAN_PACKAGE} or is not the one we know.")
        target = settings().fonts
        target.mkdir(parents=True, exist_ok=True)
        for file in FANDOL:
            shutil.copyfile(found[file], target / file)
        for text in (folder / "x").glob(f"usr/share/doc/{DEBIAN_PACKAGE}/copyright*"):
            shutil.copyfile(text, target / f"Fandol-{text.name}")
    forget()
    return tuple(target / file for file in FANDOL)


def report() -> list[str]:
    """What is used for what, from which folders, under which licence, in lines."""
    used = faces()
    lines = [f"folder {folder}" for folder in folders()]
    lines += [f"{part:<6} {', '.join(stack)}" for part, stack in used.stacks.items()]
    names = dict.fromkeys(name for stack in used.stacks.values() for name in stack)
    lines += [f"{name}: {licence_of(name)}" for name in names]
    if used.stacks["body"][0] in LAST:
        lines.append("No 仿宋 here: letters are set in Noto Serif SC. See: shared-resources fonts --fetch")
    return lines


def _characters(path: Path) -> frozenset[int]:
    if path.suffix.lower() in (".ttc", ".otc"):
        with TTCollection(path, lazy=True) as collection:
            return frozenset().union(*(font.getBestCmap() for font in collection.fonts))
    with TTFont(path, lazy=True) as font:
        return frozenset(font.getBestCmap())


def _digest() -> str:
    return hashlib.sha256("".join(f"{path.name} {_sha256(path)}\n" for path in files()).encode()).hexdigest()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _run(command: list[str], folder: Path) -> None:
    try:
        subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=APT_SECONDS)  # noqa: S603
    except (OSError, subprocess.SubprocessError) as error:
        raise FontsFailed(f"{' '.join(command[:2])} failed: {error}") from error
