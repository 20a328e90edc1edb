"""The management assertion: what a reviewer signs over a sealed cycle, as a second envelope over the same manifest.

It changes nothing of the seal. `declared` is signed with the programme's own key: the provider says that this person has reviewed.
`proven` is signed with a key of the reviewer's, which the assertion holds and the journal's entry names.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Literal

import msgspec

from agent import envelope
from agent.canonical import encode
from agent.envelope import Wrapped
from agent.errors import VerificationError
from agent.keys import PublicKey, Signer, parse_public
from agent.statement import STATEMENT, Count, Sha256, Signed, Subject, parse_canonical

PREDICATE_REVIEW = "https://starcadence.example/review/v1"
"""A name, not an address: `.example` belongs to nobody (RFC 2606)."""
REVIEW = "review.sigstore.json"
"""The file beside a bundle that holds the assertion's envelope."""
WORDS = "I have seen every deviation of this cycle and answered each of them. I have changed no result."
Approval = Literal["declared", "proven"]


class Assertion(Signed, frozen=True, kw_only=True):
    """What the reviewer says."""

    service: str
    cycle: str
    envelope: Sha256
    """sha256 of the seal's envelope, hex."""
    reviewer: Annotated[str, msgspec.Meta(pattern=r"\S")]
    approval: Approval
    key: str | None
    """The reviewer's public key (PEM) where the approval is proven."""
    at: datetime
    """UTC."""
    responses: Sha256
    """sha256 of the responses file, hex."""
    deviations: Count
    disputed: Count
    """Of the deviations: not taken as failures by the reviewer. They stay failures."""
    words: str
    tool: str


class ReviewStatement(Signed, frozen=True, kw_only=True):
    """An in-toto statement about the manifest of a sealed cycle."""

    type: str = msgspec.field(name="_type")
    subject: tuple[Subject]
    predicate_type: str = msgspec.field(name="predicateType")
    predicate: Assertion


@dataclass(frozen=True, kw_only=True)
class SignedAssertion(Wrapped):
    """An assertion's envelope that was read; nothing of it is authenticated yet."""

    statement: ReviewStatement

    @property
    def said(self) -> Assertion:
        """The assertion."""
        return self.statement.predicate

    @property
    def manifest(self) -> str:
        """sha256 of the manifest that it speaks of, hex."""
        return self.statement.subject[0].digest["sha256"]

    def reviewer_key(self) -> PublicKey | None:
        """The reviewer's own key, if the approval says that it is proven. Raises `VerificationError` if it is none."""
        if self.said.key is None:
            return None
        try:
            return parse_public(self.said.key.encode())
        except ValueError as error:
            raise VerificationError(f"the reviewer's key: {error}") from None


def seal(manifest: str, said: Assertion, signer: Signer) -> bytes:
    """The bytes of the envelope in which `signer` asserts this of the manifest with that sha256 (hex)."""
    subject = Subject(name="manifest.json", digest={"sha256": manifest})
    statement = ReviewStatement(type=STATEMENT, subject=(subject,), predicate_type=PREDICATE_REVIEW, predicate=said)
    return envelope.wrap(encode(statement), signer)


def parse(content: bytes) -> SignedAssertion:
    """Read an assertion's envelope. Raises `VerificationError` unless it is exactly what `seal` would have written."""
    found = envelope.unwrap(content)
    statement = parse_canonical(found.payload, ReviewStatement, "the review")
    if (
        statement.type != STATEMENT
        or statement.predicate_type != PREDICATE_REVIEW
        or list(statement.subject[0].digest) != ["sha256"]
    ):
        raise VerificationError("the review is a statement of another kind")
    said = statement.predicate
    if said.at.tzinfo is not UTC or (said.approval == "proven") is not (said.key is not None):
        raise VerificationError("the review does not say, in UTC, when and how it was approved")
    return SignedAssertion(
        fingerprint=found.fingerprint, payload=found.payload, signature=found.signature, statement=statement
    )
