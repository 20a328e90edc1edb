"""Verifying the review that lies beside a bundle: who says to have answered what, over the same manifest as the seal."""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from agent import assertion
from agent.agreement import MAX_REPORT
from agent.answers import Responses, deviation_key
from agent.assertion import REVIEW, SignedAssertion
from agent.canonical import digest
from agent.edition import Edition
from agent.envelope import Envelope
from agent.errors import VerificationError
from agent.journal import Entry
from agent.keys import PublicKey
from agent.statement import parse_canonical
from agent.succession import key_at
from agent.surroundings import Store, small_file
from agent.verification import State

Said = Iterator[tuple[State, str]]


class ToldDeviation(msgspec.Struct, frozen=True, kw_only=True):
    """The part of a report's deviation that names it."""

    check: str
    resource: str


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """The part of a report that a review answers."""

    deviations: tuple[ToldDeviation, ...]


def review(
    path: Path, edition: Edition, sealed: bytes, seal: Envelope, key: PublicKey, trusted: tuple[PublicKey, ...], store: Store | None
) -> Said:  # fmt: skip
    """What is known of a bundle's review; nothing where there is neither one nor a place for it. Raises `VerificationError`.

    `key` is the one that the seal was checked with, `trusted` those that the reader gave.
    """
    said = seal.statement.predicate
    if said.interim or (store is not None and path.resolve().relative_to(store.root).parts[0] != "cycles"):
        return
    content = small_file(path.resolve().with_name(REVIEW))
    entry = _entry(store, key, said.service, said.cycle) if store else None
    if content is None:
        if entry is not None:
            raise VerificationError(f"the journal says that it was reviewed, and {REVIEW} is not here: it was removed")
        if store is not None:
            yield State.UNKNOWN, "whether anybody has reviewed it: no review lies beside it, and the journal names none"
        return
    found = assertion.parse(content)
    _same_cycle(found, sealed, seal)
    if store is not None and entry is not None:  # the provider's key may have been handed over between seal and review
        key = key_at(store.journal(key)[0].keys, entry.height)
    signer = found.reviewer_key() or key
    if found.said.approval == "proven" and signer.fingerprint == key.fingerprint:
        raise VerificationError(
            "the review says that it is signed with the reviewer's own key, and that is the provider's"
        )
    found.authenticate(signer)
    if store is not None and (entry is None or entry.body.get("review") != digest(content)):
        raise VerificationError(
            "the journal does not name this review; `starcadence review` finishes one that was interrupted"
        )
    yield State.VERIFIED, _words(found)
    yield _whose(found, signer, trusted, entry)
    yield _answered(path, edition, found, store)


def _entry(store: Store, key: PublicKey, service: str, cycle: str) -> Entry | None:
    chain, _ = store.journal(key)
    return next((entry for entry in chain.entries if entry.key == f"reviewed/{service}/{cycle}"), None)


def _same_cycle(found: SignedAssertion, sealed: bytes, seal: Envelope) -> None:
    said, cycle = found.said, seal.statement.predicate
    if (found.manifest, said.service, said.cycle, said.envelope) != (
        seal.statement.manifest, cycle.service, cycle.cycle, digest(sealed),
    ):  # fmt: skip
        raise VerificationError(f"{REVIEW} beside it speaks of another bundle ({said.service} {said.cycle})")


def _words(found: SignedAssertion) -> str:
    said = found.said
    return (
        f"{said.reviewer!r} signed at {said.at:%Y-%m-%d %H:%M}Z that all {said.deviations} deviations are answered, "
        f"{said.disputed} of them disputed"
    )


def _whose(
    found: SignedAssertion, signer: PublicKey, trusted: tuple[PublicKey, ...], entry: Entry | None
) -> tuple[State, str]:
    if found.said.approval == "declared":
        return State.VERIFIED, "declared: it is signed with the provider's own key, which says who reviewed"
    if signer.fingerprint in {one.fingerprint for one in trusted}:
        return State.VERIFIED, "proven: it is signed with a reviewer's key that you gave"
    if entry is not None:
        return (
            State.VERIFIED,
            f"proven: it is signed with the key {signer.fingerprint}, which the provider's journal names",
        )
    return (
        State.UNKNOWN,
        f"whose the reviewer's key {signer.fingerprint} is: nothing here names it (give it with --key)",
    )


def _answered(path: Path, edition: Edition, found: SignedAssertion, store: Store | None) -> tuple[State, str]:
    """Hold the responses against the assertion, and against the deviations of the sealed report where that is here."""
    name = f"responses-{found.said.responses}.json"
    content = small_file(path.resolve().with_name(name))
    if content is None:
        if store is not None:
            raise VerificationError(f"{name}, which the review speaks of, is not beside it: it was removed")
        return State.WITHHELD, "the answers themselves do not lie beside this edition"
    if digest(content) != found.said.responses:
        raise VerificationError(f"{name} is not what the review speaks of")
    given = parse_canonical(content, Responses, "the responses")
    said = found.said
    keys = {one.key for one in given.answers}
    if (given.service, given.cycle, given.manifest, given.reviewer, len(given.answers), len(keys)) != (
        said.service, said.cycle, found.manifest, said.reviewer, said.deviations, said.deviations,
    ):  # fmt: skip
        raise VerificationError("the responses and the review speak of different things")
    if "report.json" not in edition.tiers:
        return State.WITHHELD, f"{len(given.answers)} answers, to deviations that this edition does not hold"
    try:
        told = msgspec.json.decode(edition.read("report.json", MAX_REPORT), type=Told)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise VerificationError(f"report.json is malformed: {error}") from None
    if keys != {deviation_key(one.check, one.resource) for one in told.deviations}:
        raise VerificationError("the responses do not answer the deviations of the sealed report")
    return State.VERIFIED, f"{len(given.answers)} answers, one to each deviation of the sealed report"
