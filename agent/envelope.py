"""Signatures: DSSE over a statement in a Sigstore bundle v0.3, and DSSE over journal entries.

https://github.com/secure-systems-lab/dsse/blob/master/protocol.md and sigstore_bundle.proto of sigstore/protobuf-specs. The bundle
holds exactly one signature, of a key that its `hint` names: base64 of the sha256 of the SubjectPublicKeyInfo, as recommended there.
"""

import base64
import binascii
from dataclasses import dataclass

from agent.canonical import encode
from agent.errors import VerificationError
from agent.keys import PublicKey, Signer, low_s
from agent.statement import Predicate, Signed, Statement, parse_canonical, parse_statement, state

MEDIA_TYPE = "application/vnd.dev.sigstore.bundle.v0.3+json"
STATEMENT_TYPE = "application/vnd.in-toto+json"
JOURNAL_TYPE = "application/vnd.starcadence.journal+json"
MAX_SIGNED = 4096
"""Bytes of a signed message: the most that AWS KMS signs RAW."""
MAX_ENVELOPE = 16384
"""Bytes of an envelope file."""


class Signature(Signed, frozen=True, kw_only=True):
    """One DSSE signature."""

    keyid: str
    """The key's fingerprint. Unsigned, and so held against the key that verified."""
    sig: str
    """Base64 of the DER signature."""


class DsseEnvelope(Signed, frozen=True, kw_only=True, rename="camel"):
    """DSSE's JSON envelope."""

    payload: str
    payload_type: str
    signatures: tuple[Signature]


class KeyHint(Signed, frozen=True, kw_only=True):
    """Which public key to use."""

    hint: str


class Material(Signed, frozen=True, kw_only=True, rename="camel"):
    """Sigstore's verification material: here a public key that the verifier knows from elsewhere."""

    public_key: KeyHint


class SigstoreBundle(Signed, frozen=True, kw_only=True, rename="camel"):
    """The file `bundle.sigstore.json`."""

    media_type: str
    verification_material: Material
    dsse_envelope: DsseEnvelope


@dataclass(frozen=True, kw_only=True)
class Wrapped:
    """An envelope file that was read; nothing of it is authenticated until `authenticate` was called."""

    fingerprint: str
    """Of the key that is said to have signed it."""
    payload: bytes
    """An in-toto statement."""
    signature: bytes

    def authenticate(self, key: PublicKey) -> None:
        """Raise `VerificationError` unless this key signed the statement."""
        if key.fingerprint != self.fingerprint:
            raise VerificationError(f"it was signed by the key {self.fingerprint}, not by {key.fingerprint}")
        key.verify(self.signature, pae(STATEMENT_TYPE, self.payload))


@dataclass(frozen=True, kw_only=True)
class Envelope(Wrapped):
    """The envelope of a seal, with what it says of the cycle."""

    statement: Statement


def pae(payload_type: str, payload: bytes) -> bytes:
    """DSSE's pre-authentication encoding: what is really signed."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)


def seal(manifest: str, predicate: Predicate, signer: Signer) -> bytes:
    """The bytes of the envelope in which `signer` says `predicate` of the manifest with that sha256 (hex)."""
    return wrap(state(manifest, predicate), signer)


def wrap(payload: bytes, signer: Signer) -> bytes:
    """The bytes of the envelope in which `signer` says a statement, given as its canonical bytes."""
    message = pae(STATEMENT_TYPE, payload)
    if len(message) > MAX_SIGNED:
        raise ValueError(f"a statement of {len(payload)} bytes is more than a key service signs")
    dsse = DsseEnvelope(
        payload=_text(payload), payload_type=STATEMENT_TYPE, signatures=(_sign(message, signer),)
    )  # fmt: skip
    material = Material(public_key=KeyHint(hint=_text(bytes.fromhex(signer.fingerprint))))
    return encode(SigstoreBundle(media_type=MEDIA_TYPE, verification_material=material, dsse_envelope=dsse))


def parse(content: bytes) -> Envelope:
    """Read the envelope of a seal. Raises `VerificationError` unless it is exactly what `seal` would have written."""
    found = unwrap(content)
    return Envelope(
        fingerprint=found.fingerprint, statement=parse_statement(found.payload), payload=found.payload, signature=found.signature
    )  # fmt: skip


def unwrap(content: bytes) -> Wrapped:
    """Read an envelope file. Raises `VerificationError` unless it is exactly what `wrap` would have written."""
    if len(content) > MAX_ENVELOPE:
        raise VerificationError(f"the envelope has more than {MAX_ENVELOPE} bytes")
    bundle = parse_canonical(content, SigstoreBundle, "the envelope")
    dsse, (signature,) = bundle.dsse_envelope, bundle.dsse_envelope.signatures
    if bundle.media_type != MEDIA_TYPE or dsse.payload_type != STATEMENT_TYPE:
        raise VerificationError("the envelope is not a Sigstore bundle v0.3 over an in-toto statement")
    fingerprint = _bytes(bundle.verification_material.public_key.hint).hex()
    if signature.keyid != fingerprint:
        raise VerificationError("the envelope names two different keys")
    payload = _bytes(dsse.payload)
    if len(pae(STATEMENT_TYPE, payload)) > MAX_SIGNED:
        raise VerificationError(f"the statement has more than {MAX_SIGNED} bytes")
    return Wrapped(fingerprint=fingerprint, payload=payload, signature=_bytes(signature.sig))


def sign_entry(entry: bytes, signer: Signer) -> Signature:
    """Sign a journal entry: the canonical JSON of it without its `signature`."""
    return _sign(pae(JOURNAL_TYPE, entry), signer)


def verify_entry(entry: bytes, signature: Signature, key: PublicKey) -> None:
    """Raise `VerificationError` unless `key` signed the entry (its canonical JSON without `signature`)."""
    if signature.keyid != key.fingerprint:
        raise VerificationError(f"it was signed by the key {signature.keyid}, not by {key.fingerprint}")
    key.verify(_bytes(signature.sig), pae(JOURNAL_TYPE, entry))


def _sign(message: bytes, signer: Signer) -> Signature:
    return Signature(keyid=signer.fingerprint, sig=_text(low_s(signer.sign(message))))


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")


def _bytes(text: str) -> bytes:
    """Canonical base64 only: `b64decode` would let unused bits pass."""
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise VerificationError("the envelope holds what is not base64") from None
    if _text(content) != text:
        raise VerificationError("the envelope holds base64 that is not in its canonical form")
    return content
