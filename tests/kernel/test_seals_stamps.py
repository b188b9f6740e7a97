"""Time stamps (RFC 3161): a seal with one outlives its certificate; a service that fails is said."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING

import pytest
from asn1crypto import keys as asn1_keys
from asn1crypto import tsp
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore
from tests.kernel.papers_story import pdf_with

from shared_resources.kernel import clock
from shared_resources.kernel.documents.typesetting import SealPlace
from shared_resources.kernel.errors import Invalid
from shared_resources.kernel.seals import authority, keys, signing
from shared_resources.kernel.seals.checking import check
from shared_resources.kernel.seals.picture import seal_picture
from shared_resources.kernel.seals.providers import KeySeal
from shared_resources.kernel.seals.report import Problem, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = authority.self_signed("An authority")
TRUSTED = (ROOT.certificate.public_bytes(Encoding.DER),)


def stamper() -> DummyTimeStamper:
    """A time stamp authority of the same root."""
    key = rsa.generate_private_key(65537, 2048)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Time stamps")]))
        .issuer_name(ROOT.certificate.subject)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(clock.now() - timedelta(days=1))
        .not_valid_after(clock.now() + timedelta(days=3650))
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .sign(ROOT.key, hashes.SHA256())
    )
    plain = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return DummyTimeStamper(
        signing.asn1(certificate.public_bytes(Encoding.DER)),
        asn1_keys.PrivateKeyInfo.load(plain),
        SimpleCertificateStore(),
    )


@contextmanager
def service() -> Iterator[str]:
    """A time stamp service on this machine; its address."""
    made = stamper()

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["content-length"])))
            answer = made.request_tsa_response(asked).dump()
            self.send_response(200)
            self.send_header("content-type", "application/timestamp-reply")
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def order(url: str) -> signing.Order:
    """A letter to be sealed with a time stamp."""
    picture = seal_picture("市应急管理局")
    places = {"Seal1": SealPlace(0, 1, 100, 100)}
    at = clock.now().replace(microsecond=0)
    return signing.Order(pdf_with("letter"), "Seal1", places, picture, "市应急管理局", "签发", at, url)


def test_a_stamped_seal_outlives_its_certificate_anywhere() -> None:
    pair = authority.certify(ROOT, "市应急管理局", until=clock.now() + timedelta(days=30))
    with service() as url:
        pdf = signing.signed(order(url), signing.HeldKeySigner(pair))
    report = check(pdf, TRUSTED, clock.now())
    assert report.verdict is Verdict.VALID
    assert report.signatures[0].is_stamped
    later = check(pdf, TRUSTED, clock.now() + timedelta(days=60))
    assert (later.verdict, later.signatures[0].is_trusted) == (Verdict.VALID, True)
    assert check(pdf, (), clock.now()).signatures[0].problem is Problem.STRANGER


async def test_a_service_that_does_not_answer_is_said() -> None:
    keys.keep("stamped", authority.certify(ROOT, "市应急管理局"))
    with pytest.raises(Invalid, match="time stamp service"):
        await KeySeal("stamped").seal(order("http://127.0.0.1:9/"))
