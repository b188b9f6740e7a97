"""Devices that show a certificate: its common name is their key, and nothing beyond that key is theirs."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from ipaddress import ip_address
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import transaction
from tests.equipment.trackers.broker.conftest import our_broker
from tests.equipment.trackers.mosquitto import Certificate, comes, guest

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("needs_mosquitto")


class Authority:
    """Makes certificates into a folder, as the guide's commands do."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.certificate = self._made("ca", self.key.public_key(), is_authority=True)
        self._write("ca", self.certificate, None)

    def issue(self, name: str, file: str | None = None) -> Certificate:
        """A certificate made out to ``name``."""
        key = ec.generate_private_key(ec.SECP256R1())
        file = file or name
        self._write(file, self._made(name, key.public_key(), is_authority=False), key)
        return Certificate(self.folder / "ca.crt", self.folder / f"{file}.crt", self.folder / f"{file}.key")

    def revoke(self, one: Certificate) -> None:
        """Put it on the list."""
        assert one.certificate
        serial = x509.load_pem_x509_certificate(one.certificate.read_bytes()).serial_number
        now = clock.now()
        gone = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(now).build()
        builder = x509.CertificateRevocationListBuilder().issuer_name(self.certificate.subject).last_update(now)
        crl = builder.next_update(now + timedelta(days=1)).add_revoked_certificate(gone)
        signed = crl.sign(self.key, hashes.SHA256())
        (self.folder / "crl.pem").write_bytes(signed.public_bytes(serialization.Encoding.PEM))

    def _made(self, name: str, key: ec.EllipticCurvePublicKey, *, is_authority: bool) -> x509.Certificate:
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        issuer = subject if is_authority else self.certificate.subject
        now = clock.now() - timedelta(minutes=1)
        builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key)
        builder = builder.serial_number(x509.random_serial_number()).not_valid_before(now)
        builder = builder.not_valid_after(now + timedelta(days=2))
        builder = builder.add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        if name == "localhost":
            names = [x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]
            builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        return builder.sign(self.key, hashes.SHA256())

    def _write(self, file: str, made: x509.Certificate, key: ec.EllipticCurvePrivateKey | None) -> None:
        (self.folder / f"{file}.crt").write_bytes(made.public_bytes(serialization.Encoding.PEM))
        if key is not None:
            form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            (self.folder / f"{file}.key").write_bytes(key.private_bytes(*form))


async def test_a_certificate_lets_in_and_reaches_only_the_topics_of_its_name(
    db: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    authority = Authority(tmp_path)
    authority.issue("localhost", "server")
    mine, listener = authority.issue("trk-7"), authority.issue("shared-resources")
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    stranger = Authority(foreign).issue("trk-7")
    async with our_broker(monkeypatch, db, BROKER_TLS_DIR=str(tmp_path)) as broker:
        assert await broker.reaches_listener("t/trk-7/obs", mine)
        assert not await broker.reaches_listener("t/trk-8/obs", mine)
        assert not await broker.reaches_listener("t/trk-8/obs", listener)
        for other in (
            Certificate(authority.folder / "ca.crt"),
            Certificate(authority.folder / "ca.crt", stranger.certificate, stranger.key),
        ):
            with pytest.raises(PermissionError):
                await asyncio.to_thread(come, broker.tls_port, other)


async def test_a_revoked_certificate_is_refused(db: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    authority.issue("localhost", "server")
    mine, lost, later = (authority.issue(f"trk-{number}") for number in (7, 8, 9))
    authority.revoke(lost)
    async with our_broker(monkeypatch, db, BROKER_TLS_DIR=str(tmp_path)) as broker:
        assert await broker.reaches_listener("t/trk-7/obs", mine)
        with pytest.raises(PermissionError):
            await asyncio.to_thread(come, broker.tls_port, lost)
        await asyncio.to_thread(come, broker.tls_port, later)
        authority.revoke(later)
        async with transaction() as conn:  # what the keeper does every minute it does at every word
            await conn.execute("SELECT pg_notify('broker', '')")
        assert await asyncio.to_thread(comes, lambda: not comes_in(broker.tls_port, later))
        assert await broker.reaches_listener("t/trk-7/obs", mine)


def comes_in(port: int, who: Certificate) -> bool:
    """Whether it is let in now."""
    try:
        come(port, who)
    except PermissionError:
        return False
    return True


def come(port: int, who: Certificate) -> None:
    """Connect and go."""
    with guest(port, tls=who):
        pass
