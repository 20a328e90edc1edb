"""Envelopes and statements: what others' tools read, in one form only."""

import base64
import json
from pathlib import Path

import msgspec
import pytest

from agent import envelope
from agent.envelope import MAX_SIGNED, pae
from agent.errors import VerificationError
from agent.statement import MerkleRoot, Predicate, parse_statement, state
from tests.agent import bundles

MANIFEST = "ab" * 32
TREE = MerkleRoot(root="cd" * 32, leaves=7)


def predicate(**changes: object) -> Predicate:
    return Predicate(**msgspec.structs.asdict(bundles.claim(**changes)), merkle=TREE)


@pytest.fixture(scope="module")
def signer(tmp_path_factory: pytest.TempPathFactory):
    return bundles.signer(tmp_path_factory.mktemp("keys"))


@pytest.fixture(scope="module")
def sealed(signer) -> bytes:
    return envelope.seal(MANIFEST, predicate(), signer)


def test_pae_is_the_example_of_the_dsse_protocol() -> None:
    assert (
        pae("http://example.com/HelloWorld", b"hello world")
        == b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
    )


def test_a_sealed_envelope_is_read_and_authenticated(sealed: bytes, signer) -> None:
    parsed = envelope.parse(sealed)
    parsed.authenticate(signer.public_key)
    assert parsed.statement.manifest == MANIFEST
    assert parsed.statement.predicate == predicate()
    assert envelope.seal(MANIFEST, predicate(), signer) == sealed


def test_another_key_is_refused(sealed: bytes, tmp_path: Path) -> None:
    with pytest.raises(VerificationError, match="was signed by the key"):
        envelope.parse(sealed).authenticate(bundles.signer(tmp_path, secret=7).public_key)


@pytest.mark.parametrize("interim", [False, True])
def test_in_toto_reads_the_statement(interim: bool) -> None:
    from google.protobuf import json_format
    from in_toto_attestation.v1.statement import Statement
    from in_toto_attestation.v1.statement_pb2 import Statement as Message

    content = state(MANIFEST, predicate(interim=interim))
    Statement.copy_from_pb(json_format.Parse(content, Message())).validate()
    assert json.loads(content)["predicateType"].endswith("/interim/v1" if interim else "/cycle/v1")


def test_the_hint_is_the_digest_of_the_key_and_there_is_one_signature(sealed: bytes, signer) -> None:
    told = json.loads(sealed)
    assert told["mediaType"] == "application/vnd.dev.sigstore.bundle.v0.3+json"
    assert base64.b64decode(told["verificationMaterial"]["publicKey"]["hint"]).hex() == signer.fingerprint
    assert len(told["dsseEnvelope"]["signatures"]) == 1


def change(content: bytes, *path: str | int, to: object) -> bytes:
    told = json.loads(content)
    place = told
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = to(place[path[-1]]) if callable(to) else to
    return json.dumps(told, sort_keys=True, separators=(",", ":")).encode()


DSSE = "dsseEnvelope"
MALFORMED = {
    "a space": lambda sealed: sealed.replace(b",", b", ", 1),
    "a line end": lambda sealed: sealed + b"\n",
    "nothing": lambda _: b"",
    "no JSON": lambda _: b"{",
    "not UTF-8": lambda sealed: b"\xff" + sealed,
    "deep": lambda _: b"[" * 8000,
    "too long": lambda sealed: sealed + b" " * envelope.MAX_ENVELOPE,
    "another order": lambda sealed: json.dumps(
        dict(reversed(json.loads(sealed).items())), separators=(",", ":")
    ).encode(),
    "an unknown key": lambda sealed: sealed[:-1] + b',"zzz":1}',
    "a key twice": lambda sealed: sealed[:-1] + b',"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json"}',
    "another media type": lambda sealed: change(sealed, "mediaType", to="application/json"),
    "another payload type": lambda sealed: change(sealed, DSSE, "payloadType", to="text/plain"),
    "no signature": lambda sealed: change(sealed, DSSE, "signatures", to=[]),
    "two signatures": lambda sealed: change(sealed, DSSE, "signatures", to=lambda one: one * 2),
    "two keys": lambda sealed: change(sealed, DSSE, "signatures", 0, "keyid", to="00" * 32),
    "no base64": lambda sealed: change(sealed, DSSE, "payload", to="?"),
    "loose base64": lambda sealed: change(sealed, DSSE, "signatures", 0, "sig", to=lambda one: one + "\n"),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_an_envelope_in_another_form_is_refused(name: str, sealed: bytes) -> None:
    with pytest.raises(VerificationError):
        envelope.parse(MALFORMED[name](sealed))


def payload_changed(sealed: bytes, payload: bytes) -> bytes:
    return change(sealed, DSSE, "payload", to=base64.b64encode(payload).decode())


def test_unused_bits_of_base64_are_refused(sealed: bytes) -> None:
    told = json.loads(sealed)["dsseEnvelope"]["signatures"][0]["sig"]
    padded = base64.b64encode(base64.b64decode(told)[:70]).decode()
    assert padded.endswith("==")
    twin = padded[:-3] + chr(ord(padded[-3]) + 1) + "=="
    assert base64.b64decode(twin) == base64.b64decode(padded)
    with pytest.raises(VerificationError, match="canonical"):
        envelope.parse(change(sealed, DSSE, "signatures", 0, "sig", to=twin))


SUBJECT = b'{"digest":{"sha256":"%s"},"name":"manifest.json"}' % MANIFEST.encode()
STATEMENTS = {
    "not canonical": (b",", b", "),
    "another type": (b"Statement/v1", b"Statement/v0.1"),
    "interim by its type only": (b"/cycle/v1", b"/interim/v1"),
    "interim by its word only": (b'"interim":false', b'"interim":true'),
    "no subject": (SUBJECT, b""),
    "two subjects": (SUBJECT, SUBJECT + b"," + SUBJECT),
    "another subject": (b"manifest.json", b"manifest.yaml"),
    "no digest": (b'{"sha256":"%s"}' % MANIFEST.encode(), b"{}"),
    "a digest in capitals": (MANIFEST.encode(), MANIFEST.upper().encode()),
    "another time zone": (b"2026-10-01T00:00:00Z", b"2026-10-01T02:00:00+02:00"),
    "no time zone": (b"T00:00:00Z", b"T00:00:00"),
    "an end before its start": (b"2026-11-01", b"2026-09-01"),
    "a negative height": (b'"height":0', b'"height":-1'),
}


@pytest.mark.parametrize("name", STATEMENTS)
def test_a_statement_in_another_form_is_refused(name: str) -> None:
    content = state(MANIFEST, predicate())
    parse_statement(content)
    changed = content.replace(*STATEMENTS[name])
    assert changed != content
    with pytest.raises(VerificationError):
        parse_statement(changed)


def test_a_changed_statement_is_not_authentic(sealed: bytes, signer) -> None:
    changed = payload_changed(sealed, state(MANIFEST, predicate(simulated=False)))
    with pytest.raises(VerificationError):
        envelope.parse(changed).authenticate(signer.public_key)


def test_what_is_signed_fits_into_a_key_service(signer, sealed: bytes) -> None:
    with pytest.raises(ValueError, match="more than a key service signs"):
        envelope.seal(MANIFEST, predicate(tool="x" * MAX_SIGNED), signer)
    with pytest.raises(VerificationError, match="4096"):
        envelope.parse(payload_changed(sealed, state(MANIFEST, predicate(tool="x" * MAX_SIGNED))))


def test_a_journal_signature_holds_for_its_entry_and_purpose_only(signer, tmp_path: Path) -> None:
    signature = envelope.sign_entry(b'{"height":1}', signer)
    envelope.verify_entry(b'{"height":1}', signature, signer.public_key)
    with pytest.raises(VerificationError):
        envelope.verify_entry(b'{"height":2}', signature, signer.public_key)
    with pytest.raises(VerificationError):
        envelope.verify_entry(b'{"height":1}', signature, bundles.signer(tmp_path, secret=7).public_key)
    as_statement = envelope.Signature(
        keyid=signer.fingerprint, sig=base64.b64encode(signer.sign(b'{"height":1}')).decode()
    )
    with pytest.raises(VerificationError):
        envelope.verify_entry(b'{"height":1}', as_statement, signer.public_key)
