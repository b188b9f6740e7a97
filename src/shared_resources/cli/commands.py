"""What can be asked on the command line, and who does it."""

from __future__ import annotations

import argparse
import asyncio
import functools
import getpass
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import shared_resources
from shared_resources.cli import assets
from shared_resources.cli.backup import back_up, restore
from shared_resources.cli.loading import load
from shared_resources.cli.serve import database, serve, with_pool
from shared_resources.kernel.database.cluster import find_programs
from shared_resources.kernel.database.postgres import running_postgres
from shared_resources.settings import Settings, as_markdown, settings, variable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import FrameType

SITE = Path(shared_resources.__file__).parent / "site"
PAYLOADS = ("native", "owntracks", "traccar", "ble", "chirpstack", "tts", "meshtastic", "zigbee2mqtt")


def main(arguments: Sequence[str] | None = None) -> None:
    """Do what the command line asks; leave by SystemExit where something is amiss."""
    signal.signal(signal.SIGTERM, _leave)  # so that blocks end in order and the database stops with us
    chosen = _parser().parse_args(arguments)
    try:
        chosen.do(chosen)
    except KeyboardInterrupt:
        print(file=sys.stderr)
        raise SystemExit(0 if chosen.do is _serve else 130) from None


def _leave(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("shared-resources", description=shared_resources.__doc__)
    commands = parser.add_subparsers(required=True, metavar="command")

    def command(name: str, do: object, text: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=text, description=text)
        added.set_defaults(do=do)
        return added

    serving = command("serve", _serve, "Serve the pages; starts and migrates the database first.")
    serving.add_argument("--demo", action="store_true", help="load the demo first and show its sign-ins")
    command("worker", _worker, "Run deadlines, reminders and outgoing mail as a process of its own.")
    command(
        "listen", _listen, "Listen to the trackers' broker; of several such processes one does, the others wait."
    )
    command("broker", _broker, "Run the trackers' broker and keep whom it lets in up to date.")
    command("drive-demo", _drive, "Move the demo's trackers by real messages; `serve --demo` starts it.")
    command("migrate", _migrate, "Bring the database to this version; safe to repeat.")
    command("demo", _demo, "Load the demo into an empty system; safe to repeat.")
    proving = command("verify", _verify, "Recompute journal and custody; name the first line tampered with.")
    proving.add_argument("--file", type=Path, help="check a file of exported lines instead; needs no database")
    listing = command("settings", _settings, "Show every setting and its present value.")
    listing.add_argument("--markdown", action="store_true", help="print the table of the README instead")
    typefaces = command("fonts", _fonts, "Show which typefaces letters are set in, and their licences.")
    typefaces.add_argument(
        "--fetch", action="store_true", help="first add the free Fandol faces (仿宋, 楷体 …) from Debian's package"
    )
    first = command("create-admin", _create_admin, "Create the first system administrator.")
    first.add_argument("name", help="name to sign in with")
    first.add_argument("--full-name", help="the person's own name; that to sign in with when not given")
    first.add_argument("--password-stdin", action="store_true", help="read the password from standard input")
    saving = command("backup", _backup, "Write database, files and key to one file.")
    saving.add_argument("file", type=Path)
    loading = command("restore", _restore, "Put a backup into an empty system.")
    loading.add_argument("file", type=Path)
    loading.add_argument("--replace", action="store_true", help="throw away what the system holds")
    tools = command("db", _shell, "Open psql on the database.")
    tools.add_argument("what", choices=["shell"])
    tools.add_argument("rest", nargs=argparse.REMAINDER, help="passed on to psql")
    building = command("assets", _assets, "Build the front end, if it is not fresh.")
    building.add_argument("what", choices=["build"])
    building.add_argument("--force", action="store_true", help="build although it is fresh")
    _simulating(command("simulate-trackers", _simulate, "Publish what simulated trackers would say."))
    _sending(command("footage-send", _send_footage, "Send a recording; go on where an earlier call was cut."))
    fetching = command("footage-fetch", _fetch_footage, "Download the copies of a request and compare them.")
    fetching.add_argument("request", help="number of the request (VR…)")
    fetching.add_argument("--folder", type=Path, default=Path(), help="where the copies go (here)")
    _asking(fetching)
    return parser


def _asking(command: argparse.ArgumentParser) -> None:
    command.add_argument("--server", default="http://127.0.0.1:8000", help="the house (http://127.0.0.1:8000)")
    command.add_argument("--token", help="an API token; else the variable FOOTAGE_TOKEN")


def _sending(command: argparse.ArgumentParser) -> None:
    command.add_argument("file", type=Path)
    command.add_argument(
        "--recorded-from", required=True, help="when it begins by the recorder's clock (ISO 8601)"
    )
    command.add_argument("--taken-by", required=True, help="who recorded it")
    command.add_argument("--name", help="what it shows; the file's name when not given")
    command.add_argument("--source", default="", help="number of its source in the register (VC…)")
    command.add_argument("--shared-use", default="", help="number of the joint use it is from (VS…)")
    command.add_argument("--retention", default="purpose", choices=["purpose", "field", "key", "evidence"])
    command.add_argument("--declare-no-secrets", action="store_true", help="it holds no state or work secret")
    _asking(command)


def _simulating(command: argparse.ArgumentParser) -> None:
    command.add_argument("--trackers", type=int, default=10, help="how many (10)")
    command.add_argument("--rate", type=float, default=1, help="messages a second, of all together (1)")
    command.add_argument("--seconds", type=float, default=60, help="how long (60)")
    command.add_argument("--profile", default="native", choices=PAYLOADS, help="whose messages (native)")
    command.add_argument("--faults", default="", help="dup=0.05,late=0.1,skew=0.02,garbage=0.01,retained=0.01")
    command.add_argument("--seed", type=int, default=1, help="the same seed gives the same messages (1)")
    command.add_argument("--source", default="simulated", help="key of the source that speaks for the trackers")
    command.add_argument("--keys-file", type=Path, help="a tracker's key and password in each line")
    command.add_argument("--host", default="127.0.0.1", help="the broker (127.0.0.1)")
    command.add_argument("--port", type=int, default=1883, help="its port (1883)")
    command.add_argument("--user", help="one user who may write for all; else each key signs in by itself")
    command.add_argument("--password", help="the user's password")
    command.add_argument("--tls-ca", type=Path, help="connect by TLS and trust this authority")


def _send_footage(chosen: argparse.Namespace) -> None:
    try:
        print(load("shared_resources.video.command:send")(chosen))
    except (OSError, ValueError) as error:
        raise SystemExit(str(error)) from None


def _fetch_footage(chosen: argparse.Namespace) -> None:
    try:
        whole = load("shared_resources.video.command:fetch")(chosen)
    except (OSError, ValueError) as error:
        raise SystemExit(str(error)) from None
    raise SystemExit(0 if whole else 1)


def _serve(chosen: argparse.Namespace) -> None:
    if not assets.is_fresh(SITE):
        print("The front end is not built or not fresh; run: shared-resources assets build", file=sys.stderr)
    serve(demo=chosen.demo)


def _worker(_: argparse.Namespace) -> None:
    with database():
        asyncio.run(with_pool(load("shared_resources.worker:run")))


def _listen(_: argparse.Namespace) -> None:
    listen = load("shared_resources.equipment.trackers.listener:run")
    where = load("shared_resources.equipment.trackers.service.address:broker_address")
    with database():
        asyncio.run(with_pool(functools.partial(listen, where)))


def _broker(_: argparse.Namespace) -> None:
    with database():
        asyncio.run(with_pool(load("shared_resources.equipment.trackers.broker.command:run")))


def _drive(_: argparse.Namespace) -> None:
    load("shared_resources.demo.driving:run")()


def _migrate(_: argparse.Namespace) -> None:
    with database():
        print("The database is up to date.")


def _demo(_: argparse.Namespace) -> None:
    with database():
        for sign_in in asyncio.run(with_pool(load("shared_resources.demo:load"))) or []:
            print(sign_in)


def _verify(chosen: argparse.Namespace) -> None:
    if chosen.file is not None:
        _verify_file(chosen.file)
        return
    with database():
        fault = asyncio.run(with_pool(load("shared_resources.kernel.verify:verify_all")))
    if fault:
        raise SystemExit(str(fault))
    print("Journal and custody are whole.")


def _verify_file(file: Path) -> None:
    check_export, unreadable = (
        load(f"shared_resources.kernel.proofs:{n}") for n in ("check_export", "UnreadableProof")
    )
    try:
        found = check_export(file.read_text("utf-8"))
    except (OSError, unreadable) as error:
        raise SystemExit(f"{file}: {error}") from None
    for remark in found.remarks:
        print(remark)
    if found.fault:
        raise SystemExit(str(found.fault))
    print(f"{found.lines} lines of {found.chains} chains are as they were written.")


def _settings(chosen: argparse.Namespace) -> None:
    if chosen.markdown:
        print(as_markdown(), end="")
        return
    values = settings()
    for name in Settings.model_fields:
        value = getattr(values, name)
        print(f"{variable(name)}={'' if value is None else value}")


def _fonts(chosen: argparse.Namespace) -> None:
    fetch, report = (load(f"shared_resources.kernel.fonts:{name}") for name in ("fetch_fandol", "report"))
    if chosen.fetch:
        for path in fetch():
            print(f"added {path}")
    for line in report():
        print(line)


def _create_admin(chosen: argparse.Namespace) -> None:
    password = sys.stdin.readline().rstrip("\n") if chosen.password_stdin else _asked_twice()
    full_name = chosen.full_name or chosen.name
    create = load("shared_resources.kernel.identity:create_first_administrator")
    refusal = load("shared_resources.kernel.errors:Refusal")
    with database():
        try:
            asyncio.run(with_pool(functools.partial(create, chosen.name, full_name, password)))
        except refusal as error:
            raise SystemExit(f"{error} {error.do or ''}".rstrip()) from None
    print(f"{chosen.name} can sign in now.")


def _asked_twice() -> str:
    password = getpass.getpass("Password: ")
    if getpass.getpass("Once more: ") != password:
        raise SystemExit("The two are not the same.")
    return password


def _backup(chosen: argparse.Namespace) -> None:
    before = settings()
    with running_postgres(before) as dsn:
        hashes = back_up(before, dsn, chosen.file)
    print(f"{chosen.file}: database and {len(hashes) - 1} files, {chosen.file.stat().st_size:,} bytes")


def _restore(chosen: argparse.Namespace) -> None:
    before = settings()
    with running_postgres(before) as dsn:
        count = restore(before, dsn, chosen.file, replace=chosen.replace)
    print(f"Restored the database and {count} files from {chosen.file}.")


def _shell(chosen: argparse.Namespace) -> None:
    before = settings()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C belongs to psql
    with running_postgres(before) as dsn:
        psql = str(find_programs(before) / "psql")
        done = subprocess.run([psql, dsn, *chosen.rest], check=False)  # noqa: S603
    raise SystemExit(done.returncode)


def _assets(chosen: argparse.Namespace) -> None:
    done = assets.build(SITE, force=chosen.force)
    print("The front end is built." if done else "The front end is fresh.")


def _simulate(chosen: argparse.Namespace) -> None:
    try:
        print(load("shared_resources.equipment.trackers.simulate.command:run")(chosen))
    except (ValueError, OSError) as error:
        raise SystemExit(str(error)) from None
