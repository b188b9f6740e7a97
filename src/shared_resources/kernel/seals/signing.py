"""Putting an electronic seal into a PDF (PAdES). Works on bytes and keys: no database, no settings, no request.

All fields that will ever be sealed are made with the first seal, which also forbids every other change (DocMDP).
A field added later would count as tampering, so a countersigning agency must have its empty field from the start.
Everything here is work for the processor: call it in a thread.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.content import PdfContent
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import BoxConstraints
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import (
    MDPPerm,
    SigFieldSpec,
    SigSeedSubFilter,
    append_signature_field,
    enumerate_sig_fields,
)
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, Signer
from pyhanko.sign.signers.pdf_signer import PdfSigningSession
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore

from shared_resources.kernel.seals.stamps import Stamps, no_stamp

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shared_resources.kernel.documents.typesetting import SealPlace
    from shared_resources.kernel.seals.keys import KeyPair

MM = 72 / 25.4
HALF = 21 * MM
"""Half of a seal's width in points."""
RESERVED = 32_768
"""Hexadecimal digits kept free for a signature with certificates and time stamp; counting costs a signature."""


@dataclass(frozen=True)
class Order:
    """What is to be sealed, and how.

    ``places`` name every field that the letter will ever have, in their order; ``picture`` is a PDF of one page.
    """

    pdf: bytes
    field: str
    places: Mapping[str, SealPlace | None]
    picture: bytes
    name: str
    reason: str
    at: datetime
    timestamp_url: str | None = None


class HeldKeySigner(Signer):
    """Signs with a key in memory; pyHanko's own would read and check the key anew each time (four fifths of the
    time)."""

    def __init__(self, pair: KeyPair) -> None:
        self._key = pair.key
        registry = SimpleCertificateStore()  # type: ignore[no-untyped-call]
        registry.register_multiple(asn1(one.public_bytes(Encoding.DER)) for one in pair.chain)
        super().__init__(signing_cert=asn1(pair.certificate.public_bytes(Encoding.DER)), cert_registry=registry)

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        """The bare signature of ``data``."""
        chosen = getattr(hashes, digest_algorithm.upper())()
        if isinstance(self._key, ec.EllipticCurvePrivateKey):
            return self._key.sign(data, ec.ECDSA(chosen))
        return self._key.sign(data, padding.PKCS1v15(), chosen)


class _DatedSigner(PdfSigner):
    """Takes the time of signing from our clock."""

    at: datetime

    def init_signing_session(self, pdf_out: Any, existing_fields_only: bool = False) -> PdfSigningSession:
        session = super().init_signing_session(pdf_out, existing_fields_only)
        session.system_time = self.at
        return session


class _Drawn(PdfContent):
    """A page of another PDF as the picture of a field."""

    def __init__(self, pdf: bytes) -> None:
        super().__init__()
        self._pdf = pdf

    def render(self) -> bytes:
        page = self._ensure_writer.import_page_as_xobject(PdfFileReader(BytesIO(self._pdf)))
        self.resources.xobject["/Seal"] = page
        left, bottom, right, top = page.get_object()["/BBox"]
        self.box = BoxConstraints(width=abs(right - left), height=abs(top - bottom))
        return b"/Seal Do"


def signed(order: Order, signer: Signer) -> bytes:
    """The PDF with one more signature; the bytes that were there are kept as they are."""
    writer = IncrementalPdfFileWriter(BytesIO(order.pdf))
    is_first = not any(True for _ in enumerate_sig_fields(writer.prev))
    if is_first:
        for field, place in order.places.items():
            append_signature_field(writer, _spec(field, place))
    meta = PdfSignatureMetadata(
        field_name=order.field,
        name=order.name,
        reason=order.reason,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        certify=is_first,
        docmdp_permissions=MDPPerm.FILL_FORMS,
    )
    drawn = StaticStampStyle(background=_Drawn(order.picture), background_opacity=1, border_width=0)
    stamps = Stamps(order.timestamp_url) if order.timestamp_url else None
    machine = _DatedSigner(meta, signer, timestamper=stamps, stamp_style=drawn)
    machine.at = order.at
    result = BytesIO()
    try:
        asyncio.run(
            machine.async_sign_pdf(writer, existing_fields_only=True, bytes_reserved=RESERVED, output=result)
        )
    except TimestampRequestError as error:
        raise no_stamp() from error
    return result.getvalue()


def asn1(der: bytes) -> asn1_x509.Certificate:
    """A certificate in the words of pyHanko."""
    return asn1_x509.Certificate.load(der)


def _spec(field: str, place: SealPlace | None) -> SigFieldSpec:
    if place is None:
        return SigFieldSpec(field)
    left, bottom = round(place.x - HALF), round(place.y - HALF)
    side = round(2 * HALF)
    return SigFieldSpec(field, on_page=place.page - 1, box=(left, bottom, left + side, bottom + side))
