"""Sealing a cycle: one bundle, one envelope, one journal entry, at most once whatever crashes or runs beside it (law 7).

The order: a `closing` entry fixes what goes in; the zip is placed under a name that its envelope gives; the envelope's put-if-absent
is the commit point; a `sealed` entry writes it down. Whoever finds the work half done goes on from there.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec

from agent import anew, bundle, envelope
from agent.accounting import account
from agent.archive import Archive
from agent.canonical import decode, digest, encode
from agent.errors import UsageError
from agent.gathering import gather
from agent.journal import Entry, Journal
from agent.keys import Signer
from agent.material import Closing, Material, Opened, Past
from agent.members import members
from agent.report import Report
from agent.statement import Claim, JournalPoint
from agent.store import Store, refused
from agent.succession import HANDOVER
from agent.version import version
from controls.check import Check

LARGEST_REPORT = 512 * 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Press:
    """What makes bundles: the store, its journal, the keys and the checks."""

    store: Store
    journal: Journal
    signer: Signer
    salt_key: bytes
    checks: tuple[Check, ...]


def seal(press: Press, opened: Opened, closing: Closing, now: datetime) -> Past:
    """Seal one service's cycle, or finish sealing it; return what the journal keeps of it."""
    key = f"{closing.service}/{closing.cycle}"
    if standing := press.journal.find(f"sealed/{key}"):
        return msgspec.convert(standing.body, Past)
    entry = press.journal.append("closing", _closing_key(press.journal, key), msgspec.to_builtins(closing), now)
    closing = msgspec.convert(entry.body, Closing)
    folder = f"cycles/{key}"
    if not press.store.has(f"{folder}/bundle.sigstore.json"):
        _print(press, opened, closing, entry, folder)
    past = _standing(press.store, folder, closing)
    deadline = opened.deadlines.get("sealed")
    if (
        deadline is not None and now > deadline
    ):  # begun in time and cut short, perhaps: what the journal says is when it was done
        past = msgspec.structs.replace(past, late=True)
    return msgspec.convert(press.journal.append("sealed", f"sealed/{key}", msgspec.to_builtins(past), now).body, Past)


def interim(press: Press, opened: Opened, closing: Closing, target: Path) -> Report:
    """Make an interim bundle of the open cycle at a path outside of the chain; nothing is written down."""
    material = gather(
        press.store, press.journal.entries, opened, closing, head=press.journal.head, checks=press.checks,
        fingerprint=press.signer.fingerprint, tool=version(),
    )  # fmt: skip
    report = account(material)
    told = members(material, report, press.store, press.journal)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        bundle.write(target, told, claim(material, report), press.signer, press.salt_key)
    except OSError as error:
        raise UsageError(f"{target}: {error.strerror}; give a path at which a file can be written") from error
    return report


def claim(material: Material, report: Report) -> Claim:
    """What the envelope says of the bundle."""
    return Claim(
        service=report.service, cycle=report.cycle, interim=report.interim, start=report.start, end=report.end, ccm=report.ccm,
        previous=report.previous_bundle, journal=JournalPoint(height=material.height, head=material.head),
        simulated=report.simulated, tool=f"starcadence {version()}",
    )  # fmt: skip


def bundle_name(sealed: bytes) -> str:
    """The file name of the zip that an envelope counts."""
    return f"bundle-{digest(sealed)}.zip"


def _closing_key(journal: Journal, key: str) -> str:
    """Names the event of closing a cycle: once, and once more after each loss that may have taken what was to go in, and
    after the key was handed over: a bundle is signed by the key that signs its closing entry.
    """
    standing = journal.find(f"closing/{key}")
    later = (*anew.entries(journal), *journal.of(HANDOVER))
    after = sum(standing is not None and entry.height > standing.height for entry in later)
    return f"closing/{key}/{after}" if after else f"closing/{key}"


def _print(press: Press, opened: Opened, closing: Closing, entry: Entry, folder: str) -> None:
    """Make the zip, place it, and commit to it."""
    material = gather(
        press.store, press.journal.entries[: entry.height], opened, closing, head=digest(encode(entry)), checks=press.checks,
        fingerprint=press.signer.fingerprint, tool=version(),
    )  # fmt: skip
    report = account(material)
    temporary = press.store.temporary()
    try:
        made = bundle.write(
            temporary,
            members(material, report, press.store, press.journal),
            claim(material, report),
            press.signer,
            press.salt_key,
        )
        press.store.place(temporary, f"{folder}/{bundle_name(made.envelope)}")
        press.store.put_if_absent(f"{folder}/bundle.sigstore.json", made.envelope)
    except OSError as error:
        raise refused(error, temporary) from error
    finally:
        temporary.unlink(missing_ok=True)


def _standing(store: Store, folder: str, closing: Closing) -> Past:
    """What stands sealed, read from its own report."""
    sealed = store.get(f"{folder}/bundle.sigstore.json")
    key = f"{folder}/{bundle_name(sealed)}"
    with store.local(key) as path, Archive.open(path) as archive:
        report = decode(archive.read("report.json", LARGEST_REPORT), Report, what=f"{store.where(key)}: report.json")
    results = {row.id: row.result for row in report.specifications if row.result is not None}
    return Past(
        service=closing.service, cycle=closing.cycle, start=report.start, end=report.end, state=report.state, late=report.sealed_late,
        manifest=envelope.parse(sealed).statement.manifest, envelope=digest(sealed), counts=report.counts, results=results,
    )  # fmt: skip
