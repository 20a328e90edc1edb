"""The manifest: every member of a bundle by tier, so that an edition without the higher tiers keeps manifest and signature.

A public member stands under its name with its size and sha256. Any other stands under an opaque name with a salted commitment and no
size, so that nobody can guess what is withheld and find the guess confirmed. The salts are members themselves, one file per tier;
they hold so much randomness that their plain sha256 tells nothing.
"""

import base64
import binascii
import hmac
from enum import StrEnum
from typing import Final, Literal

from agent.canonical import encode
from agent.errors import VerificationError
from agent.statement import Count, MerkleRoot, Sha256, Signed, parse_canonical
from agent.zipform import MAX_MEMBERS

FORMAT: Final = "starcadence-bundle/1"
SALT_SIZE = 32
MAX_MANIFEST = MAX_MEMBERS * 256
"""Bytes of a manifest."""


class Tier(StrEnum):
    """Who may read a member; each tier includes the ones before."""

    PUBLIC = "public"
    CUSTOMER = "customer"
    AUDITOR = "auditor"

    @property
    def rank(self) -> int:
        """0 for public."""
        return list(Tier).index(self)


SALTS = {Tier.CUSTOMER: "salts-customer.jsonl", Tier.AUDITOR: "salts.jsonl"}
"""The member that opens the commitments of its tier."""


class Listed(Signed, frozen=True, kw_only=True, omit_defaults=True):
    """One member."""

    name: str
    """Its path, or for what is withheld from somebody `opaque_name`."""
    tier: Tier
    commitment: Sha256
    """Hex: the sha256 of its content, or `commitment` of it."""
    size: Count | None = None
    """Bytes; said of public members only."""

    @property
    def plain(self) -> bool:
        """It stands under its own name with its own sha256."""
        return self.tier is Tier.PUBLIC or self.name == SALTS[self.tier]


class Manifest(Signed, frozen=True, kw_only=True):
    """The file `manifest.json`."""

    format: Literal["starcadence-bundle/1"]
    members: tuple[Listed, ...]
    """Sorted by name."""
    merkle: MerkleRoot

    def tiers(self) -> set[Tier]:
        """The tiers that have members."""
        return {member.tier for member in self.members}


class Salt(Signed, frozen=True, kw_only=True, omit_defaults=True):
    """One line of a salts file; lines are sorted by path."""

    path: str
    salt: Sha256
    """32 bytes, hex."""
    leaves: str | None = None
    """For a facts shard: the salts of its lines, 32 bytes each, base64."""

    def lines(self) -> tuple[bytes, ...]:
        """The salts of the lines. Raises `VerificationError`."""
        try:
            content = base64.b64decode(self.leaves or "", validate=True)
        except (binascii.Error, ValueError):
            content = b"?"
        if len(content) % SALT_SIZE or base64.b64encode(content).decode() != (self.leaves or ""):
            raise VerificationError(f"the salts of {self.path} are malformed")
        return tuple(content[at : at + SALT_SIZE] for at in range(0, len(content), SALT_SIZE))


def member_salt(salt_key: bytes, path: str, sha256: bytes) -> bytes:
    """The salt of a member: the same for the same content under the same path, so that a bundle can be made again."""
    return _hmac(salt_key, path.encode() + b"\0" + sha256)


def line_salt(salt_key: bytes, line: bytes) -> bytes:
    """The salt of a line of a facts shard. A line is JSON, a path never begins like it: the two kinds of salts differ."""
    return _hmac(salt_key, line)


def opaque_name(salt: bytes, path: str) -> str:
    """The name under which a withheld member stands."""
    return _hmac(salt, b"name\0" + path.encode()).hex()


def commitment(salt: bytes, sha256: bytes) -> str:
    """The salted commitment to a content by its sha256."""
    return _hmac(salt, b"sha256\0" + sha256).hex()


def listed(path: str, tier: Tier, size: int, sha256: bytes, salt: bytes | None) -> Listed:
    """A member as the manifest lists it; `salt` for what does not stand plainly."""
    if salt is not None:
        return Listed(name=opaque_name(salt, path), tier=tier, commitment=commitment(salt, sha256))
    return Listed(name=path, tier=tier, commitment=sha256.hex(), size=size if tier is Tier.PUBLIC else None)


def manifest_bytes(members: list[Listed], merkle: MerkleRoot) -> bytes:
    """The canonical bytes of a manifest."""
    ordered = tuple(sorted(members, key=lambda member: member.name))
    return encode(Manifest(format=FORMAT, members=ordered, merkle=merkle))


def parse_manifest(content: bytes) -> Manifest:
    """Read a manifest. Raises `VerificationError` unless it is one, in canonical bytes, with each name once."""
    manifest = parse_canonical(content, Manifest, "manifest.json")
    names = [member.name for member in manifest.members]
    if names != sorted(set(names)):
        raise VerificationError("manifest.json does not list each member once, in order")
    if any((member.size is None) is (member.tier is Tier.PUBLIC) for member in manifest.members):
        raise VerificationError("manifest.json gives sizes of what is not public, or keeps those of what is")
    return manifest


def parse_salt(line: bytes, file: str) -> Salt:
    """Read one line of a salts file. Raises `VerificationError`."""
    return parse_canonical(line, Salt, f"a line of {file}")


def _hmac(key: bytes, message: bytes) -> bytes:
    return hmac.digest(key, message, "sha256")
