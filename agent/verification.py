"""The results of verifying, as values: what was looked at and what became of it, in plain words."""

from enum import StrEnum

import msgspec

from agent.manifest import Tier
from agent.trust import Authenticated


class State(StrEnum):
    """What became of one thing that was looked at."""

    VERIFIED = "verified"
    REFUSED = "refused"
    WITHHELD = "withheld"
    """This edition does not hold what it would take; the whole bundle does."""
    UNKNOWN = "not known"
    """Nothing here can show it."""


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was looked at."""

    what: str
    state: State
    words: str


class Verification(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one file. What was not reached is `None`."""

    path: str
    ok: bool
    """Nothing was refused, an unauthenticated signer included unless any was taken."""
    checks: tuple[Finding, ...]
    authenticated: Authenticated = Authenticated.NO
    fingerprint: str | None = None
    """Of the signing key: sha256 of the SubjectPublicKeyInfo (DER), hex."""
    manifest: str | None = None
    """sha256 of the manifest, hex: what to note, and to give as `--head` later."""
    edition: Tier | None = None
    service: str | None = None
    cycle: str | None = None
    interim: bool | None = None
    simulated: bool | None = None


class Verified(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of several files together."""

    ok: bool
    """Each of them is, and the cycles among them follow each other. Nothing at all is not ok."""
    bundles: tuple[Verification, ...]
    chains: tuple[Finding, ...]
    """One per service of which several cycles were given."""
