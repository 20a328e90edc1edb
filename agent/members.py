"""What goes into a bundle, name by name, from one report and the records behind it."""

import csv
import io
from collections.abc import Iterator

import zstandard

from agent.bundle import Member
from agent.canonical import encode, stamp
from agent.dossier import Dossier
from agent.exports.caiq import answers
from agent.exports.ocsf import compliance_findings
from agent.exports.oscal import assessment_results
from agent.journal import Journal
from agent.manifest import Tier
from agent.material import Material
from agent.method import method
from agent.packs import sources
from agent.page import render
from agent.plugins import packages
from agent.report import Report, public
from agent.store import Store

COLUMNS = (
    "specification", "title", "domain", "committed", "responsibility", "basis", "reach", "unseen", "result", "closing", "previous",
    "slo", "tolerance",
)  # fmt: skip


def members(material: Material, report: Report, store: Store, journal: Journal) -> Iterator[Member]:
    """Every member of the bundle, except those that the bundle adds itself (manifest, salts, sums, envelope, public key)."""
    yield from figures(report)
    yield _json("approved-exceptions.json", material.exceptions)
    rules = {check.name: check.digest for check in material.checks}
    yield _json(
        "rules.json",
        {"tool": material.tool, "checks": rules, "method": method(), "packages": packages(material.checks)},
    )
    for name, source in sources(material.checks).items():
        yield Member(name=f"packs/{name}.yaml", tier=Tier.AUDITOR, content=source)
    yield _json("programme.json", material.programme)
    yield from _papers(material, store)
    yield _json("cycle.json", {"opened": material.opened, "closing": material.closing})
    yield Member(name="journal.jsonl", tier=Tier.AUDITOR, content=journal.upto(material.height))
    for due in material.dues:
        if due.sweep is not None:
            yield _json(f"sweeps/{stamp(due.sweep.slot)}.json", due.sweep)
    yield from _evidence(material, store)


def specifications_csv(report: Report) -> bytes:
    """One row for each specification of the CCM version, committed or not: no row is ever hidden."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in report.specifications:
        writer.writerow(
            (
                row.id, row.title, row.domain, "yes" if row.committed else "no", row.responsibility or "", row.basis, row.reach,
                row.unseen, row.result or "", row.closing or "", row.previous or "", row.slo or "", row.tolerance or "",
            )
        )  # fmt: skip
    return text.getvalue().encode()


def figures(report: Report) -> Iterator[Member]:
    """Every member that shows the report's numbers, the auditor's edition and the public one: one set of numbers, made together."""
    yield _json("gaps.json", report.gaps)
    yield Member(name="ocsf/compliance-findings.jsonl", tier=Tier.AUDITOR, content=compliance_findings(report))
    yield Member(name="oscal/assessment-results.json", tier=Tier.AUDITOR, content=assessment_results(report))
    yield Member(name="caiq.xlsx", tier=Tier.PUBLIC, content=answers(public(report)))
    for edition, folder, tier in ((report, "", Tier.AUDITOR), (public(report), "public/", Tier.PUBLIC)):
        yield Member(name=f"{folder}report.html", tier=tier, content=render(edition).encode())
        yield Member(name=f"{folder}report.json", tier=tier, content=encode(edition))
        yield Member(name=f"{folder}metrics.json", tier=tier, content=encode(edition.metrics))
        yield Member(name=f"{folder}specifications.csv", tier=tier, content=specifications_csv(edition))


def _papers(material: Material, store: Store) -> Iterator[Member]:
    """The dossier as it was read, and the content of what says that it is published."""
    if material.dossier == Dossier():
        return
    yield _json("records/dossier.json", material.dossier)
    for one in material.dossier.records:
        if one.publish is not None and f"record {one.id}" not in material.dossier.withdrawn:
            yield Member(name=f"records/content/{one.id}", tier=Tier(one.publish), content=store.read(one.digest))


def _evidence(material: Material, store: Store) -> Iterator[Member]:
    """The closing sweep: its plan, its parts, and every blob that they name, as it lies in the store."""
    if material.plan is None:
        return
    yield _json("evidence/plan.json", material.plan)
    if material.baseline is not None:
        yield _packed(store, f"evidence/baseline/{material.service.id}.jsonl.zst", material.baseline.blob)
    for part in material.parts:
        account = f"{part.provider}-{part.account}"
        yield _json(f"evidence/parts/{account}.json", part)
        yield _packed(store, f"evidence/calls/{account}.jsonl.zst", part.calls)
        yield _packed(store, f"evidence/standing/{account}.jsonl.zst", part.standing)
        for shard in part.shards:
            name = shard.name.replace("/", "-")
            yield _packed(store, f"evidence/facts/{name}.jsonl.zst", shard.facts)
            yield _packed(store, f"evidence/verdicts/{name}.jsonl.zst", shard.verdicts)
            if shard.readings:
                yield _packed(store, f"evidence/readings/{name}.jsonl.zst", shard.readings)
    current = {shard.facts for part in material.parts for shard in part.shards}
    for address in sorted({one.facts for one in material.standing} - current):
        yield _packed(store, f"evidence/facts/carried-{address}.jsonl.zst", address)


def _json(name: str, value: object) -> Member:
    return Member(name=name, tier=Tier.AUDITOR, content=encode(value))


def _packed(store: Store, name: str, address: str) -> Member:
    """A blob as it is stored; an empty one is a frame of no lines."""
    packed = store.packed(address)
    zstandard.frame_content_size(packed)
    return Member(name=name, tier=Tier.AUDITOR, content=packed)
