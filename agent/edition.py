"""One bundle file, held against its own manifest: digests, names, commitments, completeness, Merkle root.

An edition is a bundle with all members of its tier and of the tiers below, and none of the tiers above.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from agent import facts, merkle
from agent.archive import Archive
from agent.errors import VerificationError
from agent.manifest import (  # fmt: skip
    MAX_MANIFEST,
    SALTS,
    Listed,
    Manifest,
    Salt,
    Tier,
    commitment,
    opaque_name,
    parse_manifest,
    parse_salt,
)

MANIFEST, SUMS, ENVELOPE = "manifest.json", "SHA256SUMS", "bundle.sigstore.json"
UNLISTED = (MANIFEST, SUMS, ENVELOPE)
"""Members that the manifest does not list: itself, and what is made from it."""
MAX_LINE = 16 << 20
"""Bytes of one line of a salts file."""


@dataclass(frozen=True, kw_only=True)
class Edition:
    """A bundle file whose members are those of its manifest."""

    archive: Archive
    digests: Mapping[str, bytes]
    """sha256 of every member."""
    manifest: Manifest
    tiers: Mapping[str, Tier]
    """Of every listed member that is present, by path."""

    @property
    def manifest_digest(self) -> str:
        """sha256 of the manifest, hex: the name of the bundle, whatever its edition."""
        return self.digests[MANIFEST].hex()

    @property
    def tier(self) -> Tier:
        """The highest tier that is present."""
        return max(self.tiers.values(), key=lambda tier: tier.rank, default=Tier.PUBLIC)

    @property
    def withheld(self) -> int:
        """How many members are left out."""
        return len(self.manifest.members) - len(self.tiers)

    def read(self, name: str, limit: int) -> bytes:
        """A whole member. Raises `VerificationError` where it is no longer what was verified."""
        content = self.archive.read(name, limit)
        if hashlib.sha256(content).digest() != self.digests[name]:
            raise VerificationError(f"{name} changed while it was read")
        return content


def read(archive: Archive) -> Edition:
    """Hold an archive against its checksums and its manifest. Raises `VerificationError`; signatures are not looked at."""
    digests = checked_digests(archive)
    manifest = parse_manifest(archive.read(MANIFEST, MAX_MANIFEST))
    return matched(archive, digests, manifest)


def sums(digests: Mapping[str, bytes]) -> bytes:
    """The file for `sha256sum -c`, over everything before it, in the order of the archive."""
    return b"".join(
        b"%s  %s\n" % (digest.hex().encode(), name.encode())
        for name, digest in digests.items()
        if name not in {SUMS, ENVELOPE}
    )


def checked_digests(archive: Archive) -> dict[str, bytes]:
    """The sha256 of every member. Raises `VerificationError` unless checksums and SHA256SUMS agree with the contents."""
    digests = {name: archive.digest(name) for name in archive.entries}
    for name in UNLISTED:
        if name not in digests:
            raise VerificationError(f"not a bundle: {name} is missing")
    expected = sums(digests)
    if archive.read(SUMS, len(expected)) != expected:
        raise VerificationError("SHA256SUMS does not say what the members are")
    return digests


def matched(archive: Archive, digests: Mapping[str, bytes], manifest: Manifest) -> Edition:
    """Find every member in the manifest. Raises `VerificationError` where one is foreign, changed or missing, or lines differ."""
    by_name = {member.name: member for member in manifest.members}
    tiers = _plain(archive, digests, by_name)
    tree = merkle.Tree()
    for tier, file in SALTS.items():
        if file not in tiers:
            continue
        for salt in _salts(archive, file):
            _open(salt, tier, digests, by_name)
            _grow(tree, archive, salt)
            tiers[salt.path] = tier
    edition = Edition(archive=archive, digests=digests, manifest=manifest, tiers=tiers)
    _complete(edition)
    if not edition.withheld and tree.result() != manifest.merkle:
        raise VerificationError("the Merkle root is not the one over the facts shards")
    return edition


def _plain(archive: Archive, digests: Mapping[str, bytes], by_name: Mapping[str, Listed]) -> dict[str, Tier]:
    """Members under their own names; all others wait for their salts."""
    tiers = {}
    for name, entry in archive.entries.items():
        member = by_name.get(name)
        if name in UNLISTED or member is None or not member.plain:
            continue
        if member.commitment != digests[name].hex() or member.size not in {None, entry.size}:
            raise VerificationError(f"{name} is not what the manifest says")
        tiers[name] = member.tier
    return tiers


def _salts(archive: Archive, file: str) -> Iterator[Salt]:
    last = ""
    with archive.content(file) as content:
        while line := content.readline(MAX_LINE):
            salt = parse_salt(line.removesuffix(b"\n"), file)
            if not line.endswith(b"\n") or salt.path <= last:
                raise VerificationError(f"{file} does not name each member once, in order")
            yield salt
            last = salt.path


def _open(salt: Salt, tier: Tier, digests: Mapping[str, bytes], by_name: Mapping[str, Listed]) -> None:
    """Hold one withheld member against its commitment."""
    secret = bytes.fromhex(salt.salt)
    member = by_name.get(opaque_name(secret, salt.path))
    if member is None or member.plain or member.tier is not tier:
        raise VerificationError(f"{salt.path} is not in the manifest as a member for the tier {tier}")
    if salt.path not in digests:
        raise VerificationError(f"{salt.path} is missing")
    if member.commitment != commitment(secret, digests[salt.path]):
        raise VerificationError(f"{salt.path} is not what the manifest says")
    if facts.is_facts(salt.path) is not (salt.leaves is not None) or (
        salt.leaves is not None and tier is not Tier.AUDITOR
    ):
        raise VerificationError(f"{salt.path} has salts of another kind than its own")


def _grow(tree: merkle.Tree, archive: Archive, salt: Salt) -> None:
    """Add the lines of a facts shard to the tree."""
    if salt.leaves is None:
        return
    salts = salt.lines()
    count = 0
    with archive.content(salt.path) as packed:
        for line in facts.lines(packed, salt.path):
            if count < len(salts):
                tree.add(merkle.leaf(salts[count], line))
            count += 1
    if count != len(salts):
        raise VerificationError(f"{salt.path} has {count} lines and {len(salts)} salts")


def _complete(edition: Edition) -> None:
    """All of the tiers up to the edition's, nothing of the others, nothing besides."""
    foreign = [name for name in edition.digests if name not in edition.tiers and name not in UNLISTED]
    if foreign:
        raise VerificationError(f"{foreign[0]} is not in the manifest")
    expected = Counter(member.tier for member in edition.manifest.members)
    present = Counter(edition.tiers.values())
    for tier in Tier:
        if present[tier] != expected[tier] and tier.rank <= edition.tier.rank:
            raise VerificationError(f"{expected[tier] - present[tier]} members for the tier {tier} are missing")
