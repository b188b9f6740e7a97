"""Every setting of the house in one typed class, read once from the environment, loud when it is wrong.

Each name is the environment variable ``SHARED_RESOURCES_<FIELD>``. The table in the README is printed by
``shared-resources settings --markdown`` and kept true by a test.
"""

from __future__ import annotations

import functools
import os
import secrets
import tempfile
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "SHARED_RESOURCES_"


class SettingsError(SystemExit):
    """A setting that cannot be used; the message names the variable and says what is wrong."""


def _absolute(value: object) -> object:
    return Path(value).expanduser().absolute() if isinstance(value, str | Path) and str(value) else value


AbsolutePath = Annotated[Path, BeforeValidator(_absolute)]


class Settings(BaseSettings):
    """What an operator may decide. Nothing needs to be given for a first start."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, extra="forbid", env_ignore_empty=True, validate_default=True
    )

    database_url: str | None = Field(
        default=None,
        pattern=r"^postgres(ql)?://",
        description="Address of a PostgreSQL 15 or newer; its user owns the database. "
        "Empty: the embedded server below the state folder.",
    )
    state_dir: AbsolutePath = Field(
        default=Path(".state"),
        description="Folder for everything the system writes: embedded database, files, secret key.",
    )
    storage_dir: AbsolutePath | None = Field(
        default=None, description="Folder for uploaded files. Empty: `storage` in the state folder."
    )
    s3_url: SecretStr | None = Field(
        default=None,
        description="S3 bucket in which uploaded files are kept, `https://key:secret@host/bucket?region=…`; the "
        "folder then only holds what was used lately. Empty: they are kept in the folder.",
    )
    s3_cache_gb: int = Field(
        default=50, ge=1, le=100_000, description="So much of a bucket's files stays in the folder as well."
    )
    fonts_dir: AbsolutePath | None = Field(
        default=None,
        description="Folder with the agency's own typefaces for letters (仿宋, 小标宋, 黑体, 楷体). "
        "Empty: `fonts.d` in the state folder.",
    )
    pg_bin: AbsolutePath | None = Field(
        default=None,
        description="Folder with PostgreSQL's programs (`initdb`, `postgres`, `pg_dump`). "
        "Empty: those of the installed wheel, then the system's.",
    )
    pg_user: str | None = Field(
        default=None,
        description="System user that runs the embedded server when we are started as root. "
        "Empty: `postgres`, else `nobody`.",
    )
    pool_min: int = Field(default=2, ge=0, le=500, description="Database connections kept open by each process.")
    pool_max: int = Field(default=10, ge=1, le=500, description="Most database connections of each process.")
    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    port: int = Field(default=8000, ge=0, le=65535, description="Port to listen on; 0 takes a free one.")
    base_url: str | None = Field(
        default=None,
        pattern=r"^https?://[^/\s]+$",
        description="Address that people see, without a slash at the end; for links in mail, QR labels and "
        "calendars. Empty: `http://<host>:<port>`.",
    )
    proxies: int = Field(
        default=0,
        ge=0,
        le=5,
        description="Number of reverse proxies in front whose forwarding headers are believed.",
    )
    label_host: str | None = Field(
        default=None,
        pattern=r"^[A-Za-z0-9.:-]+$",
        description="Host name printed in QR labels when a shorter one than that of the base address exists.",
    )
    secret_key: SecretStr | None = Field(
        default=None,
        min_length=32,
        description="Key for signatures of links and forms, at least 32 characters; the same on every "
        "machine. Empty: made once and kept in `secret.key` in the state folder.",
    )
    cookie_secure: bool = Field(
        default=False,
        description="Send cookies over https only. Switch on wherever the base address is https.",
    )
    session_hours: int = Field(
        default=12,
        ge=1,
        le=24 * 30,
        description="Hours without a request after which one has to sign in again.",
    )
    sign_in_failures: int = Field(
        default=8,
        ge=1,
        le=100,
        description="Wrong passwords in a row after which an account is locked for a while.",
    )
    sign_in_lock_minutes: int = Field(
        default=15, ge=1, le=24 * 60, description="Minutes for which a locked account stays locked."
    )
    sign_in_per_address: int = Field(
        default=60,
        ge=1,
        le=10_000,
        description="Tries to sign in that one network address has in ten minutes.",
    )
    smtp_url: SecretStr | None = Field(
        default=None,
        description="Mail server, `smtp://user:password@host:587` (STARTTLS) or `smtps://…:465`. "
        "Empty: mail is kept and shown on the page Mailbox instead of leaving.",
    )
    mail_from: str = Field(
        default="shared-resources@localhost", pattern=r"^[^@\s]+@[^@\s]+$", description="Sender of our mail."
    )
    imap_url: SecretStr | None = Field(
        default=None,
        description="Mailbox of that sender, `imaps://user:password@host/INBOX`: calendar answers to meetings are "
        "read from it. Empty: they are handed in on the meeting's page.",
    )
    default_locale: Literal["zh_CN", "en"] = Field(
        default="zh_CN", description="Language for readers who have not chosen one."
    )
    county: str | None = Field(
        default=None,
        max_length=40,
        description="County whose local closed days are laid over the calendar where nothing else says so.",
    )
    expiry_rolls: bool = Field(
        default=True,
        description="A term that expires on a rest day expires on the next working day before the days after it "
        "are counted (JE-8).",
    )
    deemed_received: bool = Field(
        default=False,
        description="What arrives on a rest day counts as received on the next working day, one day more.",
    )
    clear_days: bool = Field(
        default=False,
        description="Notice before a meeting leaves that many full working days between, one day earlier.",
    )
    upload_limit_mb: int = Field(
        default=20, ge=1, le=2000, description="Largest file that may be uploaded, in megabytes."
    )
    footage_limit_gb: int = Field(
        default=20, ge=1, le=1000, description="Largest recording that may be sent, in gigabytes."
    )
    footage_quota_gb: int = Field(
        default=2000, ge=1, description="Footage that one agency may keep, copies not counted, in gigabytes."
    )
    trust_roots: AbsolutePath | None = Field(
        default=None,
        description="File or folder with the certificates (PEM) of the authorities whose seals and time stamps "
        "are trusted. Empty: none, but for the development authority in the demo.",
    )
    timestamp_url: str | None = Field(
        default=None,
        pattern=r"^https?://\S+$",
        description="Time stamp service (RFC 3161) that every electronic seal asks. Empty: seals bear the time of "
        "this machine.",
    )
    pkcs11_library: AbsolutePath | None = Field(
        default=None, description="Library (PKCS#11) of the tokens that hold the keys of seals."
    )
    pkcs11_pin: SecretStr | None = Field(
        default=None,
        description="PIN of the tokens; where they differ, `label=pin` for each, separated by blanks.",
    )
    map_tiles: str | None = Field(
        default=None,
        pattern=r"^https?://[^\s/\"';,]+/[^\s\"';,]*$",
        description="Map pictures under positions, `https://tiles.example/{z}/{x}/{y}.png`; its host is then let "
        "into pages. Empty: a plain grid, and nothing leaves the house.",
    )
    map_attribution: str = Field(
        default="", max_length=200, description="Whom the map pictures are from, as their licence wants it shown."
    )
    map_offset: Literal["wgs84", "gcj02"] = Field(
        default="wgs84",
        description="Grid of the map pictures: Chinese services draw in `gcj02`, and positions are then shifted "
        "for display only.",
    )
    trackers: bool = Field(
        default=False,
        description="Let `shared-resources serve` start our own broker and the listener. The demo does so.",
    )
    broker_url: SecretStr | None = Field(
        default=None,
        description="MQTT broker of the trackers as the listener reaches it, `mqtt://user:password@host:1883` or "
        "`mqtts://…:8883`. Empty: our own, run by `shared-resources broker`.",
    )
    broker_ca: AbsolutePath | None = Field(
        default=None,
        description="Certificate (PEM) of the authority that the broker's certificate is from. "
        "Empty: those this machine trusts.",
    )
    mosquitto: str | None = Field(
        default=None,
        description="Program of our own broker. Empty: `mosquitto` where the system has it, else a stand-in in "
        "Python for the demo; `none`: that one.",
    )
    broker_host: str = Field(default="127.0.0.1", description="Address that our own broker listens on.")
    broker_port: int = Field(default=1883, ge=1, le=65535, description="Port that our own broker listens on.")
    broker_tls_port: int = Field(
        default=8883, ge=1, le=65535, description="Port where our own broker wants certificates from devices."
    )
    broker_tls_dir: AbsolutePath | None = Field(
        default=None,
        description="Folder with `server.crt`, `server.key`, `ca.crt` and perhaps `crl.pem`: our own broker then "
        "also lets in devices that show a certificate of that authority. Empty: it does not.",
    )
    broker_public_url: str | None = Field(
        default=None,
        pattern=r"^mqtts?://[A-Za-z0-9.-]+:\d{1,5}$",
        description="Address of the broker that devices are told, `mqtts://mqtt.example:8883`. "
        "Empty: the one the listener uses.",
    )
    broker_admin_url: SecretStr | None = Field(
        default=None,
        description="The same broker as a user that administers its dynamic security (Mosquitto's plugin): "
        "credentials are then kept there. Empty: they are not.",
    )
    broker_secret: SecretStr | None = Field(
        default=None,
        min_length=16,
        description="Word in the header `X-Broker-Secret` by which a broker (EMQX) may ask `/broker/auth` whom to "
        "let in. Empty: nobody may.",
    )
    worker_in_process: bool = Field(
        default=True,
        description="Let the web process do the worker's tasks too. Switch off when `shared-resources worker` "
        "runs on its own.",
    )
    demo: bool = Field(
        default=False, description="Show the demo's sign-ins on the sign-in page. Never in real use."
    )

    @model_validator(mode="after")
    def _pool_has_room(self) -> Settings:
        if self.pool_min > self.pool_max:
            raise ValueError("pool_min is greater than pool_max")
        return self

    @field_validator("s3_url")
    @classmethod
    def _names_a_bucket(cls, value: SecretStr | None) -> SecretStr | None:
        split = urlsplit(value.get_secret_value()) if value is not None else None
        if split is not None and not (
            split.scheme in ("http", "https") and split.username and split.password and split.path.strip("/")
        ):
            raise ValueError("is not of the form https://key:secret@host/bucket")
        return value

    @property
    def embedded(self) -> bool:
        """Whether we run the database ourselves."""
        return self.database_url is None

    @property
    def address(self) -> str:
        """The address people see, without a slash at the end."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return self.base_url or f"http://{host}:{self.port}"

    @property
    def storage(self) -> Path:
        """The folder for uploaded files."""
        return self.storage_dir or self.state_dir / "storage"

    @property
    def fonts(self) -> Path:
        """The folder for the agency's own typefaces."""
        return self.fonts_dir or self.state_dir / "fonts.d"

    def secret(self) -> bytes:
        """The key for our signatures; made on first use and kept where only we can read it.

        Raises:
            OSError: the state folder cannot be written.
        """
        if self.secret_key is not None:
            return self.secret_key.get_secret_value().encode()
        return self.kept_secret("secret.key")

    def kept_secret(self, name: str) -> bytes:
        """The secret in this file of the state folder; made on first use and kept where only we can read it.

        Raises:
            OSError: the state folder cannot be written.
        """
        kept = self.state_dir / name
        if not kept.exists():
            _keep_new_secret(kept)
        return kept.read_bytes().strip()


def _keep_new_secret(path: Path) -> None:
    """Write a fresh key to ``path`` (mode 0600), or leave the one another process wrote in the meantime."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".secret-")  # mkstemp gives mode 0600
    try:
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(48) + "\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(name, path)
        except FileExistsError:
            return
    finally:
        Path(name).unlink()


def variable(field: str) -> str:
    """The environment variable of a field."""
    return PREFIX + field.upper()


@functools.lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process, read once.

    Raises:
        SettingsError: a value is wrong, or a variable with our prefix is not a setting (a slip of the pen).
    """
    known = {variable(name) for name in Settings.model_fields}
    unknown = sorted(name for name in os.environ if name.startswith(PREFIX) and name not in known)
    if unknown:
        raise SettingsError(f"There is no such setting: {', '.join(unknown)}. See: shared-resources settings")
    try:
        return Settings()
    except ValidationError as error:
        lines = [
            f"{variable(str(fault['loc'][0])) if fault['loc'] else 'settings'}: {fault['msg']}"
            for fault in error.errors()
        ]
        raise SettingsError("\n".join(lines)) from None


def as_markdown() -> str:
    """The settings as a Markdown table, in the order of the class."""
    lines = ["| variable | default | meaning |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = field.default
        shown = "" if default is None else str(default).lower() if isinstance(default, bool) else str(default)
        lines.append(f"| `{variable(name)}` | {f'`{shown}`' if shown else ''} | {field.description} |")
    return "\n".join(lines) + "\n"
