"""Handing the signing key over: a `key` entry that the old key signs names the new one, which says that it takes over.

From the next entry on the new key signs. Whoever trusts one of the keys can follow the entries to the others; what a key signs
after it was handed over is refused.
"""

import base64
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from agent.errors import UsageError, VerificationError
from agent.keys import PublicKey, low_s, parse_public

if TYPE_CHECKING:
    from agent.journal import Entry, Journal
    from agent.keys import Signer

HANDOVER = "key"
"""Kind of the entry."""


class Handover(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body of the entry."""

    old: str
    """PEM."""
    new: str
    """PEM."""
    fingerprint: str
    """Of the new key."""
    consent: str
    """Signature (DER, base64) of the new key over what it takes over: nobody can name a key that is not theirs."""
    by: str | None = None


def consented(old: str, new: str) -> bytes:
    """What the new key signs, of two fingerprints."""
    return f"starcadence: the key {new} takes over from {old}\n".encode()


def hand_over(journal: "Journal", old: "Signer", new: "Signer", *, by: str | None, now: datetime) -> "Entry":
    """Write down that `new` signs from now on; `old` signs that. `UsageError` where it is the key already, or was one before."""
    before = {parse_public(entry.body["old"].encode()).fingerprint for entry in journal.of(HANDOVER)}
    known = {entry.body["fingerprint"] for entry in journal.of(HANDOVER)} | before | {old.fingerprint}
    if new.fingerprint in known:
        raise UsageError(f"the key {new.fingerprint} signs already, or did before; make a new one")
    signature = low_s(new.sign(consented(old.fingerprint, new.fingerprint)))
    body = Handover(
        old=old.public_key.pem, new=new.public_key.pem, fingerprint=new.fingerprint,
        consent=base64.b64encode(signature).decode(), by=by,
    )  # fmt: skip
    number = sum(1 for _ in journal.of(HANDOVER)) + 1
    return journal.append(HANDOVER, f"{HANDOVER}/{number}", msgspec.to_builtins(body), now)


def keys_of(entries: Sequence["Entry"], key: PublicKey) -> tuple[tuple[int, PublicKey], ...]:
    """The keys of a journal in their order, each with the height up to which it had not signed yet.

    `key` must be one of them; without a handover it is the only one. Raises `VerificationError` where they do not follow each other.
    """
    found: list[tuple[int, PublicKey]] = []
    for entry in entries:
        if entry.kind == HANDOVER:
            old, new = _said(entry)
            if found and found[-1][1].fingerprint != old.fingerprint:
                raise VerificationError(f"journal line {entry.height} hands over a key that did not sign then")
            found = [*(found or [(0, old)]), (entry.height, new)]
    known = [one.fingerprint for _, one in found]
    if len(set(known)) != len(known):
        raise VerificationError("a key was handed over that had signed before")
    if not found:
        return ((0, key),)
    if key.fingerprint not in known:
        raise VerificationError(f"the key {key.fingerprint} is none of those that the journal hands over")
    return tuple(found)


def key_at(keys: Sequence[tuple[int, PublicKey]], height: int) -> PublicKey:
    """The key that signs the entry of that height, and what rests on it."""
    return next(key for since, key in reversed(keys) if since < max(height, 1))


def _said(entry: "Entry") -> tuple[PublicKey, PublicKey]:
    try:
        body = msgspec.convert(entry.body, Handover)
        old, new = parse_public(body.old.encode()), parse_public(body.new.encode())
        consent = base64.b64decode(body.consent, validate=True)
    except (msgspec.ValidationError, ValueError) as error:
        raise VerificationError(f"journal line {entry.height} hands no key over: {error}") from None
    if body.fingerprint != new.fingerprint:
        raise VerificationError(f"journal line {entry.height} names another key than it holds")
    new.verify(consent, consented(old.fingerprint, new.fingerprint))
    return old, new
