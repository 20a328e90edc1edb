"""Small bundles and stores for tests, made by the production code with one fixed key."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import zstandard

from agent import bundle
from agent.bundle import Member, Sealed
from agent.canonical import digest, encode
from agent.journal import GENESIS, Entry, Journal
from agent.keys import LocalSigner, load_signer
from agent.manifest import Tier
from agent.statement import Claim, JournalPoint
from agent.store import Folder

SALT_KEY = b"salt" * 8
SERVICE = "object-store"
LINES = (b'{"id":"arn:aws:s3:::canary-bucket"}', b'{"id":"arn:aws:s3:::other-bucket"}')


def signer(folder: Path, secret: int = 20261001) -> LocalSigner:
    """A fixed key, so that every run makes the same bundles."""
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    path = folder / f"{secret}.pem"
    key = derive_private_key(secret, SECP256R1())
    path.touch(mode=0o600)
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return load_signer(path)


def claim(cycle: str = "2026-10", /, **changes: object) -> Claim:
    """What a seal says of a monthly cycle."""
    year, month = map(int, cycle.split("-"))
    said = {
        "service": SERVICE, "cycle": cycle, "interim": False, "start": datetime(year, month, 1, tzinfo=UTC),
        "end": datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC), "ccm": "4.1.0", "previous": None,
        "journal": JournalPoint(height=0, head=GENESIS), "simulated": True, "tool": "starcadence 0.1.0",
    }  # fmt: skip
    return Claim(**{**said, **changes})  # type: ignore[arg-type]


def report(said: Claim, fingerprint: str, edition: str, /, **changes: object) -> bytes:
    """The part of a report that is held against the statement, and something besides."""
    told = {
        "edition": edition, "service": said.service, "cycle": said.cycle, "interim": said.interim, "start": said.start,
        "end": said.end, "ccm": said.ccm, "simulated": said.simulated, "fingerprint": fingerprint, "counts": {"met": 1},
        "previous_bundle": said.previous, "journal_height": said.journal.height, "journal_head": said.journal.head,
    }  # fmt: skip
    return encode({**told, **changes})


def shard(*lines: bytes) -> bytes:
    """A facts shard."""
    return zstandard.ZstdCompressor(level=3).compress(b"".join(line + b"\n" for line in lines))


def members(said: Claim, fingerprint: str, journal: bytes = b"") -> list[Member]:
    """One member of every kind."""
    return [
        Member(name="public/report.json", tier=Tier.PUBLIC, content=report(said, fingerprint, "public")),
        Member(name="report.json", tier=Tier.AUDITOR, content=report(said, fingerprint, "auditor")),
        Member(name="journal.jsonl", tier=Tier.AUDITOR, content=journal),
        Member(name="gaps.json", tier=Tier.CUSTOMER, content=b'["canary-gap"]'),
        Member(
            name="evidence/facts/aws/111122223333/DataStore-all.jsonl.zst", tier=Tier.AUDITOR, content=shard(*LINES)
        ),
        Member(name="evidence/facts/aws/444455556666/DataStore-all.jsonl.zst", tier=Tier.AUDITOR, content=shard(b"{}")),
    ]


def loose(path: Path, signer: LocalSigner, said: Claim | None = None, more: Sequence[Member] = ()) -> Sealed:
    """A small bundle that lies in no store. `more` replaces members of the same name."""
    said = said or claim()
    every = {member.name: member for member in (*members(said, signer.fingerprint), *more)}
    return bundle.write(path, every.values(), said, signer, SALT_KEY)


@dataclass(frozen=True, kw_only=True)
class Lived:
    """A store that lived through some cycles."""

    root: Path
    signer: LocalSigner
    bundles: dict[str, Path]
    """By cycle."""
    manifests: dict[str, str]


def live(root: Path, signer: LocalSigner, cycles: Sequence[str] = ("2026-08", "2026-09", "2026-10")) -> Lived:
    """A store with one service and these cycles, sealed in the order of the production code."""
    store = Folder(root)
    journal = Journal(store, signer)
    journal.append("committed", "committed", {"programme": "00" * 32}, datetime(2026, 8, 1, tzinfo=UTC))
    bundles: dict[str, Path] = {}
    manifests: dict[str, str] = {}
    for cycle in cycles:
        at = claim(cycle).end
        entry = journal.append("closing", f"closing/{SERVICE}/{cycle}", {"cycle": cycle}, at)
        said = claim(cycle, previous=next(reversed(manifests.values()), None), journal=_point(entry))
        sealed = bundle.write(
            store.temporary(), members(said, signer.fingerprint, journal.upto(entry.height)), said, signer, SALT_KEY
        )
        folder = f"cycles/{SERVICE}/{cycle}"
        bundles[cycle] = root / folder / f"bundle-{digest(sealed.envelope)}.zip"
        manifests[cycle] = sealed.manifest_digest
        assert store.place(sealed.path, bundles[cycle].relative_to(root).as_posix())
        store.put_if_absent(f"{folder}/bundle.sigstore.json", sealed.envelope)
        body = {
            "service": SERVICE,
            "cycle": cycle,
            "manifest": sealed.manifest_digest,
            "envelope": digest(sealed.envelope),
        }
        journal.append("sealed", f"sealed/{SERVICE}/{cycle}", body, at)
    (root / "signing.pub").write_text(signer.public_key.pem)
    return Lived(root=root, signer=signer, bundles=bundles, manifests=manifests)


def _point(entry: Entry) -> JournalPoint:
    return JournalPoint(height=entry.height, head=digest(encode(entry)))


def edited(line: bytes, **changes: object) -> bytes:
    """A canonical JSON object with some values changed."""
    return json.dumps({**json.loads(line), **changes}, sort_keys=True, separators=(",", ":")).encode()
