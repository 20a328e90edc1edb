"""What a seal says of a cycle: an in-toto Statement v1 about the manifest, as canonical JSON.

https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md
"""

from datetime import UTC, datetime
from typing import Annotated, Literal, TypeVar

import msgspec

from agent.canonical import encode
from agent.errors import VerificationError

STATEMENT = "https://in-toto.io/Statement/v1"
PREDICATE = "https://starcadence.example/cycle/v1"
"""A name, not an address: `.example` belongs to nobody (RFC 2606)."""
PREDICATE_INTERIM = "https://starcadence.example/interim/v1"
SUBJECT = "manifest.json"

Sha256 = Annotated[str, msgspec.Meta(pattern=r"\A[0-9a-f]{64}\Z")]
"""A digest, hex."""
Count = Annotated[int, msgspec.Meta(ge=0, le=1 << 53)]
T = TypeVar("T")


class Signed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A value that stands in a canonical file."""


class JournalPoint(Signed, frozen=True, kw_only=True):
    """Where the journal stood."""

    height: Count
    """Entries up to here; 0 for an empty journal."""
    head: Sha256
    """sha256 of the entry at `height`, hex; 64 zeros for an empty journal."""


class MerkleRoot(Signed, frozen=True, kw_only=True):
    """RFC 6962 tree over the salted lines of the facts shards."""

    root: Sha256
    leaves: Count


class Claim(Signed, frozen=True, kw_only=True):
    """What the agent says of a cycle when it seals it."""

    service: str
    cycle: str
    interim: bool
    """Made while the cycle was open: not part of the chain of cycles."""
    start: datetime
    """UTC, included."""
    end: datetime
    """UTC, not included."""
    ccm: str
    previous: Sha256 | None
    """sha256 of the manifest of the service's previous sealed cycle, hex; `None` for its first."""
    journal: JournalPoint
    simulated: bool
    """Something was read elsewhere than at a provider's own endpoints."""
    tool: str
    """`starcadence 0.1.0`."""


class Predicate(Claim, frozen=True, kw_only=True):
    """The claim, with the tree that the bundle's evidence gave."""

    merkle: MerkleRoot


class Subject(Signed, frozen=True, kw_only=True):
    """What a statement is about: the manifest, by its sha256 (hex)."""

    name: Literal["manifest.json"]
    digest: dict[Literal["sha256"], Sha256]


class Statement(Signed, frozen=True, kw_only=True):
    """An in-toto statement."""

    type: str = msgspec.field(name="_type")
    subject: tuple[Subject]
    predicate_type: str = msgspec.field(name="predicateType")
    predicate: Predicate

    @property
    def manifest(self) -> str:
        """sha256 of the manifest, hex."""
        return self.subject[0].digest["sha256"]


def state(manifest: str, predicate: Predicate) -> bytes:
    """The canonical bytes of the statement that `predicate` holds for the manifest with that sha256 (hex)."""
    kind = PREDICATE_INTERIM if predicate.interim else PREDICATE
    subject = Subject(name="manifest.json", digest={"sha256": manifest})
    return encode(Statement(type=STATEMENT, subject=(subject,), predicate_type=kind, predicate=predicate))


def parse_statement(payload: bytes) -> Statement:
    """The statement that `payload` holds. Raises `VerificationError` unless it is one of ours, in canonical bytes."""
    statement = parse_canonical(payload, Statement, "the statement")
    expected = PREDICATE_INTERIM if statement.predicate.interim else PREDICATE
    if (
        statement.type != STATEMENT
        or statement.predicate_type != expected
        or list(statement.subject[0].digest) != ["sha256"]
    ):
        raise VerificationError("the statement is of another kind than a Starcadence cycle's")
    start, end = statement.predicate.start, statement.predicate.end
    if start.tzinfo is not UTC or end.tzinfo is not UTC or start >= end:
        raise VerificationError("the statement's cycle does not start before it ends, in UTC")
    return statement


def parse_canonical(content: bytes, kind: type[T], what: str) -> T:
    """Read a value and hold its canonical bytes against what was read. Raises `VerificationError`."""
    try:
        value = msgspec.json.decode(content, type=kind)
        again = encode(value)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise VerificationError(f"{what} is malformed: {error}") from None
    if again != content:
        raise VerificationError(f"{what} is not in its canonical form")
    return value
