"""Which key may speak for a bundle: one that the reader gave, else the store's own, else the one inside, which speaks for nobody."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum

from agent.agreement import JOURNAL, journal_of
from agent.bundle import SIGNING_KEY
from agent.edition import Edition
from agent.errors import VerificationError
from agent.keys import MAX_KEY_FILE, PublicKey, parse_public
from agent.surroundings import Store


class Authenticated(StrEnum):
    """Whether the signer is who the reader trusts."""

    YES = "yes"
    """By a key that the reader gave."""
    SELF_ASSERTED = "self-asserted"
    """By the key that the store says is its own."""
    NO = "no"
    """Only by the key that lies in the bundle itself."""


@dataclass(frozen=True, kw_only=True)
class Trust:
    """Whom the reader trusts."""

    keys: tuple[PublicKey, ...] = ()
    any_key: bool = False
    """Take a signer for whom nothing speaks."""

    def choose(self, edition: Edition, fingerprint: str, store: Store | None) -> tuple[PublicKey, Authenticated]:
        """The key to check a signature with that is said to be of the key with that fingerprint, and what speaks for it.

        Raises `VerificationError` if the reader or the store has keys, and this is none of them.
        """
        inside = enclosed(edition)
        if inside.fingerprint != fingerprint:
            raise VerificationError(f"{SIGNING_KEY} is the key {inside.fingerprint}, the envelope names {fingerprint}")
        if self.keys:
            for key in self.keys:
                if key.fingerprint == fingerprint:
                    return key, Authenticated.YES
            if _follows(edition, inside, self.keys, store):
                return inside, Authenticated.YES
            raise VerificationError(f"it was signed by the key {fingerprint}, which is none of those that you gave")
        own = store.key() if store else None
        if own is None:
            return inside, Authenticated.NO
        if own.fingerprint != fingerprint and _follows(edition, inside, (own,), store):
            return inside, Authenticated.SELF_ASSERTED
        if own.fingerprint != fingerprint:
            raise VerificationError(
                f"it was signed by the key {fingerprint}, and the store's own key is {own.fingerprint}"
            )
        return own, Authenticated.SELF_ASSERTED


def _follows(edition: Edition, inside: PublicKey, known: tuple[PublicKey, ...], store: Store | None) -> bool:
    """One of the known keys was handed over to the bundle's, or the bundle's to it, as a journal says that all of them signed."""
    trusted = {key.fingerprint for key in known}
    return any(key.fingerprint in trusted for keys in _successions(edition, inside, store) for _, key in keys)


def _successions(
    edition: Edition, inside: PublicKey, store: Store | None
) -> Iterator[tuple[tuple[int, PublicKey], ...]]:
    """The keys of the bundle's own journal, if it is here, and of the store's; of one that does not hold together, none."""
    with suppress(VerificationError):
        if JOURNAL in edition.tiers:
            yield journal_of(edition, inside).keys
    with suppress(VerificationError):
        if store is not None:
            yield store.journal(inside)[0].keys


def enclosed(edition: Edition) -> PublicKey:
    """The public key that a bundle holds. Raises `VerificationError` if there is none."""
    if SIGNING_KEY not in edition.tiers:
        raise VerificationError(f"{SIGNING_KEY} is missing")
    try:
        return parse_public(edition.read(SIGNING_KEY, MAX_KEY_FILE))
    except ValueError as error:
        raise VerificationError(f"{SIGNING_KEY}: {error}") from None
