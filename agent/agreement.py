"""What a bundle's own members say again of what its signed statement says: its journal and its reports must agree with it."""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from agent.edition import MAX_LINE, Edition
from agent.errors import VerificationError
from agent.journal import Chain, check_chain
from agent.keys import PublicKey
from agent.statement import Statement
from agent.succession import key_at

JOURNAL = "journal.jsonl"
REPORTS = {"report.json": "auditor", "public/report.json": "public"}
"""Each report with the edition that it says it is."""
MAX_REPORT = 1 << 29
"""Bytes of a report."""


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """The part of a report (`agent.report.Report`) that the statement says too."""

    edition: str
    service: str
    cycle: str
    interim: bool
    start: datetime
    end: datetime
    ccm: str
    simulated: bool
    fingerprint: str
    previous_bundle: str | None
    journal_height: int
    journal_head: str


def journal_agrees(edition: Edition, statement: Statement, key: PublicKey) -> str | None:
    """Check the journal's links and signatures, and that it ends where the statement says; `None` if it is withheld."""
    if JOURNAL not in edition.tiers:
        _withheld(edition, JOURNAL)
        return None
    chain = journal_of(edition, key)
    if key_at(chain.keys, chain.height).fingerprint != key.fingerprint:
        raise VerificationError(f"it was signed by the key {key.fingerprint}, which had been handed over before")
    point = statement.predicate.journal
    if (chain.height, chain.head) != (point.height, point.head):
        raise VerificationError(
            f"the journal ends at entry {chain.height}, the statement says {point.height}, or with another entry there"
        )
    return f"{chain.height} entries, each signed and following the one before, up to the one that the statement names"


def journal_of(edition: Edition, key: PublicKey) -> Chain:
    """The journal that lies in an edition, checked. Raises `VerificationError`."""
    return check_chain(_lines(edition), key)


def reports_agree(edition: Edition, statement: Statement, key: PublicKey) -> str:
    """Check that each report that is present speaks of the same cycle. Raises `VerificationError`, also if there is none."""
    present = [name for name in REPORTS if name in edition.tiers]
    if not present:
        raise VerificationError("there is no report")
    if "report.json" not in present:
        _withheld(edition, "report.json")
    for name in present:
        told = _told(edition, name)
        expected = _expected(statement, key, REPORTS[name])
        for field in Told.__struct_fields__:
            if getattr(told, field) != getattr(expected, field):
                raise VerificationError(
                    f"{name} says {field} {getattr(told, field)}, the statement {getattr(expected, field)}"
                )
    return f"{' and '.join(present)} speak of the same service, cycle and journal as the statement"


def _told(edition: Edition, name: str) -> Told:
    try:
        return msgspec.json.decode(edition.read(name, MAX_REPORT), type=Told)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise VerificationError(f"{name} is malformed: {error}") from None


def _expected(statement: Statement, key: PublicKey, kind: str) -> Told:
    said = statement.predicate
    return Told(
        edition=kind, service=said.service, cycle=said.cycle, interim=said.interim, start=said.start, end=said.end, ccm=said.ccm,
        simulated=said.simulated, fingerprint=key.fingerprint, previous_bundle=said.previous,
        journal_height=said.journal.height, journal_head=said.journal.head,
    )  # fmt: skip


def _withheld(edition: Edition, name: str) -> None:
    if not edition.withheld:
        raise VerificationError(f"{name} is missing, and the manifest does not list it")


def _lines(edition: Edition) -> Iterator[bytes]:
    with edition.archive.content(JOURNAL) as content:
        while line := content.readline(MAX_LINE):
            if not line.endswith(b"\n"):
                raise VerificationError(f"{JOURNAL} does not end with a line, or has one that is too long")
            yield line[:-1]
