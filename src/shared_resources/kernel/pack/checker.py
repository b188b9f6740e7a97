"""核验程序: checks an evidence pack by itself, offline, with Python's standard library only.

    python check.py [folder of the pack]

It recomputes every file, every journal line and its place in the checkpoint, and the signature over the manifest.
The first thing that is not as it was is named. Words are Chinese: it goes to those who receive the pack.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any, Tuple  # noqa: UP035 it runs on Python 3.8 too

Point = Tuple[int, int, int, int]  # noqa: UP006

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def file_hash(path: Path) -> str:
    """SHA-256 of a file in hex."""
    summary = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            summary.update(piece)
    return summary.hexdigest()


def listed(path: Path) -> dict[str, str]:
    """Name to hash of a manifest."""
    found = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        digest, _, name = line.partition("  ")
        found[name] = digest
    return found


def check_files(folder: Path) -> list[str]:
    """What is wrong with the files, one sentence each."""
    faults = []
    manifest = listed(folder / "manifest-sha256.txt")
    tags = listed(folder / "tagmanifest-sha256.txt")
    for name, digest in {**manifest, **tags}.items():
        path = folder / name
        if not path.is_file():
            faults.append(f"文件缺失：{name}")
        elif file_hash(path) != digest:
            faults.append(f"文件被改动：{name}")
    there = {path.relative_to(folder).as_posix() for path in (folder / "data").rglob("*") if path.is_file()}
    faults += [f"多出的文件：{name}" for name in sorted(there - manifest.keys())]
    return faults


def check_lines(folder: Path) -> list[str]:
    """What is wrong with the journal lines, one sentence each."""
    data = folder / "data" / "journal"
    heads = json.loads((data / "heads.json").read_text(encoding="utf-8"))
    points = {one["id"]: one for one in json.loads((data / "checkpoints.json").read_text(encoding="utf-8"))}
    faults: list[str] = []
    last: dict[str, tuple[int, bytes]] = {}
    for number, text in enumerate((data / "lines.ndjson").read_text(encoding="utf-8").splitlines(), 1):
        line = json.loads(text)
        record = heads.get(line["chain"], {}).get("number", line["chain"])
        where = f"{record} 第 {line['seq']} 行（文件第 {number} 行）"
        prev, digest = bytes.fromhex(line["prev"]), line_hash(line)
        seq, before = last.get(line["chain"], (0, bytes(32)))
        if digest is None:
            faults.append(f"日志被改动：{where}")
        elif line["seq"] != seq + 1:
            faults.append(f"日志缺行：{record} 第 {seq + 1} 行不在")
        elif prev != before:
            faults.append(f"日志前后不接：{where}")
        elif not included(line, digest, points):
            faults.append(f"日志不在检查点内：{where}")
        last[line["chain"]] = (line["seq"], bytes.fromhex(line["hash"]))
    for chain, head in heads.items():
        seq, digest = last.get(chain, (0, b""))
        if seq < head["seq"]:
            faults.append(f"日志缺行：{head['number']} 第 {seq + 1} 行至第 {head['seq']} 行不在")
        elif digest.hex() != head["hash"]:
            faults.append(f"日志末行被改动：{head['number']} 第 {seq} 行")
    return faults


def line_hash(line: dict[str, Any]) -> bytes | None:
    """The hash of a line, computed where its body is there; None where something does not fit."""
    told = bytes.fromhex(line["hash"])
    if line.get("withheld"):
        return told  # only its place is proved: the body tells of others
    body = line["body"].encode()
    said = json.loads(body)
    fits = said["seq"] == line["seq"] and said["chain"] == line["chain"] and note_fits(line, said)
    digest = hashlib.sha256(b"\x00" + bytes.fromhex(line["prev"]) + body).digest()
    return told if fits and digest == told else None


def note_fits(line: dict[str, Any], said: dict[str, Any]) -> bool:
    """Whether the note beside a line is the one whose hash the line holds; it may have been erased."""
    if line.get("note") is None:
        return True
    found = hashlib.sha256(bytes.fromhex(line["salt"] or "") + line["note"].encode()).hexdigest()
    return bool(found == said.get("note_sha256"))


def included(line: dict[str, Any], digest: bytes, points: dict[str, Any]) -> bool:
    """Whether the line's proof leads to the root of its checkpoint (RFC 9162, 2.1.3.2)."""
    point = points.get(line["proof"]["checkpoint"])
    if point is None:
        return False
    at, last = line["proof"]["index"], point["size"] - 1
    found = hashlib.sha256(b"\x00" + digest).digest()
    for beside in map(bytes.fromhex, line["proof"]["path"]):
        if last == 0:
            return False
        if at & 1 or at == last:
            found = hashlib.sha256(b"\x01" + beside + found).digest()
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = hashlib.sha256(b"\x01" + found + beside).digest()
        at, last = at >> 1, last >> 1
    root = hashlib.sha256(bytes.fromhex(point["before"]) + found).hexdigest()
    return bool(last == 0 and root == point["root"])


def check_signature(folder: Path) -> list[str]:
    """What is wrong with the signature over the manifest."""
    signed = json.loads((folder / "signature.json").read_text(encoding="utf-8"))
    message = (folder / "tagmanifest-sha256.txt").read_bytes()
    try:
        good = verify(bytes.fromhex(signed["key"]), message, bytes.fromhex(signed["signature"]))
    except (ValueError, KeyError):
        good = False
    return [] if good else ["签名不符：清单不是签发时的清单"]


def check_time_stamp(folder: Path) -> list[str]:
    """What is wrong with the time stamp over the manifest, if the pack tells of one."""
    if not stamp_name(folder):
        return []
    path = folder / stamp_name(folder)
    if not path.is_file():
        return [f"文件缺失：{path.name}"]
    imprint, _ = stamped(path.read_bytes())
    same_value = imprint == hashlib.sha256((folder / "tagmanifest-sha256.txt").read_bytes()).digest()
    return [] if same_value else ["时间戳不符：不是为本包的清单签发的"]


def stamp_name(folder: Path) -> str:
    """The file with the time stamp, as the pack's description names it; empty without one."""
    lines = (folder / "bag-info.txt").read_text(encoding="utf-8").splitlines()
    return next((line.partition(": ")[2] for line in lines if line.startswith("Time-Stamp: ")), "")


def stamped(token: bytes) -> Tuple[bytes, str]:  # noqa: UP006
    """The value and the time (UTC) in a time stamp token (RFC 3161, 2.4.2; CMS of RFC 5652)."""
    _, content = inside(inside(token)[0])
    signed_data = inside(inside(content)[0])
    _, wrapped = inside(signed_data[2])
    info = inside(inside(inside(wrapped)[0])[0])
    _, imprint = inside(info[2])
    return imprint, info[4].decode("ascii")


def inside(data: bytes) -> list[bytes]:
    """The contents of the elements that stand one behind the other (X.690, 8.1)."""
    found = []
    at = 0
    while at < len(data):
        length = data[at + 1]
        at += 2
        if length & 0x80:
            more = length & 0x7F
            length = int.from_bytes(data[at : at + more], "big")
            at += more
        found.append(data[at : at + length])
        at += length
    return found


def verify(key: bytes, message: bytes, signature: bytes) -> bool:
    """Ed25519 (RFC 8032, 5.1.7)."""
    if len(key) != 32 or len(signature) != 64:
        return False
    a, r = decoded(key), decoded(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= L:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L
    return same(times(s, BASE), added(r, times(h, a)))


def decoded(data: bytes) -> Point | None:
    """A point of the curve, in extended coordinates."""
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    if y >= P:
        return None
    xx = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(xx, (P + 3) // 8, P)
    if (x * x - xx) % P:
        x = x * ROOT % P
    if (x * x - xx) % P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


def added(p: Point, q: Point) -> Point:
    """The sum of two points."""
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(count: int, point: Point) -> Point:
    """A point so many times."""
    total: Point = (0, 1, 1, 0)
    while count:
        if count & 1:
            total = added(total, point)
        point, count = added(point, point), count >> 1
    return total


def same(p: Point, q: Point) -> bool:
    """Whether two points are one."""
    return (p[0] * q[2] - q[0] * p[2]) % P == 0 and (p[1] * q[2] - q[1] * p[2]) % P == 0


_BASE = decoded((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))
assert _BASE is not None
BASE: Point = _BASE


def main() -> int:
    """Check the pack that this file lies in, or the one that is named; 0 when all of it is as it was."""
    here = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent
    faults: list[str] = []
    for check in (check_files, check_signature, check_time_stamp, check_lines):
        try:
            faults += check(here)
        except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
            faults.append(f"无法读取：{error}")
    if faults:
        print("核验不通过：")
        print("\n".join(f"  {fault}" for fault in faults))
        return 1
    signed = json.loads((here / "signature.json").read_text(encoding="utf-8"))
    print("核验通过：全部文件、日志、检查点和签名与签发时一致。")
    print(f"  签名公钥：{signed['key']}")
    print("  请与签发系统“核验公钥”页公布的公钥核对。")
    lines = (here / "data" / "journal" / "lines.ndjson").read_text(encoding="utf-8").splitlines()
    if withheld := sum(bool(json.loads(line).get("withheld")) for line in lines):
        print(f"  有 {withheld} 行日志涉及他人，未附内容；其位置和散列已核验。")
    if stamp_name(here):
        _, time = stamped((here / stamp_name(here)).read_bytes())
        print(f"  时间戳：{time}（协调世界时），其证书的核验办法见 index.html。")
    return 0


if __name__ == "__main__":
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    sys.exit(main())
