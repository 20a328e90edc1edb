"""Making bundle files: `write` seals a cycle into one, `cut` makes the edition of a lower tier. The same inputs give the same bytes."""

import io
import os
import tempfile
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import msgspec

from agent import envelope, facts, merkle
from agent.archive import Archive, Writer, Written
from agent.canonical import encode
from agent.edition import ENVELOPE, MANIFEST, SUMS, read, sums
from agent.errors import UsageError
from agent.keys import Signer
from agent.manifest import SALTS, Listed, Salt, Tier, line_salt, listed, manifest_bytes, member_salt
from agent.statement import Claim, Predicate
from agent.zipform import TAIL, fault, place

SIGNING_KEY = "signing.pub"
"""The member that holds the public key: what a reader without any other key checks the signature with."""

Content = bytes | Path | Callable[[], BinaryIO]
"""Bytes, a file, or what opens a stream."""


@dataclass(frozen=True, kw_only=True)
class Member:
    """Something to put into a bundle."""

    name: str
    tier: Tier
    content: Content


@dataclass(frozen=True, kw_only=True)
class Sealed:
    """A bundle that was written."""

    path: Path
    manifest_digest: str
    """sha256 of its manifest, hex."""
    envelope: bytes
    """What stands beside the bundle as `bundle.sigstore.json`."""


@dataclass(kw_only=True)
class _Sealing:
    """What a bundle in the making has so far."""

    writer: Writer
    salt_key: bytes
    salts: Mapping[Tier, BinaryIO]
    listed: list[Listed] = field(default_factory=list)
    digests: dict[str, bytes] = field(default_factory=dict)
    tree: merkle.Tree = field(default_factory=merkle.Tree)

    def add(self, name: str, content: BinaryIO) -> Written:
        """Write a member."""
        written = self.writer.add(name, content)
        self.digests[name] = written.sha256
        return written

    def enlist(self, member: Member) -> None:
        """Write a member and list it; keep its salt if it may be withheld."""
        leaves = None
        with _opened(member.content) as content:
            if facts.is_facts(member.name):
                packed = io.BytesIO(content.read())
                leaves = self._grow(packed, member.name)
                written = self.add(member.name, packed)
            else:
                written = self.add(member.name, content)
        salt = None
        if member.tier is not Tier.PUBLIC:
            salt = member_salt(self.salt_key, member.name, written.sha256)
            line = Salt(path=member.name, salt=salt.hex(), leaves=leaves)
            self.salts[member.tier].write(encode(line) + b"\n")
        self.listed.append(listed(member.name, member.tier, written.size, written.sha256, salt))

    def enlist_salts(self) -> None:
        """Write and list the salts of each tier that has members."""
        for tier, spool in self.salts.items():
            if spool.tell():
                spool.seek(0)
                written = self.add(SALTS[tier], spool)
                self.listed.append(listed(SALTS[tier], tier, written.size, written.sha256, None))

    def close(self, claim: Claim, signer: Signer) -> tuple[str, bytes]:
        """Write manifest, checksums and envelope; return the manifest's digest and the envelope."""
        tree = self.tree.result()
        manifest = self.add(MANIFEST, io.BytesIO(manifest_bytes(self.listed, tree))).sha256.hex()
        self.add(SUMS, io.BytesIO(sums(self.digests)))
        predicate = Predicate(**msgspec.structs.asdict(claim), merkle=tree)
        signed = envelope.seal(manifest, predicate, signer)
        self.add(ENVELOPE, io.BytesIO(signed))
        self.writer.finish()
        return manifest, signed

    def _grow(self, packed: BinaryIO, name: str) -> str:
        salts = []
        for line in facts.lines(packed, name):
            salts.append(line_salt(self.salt_key, line))
            self.tree.add(merkle.leaf(salts[-1], line))
        packed.seek(0)
        return b64encode(b"".join(salts)).decode("ascii")


def write(path: Path, members: Iterable[Member], claim: Claim, signer: Signer, salt_key: bytes) -> Sealed:
    """Write a bundle at `path`, where nothing may stand; on any error nothing does.

    The caller gives a temporary path and moves the file to its place. Raises `ValueError` for names that cannot stand together, for
    facts shards outside of the auditor's tier, and for members whose names are the bundle's own.
    """
    key = Member(name=SIGNING_KEY, tier=Tier.PUBLIC, content=signer.public_key.pem.encode("ascii"))
    ordered = sorted((*members, key), key=lambda member: place(member.name))
    _refuse(ordered)
    with ExitStack() as stack:
        file = stack.enter_context(_fresh(path))
        spools = {tier: stack.enter_context(tempfile.TemporaryFile(dir=path.parent)) for tier in SALTS}
        sealing = _Sealing(writer=Writer(file), salt_key=salt_key, salts=spools)
        for member in ordered:
            sealing.enlist(member)
        sealing.enlist_salts()
        manifest, signed = sealing.close(claim, signer)
    return Sealed(path=path, manifest_digest=manifest, envelope=signed)


def cut(bundle: Path, tier: Tier, out: Path) -> None:
    """Write the edition of a bundle for `tier` at `out`: same manifest, same envelope, the higher tiers left out.

    Raises `VerificationError` for a bundle whose members are not those of its manifest, `UsageError` if it has itself less than
    `tier`, or if something stands at `out`.
    """
    with Archive.open(bundle) as archive:
        edition = read(archive)
        if edition.tier.rank < tier.rank and any(
            member.tier.rank > edition.tier.rank for member in edition.manifest.members
        ):
            raise UsageError(
                f"{bundle}: this is itself the {edition.tier} edition; cut the {tier} edition from the whole bundle"
            )
        with _fresh(out) as file:
            writer = Writer(file)
            digests = {}
            for name in archive.entries:
                if name == MANIFEST or (name in edition.tiers and edition.tiers[name].rank <= tier.rank):
                    digests[name] = writer.add(name, archive.content(name)).sha256
            writer.add(SUMS, io.BytesIO(sums(digests)))
            writer.add(ENVELOPE, archive.content(ENVELOPE))
            writer.finish()


def _refuse(members: list[Member]) -> None:
    names = [member.name for member in members]
    wrong = fault(names)
    if wrong or set(names) & set(TAIL):
        raise ValueError(wrong or "a member has one of the bundle's own names")
    for member in members:
        if facts.is_facts(member.name) and member.tier is not Tier.AUDITOR:
            raise ValueError(f"{member.name} is evidence, and so for the auditor only")


@contextmanager
def _fresh(path: Path) -> Iterator[BinaryIO]:
    """A new file that is on disk at the end, and gone after an error."""
    try:
        file = path.open("xb")
    except FileExistsError:
        raise UsageError(f"{path}: something stands there already; give another path") from None
    try:
        with file:
            yield file
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise


@contextmanager
def _opened(content: Content) -> Iterator[BinaryIO]:
    if isinstance(content, bytes):
        yield io.BytesIO(content)
        return
    with content.open("rb") if isinstance(content, Path) else content() as file:
        yield file
