"""Looking into a PDF: which signatures are there and what each is worth. Bytes in, values out.

Files come from anybody. Called directly for files of our own, through ``apart`` for files that people send.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import re
from io import BytesIO
from typing import TYPE_CHECKING, Any

from asn1crypto import parser
from asn1crypto.x509 import Certificate
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESIndeterminate
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation import EmbeddedPdfSignature, SignatureCoverageLevel, async_validate_pdf_signature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import PathError, ValidationError

from shared_resources.kernel.seals.certificates import facts_of
from shared_resources.kernel.seals.report import CannotCheck, Found, Problem, Report, Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from pyhanko.sign.validation.status import PdfSignatureStatus

for _name in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)  # what strangers upload is no news of this machine

HEAD = b"%PDF-"
HEAD_WITHIN = 1024
END = re.compile(rb"startxref\s+\d+\s+%%EOF[\r\n]*")
MOST_REVISIONS = 40
METHODS = frozenset({"rsassa_pkcs1v15", "rsassa_pss", "ecdsa", "ed25519", "ed448"})
WRAPPINGS = frozenset({"/ETSI.CAdES.detached", "/adbe.pkcs7.detached", "/PBAD_PAdES"})
CURVES = frozenset({"secp256r1", "secp384r1", "secp521r1"})
USAGE = KeyUsageConstraints(key_usage={"non_repudiation", "digital_signature"}, match_all_key_usages=False)
CERTIFICATE_PROBLEMS: dict[Any, Problem] = {
    AdESIndeterminate.NO_CERTIFICATE_CHAIN_FOUND: Problem.STRANGER,
    AdESIndeterminate.OUT_OF_BOUNDS_NO_POE: Problem.EXPIRED,
    AdESIndeterminate.OUT_OF_BOUNDS_NOT_REVOKED: Problem.EXPIRED,
    AdESIndeterminate.REVOKED_NO_POE: Problem.REVOKED,
    AdESIndeterminate.REVOKED_CA_NO_POE: Problem.REVOKED,
    AdESIndeterminate.CHAIN_CONSTRAINTS_FAILURE: Problem.UNFIT,
    AdESIndeterminate.SIG_CONSTRAINTS_FAILURE: Problem.UNFIT,
}


def check(
    pdf: bytes, roots: Sequence[bytes], now: datetime, moments: Mapping[str, datetime] | None = None
) -> Report:
    """Check every signature of a PDF. Work for the processor: call it in a thread or a process.

    Args:
        roots: certificates (DER) of the authorities that are trusted.
        now: a certificate has to be good at this instant, or when a trusted time stamp was given.
        moments: by field, the instant of signing where we know it ourselves.

    Raises:
        CannotCheck: it is no PDF, a damaged one or an encrypted one.
        RuntimeError: called in the thread of an event loop.
    """
    if asyncio._get_running_loop() is not None:
        raise RuntimeError("checking blocks: call it in a thread")
    reader = _reader(pdf)
    try:
        fields = [(str(name), value, field) for name, value, field in enumerate_sig_fields(reader)]
    except Exception as error:
        raise CannotCheck(Unreadable.DAMAGED) from error
    known = moments or {}
    return Report(
        sha256=hashlib.sha256(pdf).hexdigest(),
        size=len(pdf),
        signatures=tuple(
            _found(reader, name, field, roots, known.get(name, now))
            for name, value, field in fields
            if _is_seal(value)
        ),
        open_fields=tuple(name for name, value, _ in fields if not value),
        revisions=tuple(_revisions(pdf)),
    )


def vouched(
    certificate: x509.Certificate, chain: Iterable[x509.Certificate], roots: Iterable[bytes], now: datetime
) -> bool:
    """Whether a trusted authority vouches for a certificate, and for sealing letters. Blocks."""
    context = ValidationContext(
        trust_roots=[Certificate.load(root) for root in roots], moment=now, allow_fetching=False
    )
    validator = CertificateValidator(_asn1(certificate), [_asn1(one) for one in chain], context)
    try:
        USAGE.validate(_asn1(certificate))
        asyncio.run(validator.async_validate_path())
    except (PathError, ValidationError):
        return False
    return True


def _asn1(certificate: x509.Certificate) -> Certificate:
    return Certificate.load(certificate.public_bytes(Encoding.DER))


def _reader(pdf: bytes) -> PdfFileReader:
    if HEAD not in pdf[:HEAD_WITHIN]:
        raise CannotCheck(Unreadable.NO_PDF)
    try:
        reader = PdfFileReader(BytesIO(pdf))
        if reader.encrypted:
            raise CannotCheck(Unreadable.ENCRYPTED)
        reader.root["/Pages"]
    except CannotCheck:
        raise
    except Exception as error:
        raise CannotCheck(Unreadable.DAMAGED) from error
    return reader


def _is_seal(value: Any) -> bool:
    """Whether somebody signed here: an empty field has no value, a time stamp on the file is nobody's seal."""
    if not value:
        return False
    try:
        return bool(value.get_object().get("/Type") != "/DocTimeStamp")
    except Exception:
        return True  # what cannot be read is told as such, never left out


def _found(reader: PdfFileReader, name: str, field: Any, roots: Sequence[bytes], moment: datetime) -> Found:
    """One signature; whatever goes wrong with it is said of it and of no other."""
    try:
        said = field.get_object()["/V"]
        bare: dict[str, Any] = {"field": name, "name": _text(said, "/Name"), "reason": _text(said, "/Reason")}
    except Exception:
        return Found(name, problem=Problem.UNREADABLE)
    try:
        embedded = EmbeddedPdfSignature(reader, field.get_object(), name)
    except Exception:
        return Found(**bare, problem=Problem.UNKNOWN)
    facts = _of_certificate(embedded)
    if not _is_known(embedded):
        return Found(**bare, **facts, problem=Problem.UNKNOWN)
    try:
        return Found(**bare, **facts, **_judged(reader, embedded, roots, moment))
    except (UnsupportedAlgorithm, NotImplementedError):
        return Found(**bare, **facts, problem=Problem.UNKNOWN)
    except Exception:
        return Found(**bare, **facts, problem=Problem.UNREADABLE)


def _judged(
    reader: PdfFileReader, embedded: EmbeddedPdfSignature, roots: Sequence[bytes], moment: datetime
) -> dict[str, Any]:
    status = _status(embedded, roots, moment)
    stamped_at = _stamped_at(status)
    if not status.trusted and stamped_at:
        again = EmbeddedPdfSignature(reader, embedded.sig_field, embedded.field_name)
        status = _status(again, roots, stamped_at, moment)
    padded = _has_nothing_hidden(embedded)
    problem = None if status.bottom_line and padded else _problem(status, padded)
    level = status.modification_level
    return {
        "at": stamped_at or status.signer_reported_dt,
        "is_stamped": stamped_at is not None,
        "is_intact": status.intact and status.valid and padded,
        "is_trusted": status.trusted,
        "covers_all": status.coverage == SignatureCoverageLevel.ENTIRE_FILE,
        "changes": level.name.lower() if level is not None else "",
        "is_valid": problem is None,
        "problem": problem,
    }


def _status(
    embedded: EmbeddedPdfSignature, roots: Iterable[bytes], moment: datetime, stamp_moment: datetime | None = None
) -> PdfSignatureStatus:
    """The library's judgement; no list of revoked certificates is fetched, those inside the file are looked at."""
    trusted = [Certificate.load(root) for root in roots]

    def context(at: datetime) -> ValidationContext:
        return ValidationContext(trust_roots=trusted, moment=at, allow_fetching=False)

    return asyncio.run(
        async_validate_pdf_signature(
            embedded, context(moment), context(stamp_moment or moment), key_usage_settings=USAGE
        )
    )


def _stamped_at(status: PdfSignatureStatus) -> datetime | None:
    """The time of a trusted time stamp; what an untrusted one says is a claim like any other."""
    stamp = status.timestamp_validity
    return stamp.timestamp if stamp is not None and stamp.valid and stamp.intact and stamp.trusted else None


def _problem(status: PdfSignatureStatus, padded: bool) -> Problem:
    if not (status.intact and status.valid and padded):
        return Problem.CHANGED
    if status.docmdp_ok is False or status.coverage < SignatureCoverageLevel.ENTIRE_REVISION:
        return Problem.ADDED
    if not status.trusted:
        return CERTIFICATE_PROBLEMS.get(status.trust_problem_indic, Problem.UNFIT)
    return Problem.STAMP if status.timestamp_validity is not None else Problem.OTHER


def _has_nothing_hidden(embedded: EmbeddedPdfSignature) -> bool:
    """Whether the room that was kept for the signature holds nothing behind it: that room is not hashed."""
    room = bytes(embedded.pkcs7_content)
    return not room[parser.peek(room) :].strip(b"\0")


def _of_certificate(embedded: EmbeddedPdfSignature) -> dict[str, Any]:
    try:
        facts = facts_of(x509.load_der_x509_certificate(embedded.signer_cert.dump()))
    except Exception:
        return {}
    return {
        "subject": facts.subject,
        "authority": facts.authority,
        "serial_no": facts.serial_no,
        "valid_from": facts.valid_from,
        "valid_to": facts.valid_to,
        "is_test": facts.is_test,
    }


def _is_known(embedded: EmbeddedPdfSignature) -> bool:
    """Whether we can judge the method at all; national ones (SM2) are somebody else's to verify."""
    try:
        if embedded.sig_object.get("/SubFilter") not in WRAPPINGS:
            return False
        method = embedded.signer_info["signature_algorithm"].signature_algo
        public = embedded.signer_cert.public_key
        return method in METHODS and (public.algorithm != "ec" or public.curve[1] in CURVES)
    except Exception:
        return False


def _revisions(pdf: bytes) -> Iterable[str]:
    """SHA-256 of what the file was before each addition, newest last; the whole file is not among them."""
    ends = [found.end() for found in END.finditer(pdf)][:MOST_REVISIONS]
    return [hashlib.sha256(pdf[:end]).hexdigest() for end in ends if end < len(pdf)]


def _text(said: Any, key: str) -> str:
    return str(said.get(key, ""))[:200]
