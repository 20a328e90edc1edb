"""Judging a sealed bundle again from its own evidence: verdicts, tallies and every figure of its report, compared byte for byte.

It reads the bundle alone. Under other checks than those that judged, nothing can be compared, and it says which version to install.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from agent import facts
from agent.accounting import account
from agent.archive import Archive
from agent.canaries import Examined
from agent.canonical import decode, digest, each, encode, stamp
from agent.edition import ENVELOPE
from agent.envelope import parse
from agent.errors import AgentError, StoreError
from agent.gathering import gather
from agent.journal import check_chain
from agent.judging import Docket, Rules, count_carried, count_remembered, count_unseen, judge_shard, kept
from agent.material import Closing, Material, Opened
from agent.members import figures
from agent.method import method
from agent.packs import pack
from agent.parts import packed
from agent.plugins import plugged_checks
from agent.record import Ended, Part, Plan, Standing, Sweep
from agent.running import checks
from agent.shards import paired
from agent.standing import Key, Seen
from agent.totals import total
from agent.version import version
from collectors.collector import Cell
from collectors.sighting import Call, Reading, Sighting
from controls.check import Check

LARGEST = 512 * 1024 * 1024
UPGRADED = (
    "the closing sweep was judged by other checks than those that sealed it, those of a version before Starcadence {tool}: "
    "no single version can judge it again"
)


FOREIGN = (
    "judged by checks of {others} too, which are code of others: install it, and replay --with-packages if you trust it"
)


@dataclass(frozen=True, kw_only=True)
class Replayed:
    """What judging again gave."""

    ok: bool
    words: tuple[str, ...]
    to_install: str | None = None
    """The version whose checks judged, if this one has others: then nothing was compared."""


class Ruled(msgspec.Struct, frozen=True, kw_only=True):
    """The member `cycle.json`."""

    opened: Opened
    closing: Closing


class Judges(msgspec.Struct, frozen=True, kw_only=True):
    """The member `rules.json`."""

    tool: str
    checks: dict[str, str]
    method: str
    packages: dict[str, str] = {}
    """Installed package -> version, of those whose checks judged."""


class Inside:
    """The records of a bundle under the keys and addresses that they had in the store."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._addresses: dict[str, str] = {}
        for name in archive.entries:
            if name.startswith("evidence/") and name.endswith(".zst"):
                self._addresses[digest(self._plain(name))] = name
            elif name in {"programme.json", "approved-exceptions.json", "records/dossier.json"}:
                self._addresses[digest(self.member(name))] = name

    def member(self, name: str) -> bytes:
        """A member's bytes. `StoreError` if the bundle has none of that name."""
        if name not in self._archive.entries:
            raise StoreError(f"the bundle has no {name}: replay needs the auditor's edition")
        return self._archive.read(name, LARGEST)

    def read(self, address: str) -> bytes:
        """The plain bytes at a blob address."""
        if address not in self._addresses:
            raise StoreError(f"the bundle does not hold {address}, which its records name")
        name = self._addresses[address]
        return self._plain(name) if name.endswith(".zst") else self.member(name)

    def get(self, key: str) -> bytes:
        """The bytes at a key of the store."""
        folder, _, rest = key.removeprefix("sweeps/").partition("/")
        if rest == "sweep.json":
            return self.member(f"sweeps/{folder}.json")
        if rest == "plan.json.zst":
            return packed(decode(self.member("evidence/plan.json"), Plan, what="evidence/plan.json"))
        name = f"evidence/{rest.removesuffix('.zst')}"
        return packed(decode(self.member(name), Part, what=name))

    def _plain(self, name: str) -> bytes:
        with self._archive.content(name) as content:
            return b"".join(line + b"\n" for line in facts.lines(content, name))


def replay(path: Path, judged_by: tuple[Check, ...] | None = None, *, with_packages: bool = False) -> Replayed:
    """Judge a bundle's facts again at its closing sweep's nominal instant and account for its cycle anew."""
    ours = judged_by if judged_by is not None else checks()
    if with_packages:
        ours = (*ours, *plugged_checks(ours))
    try:
        with Archive.open(path) as archive:
            inside = Inside(archive)
            every = (*ours, *_packed(inside, archive))
            sealed = decode(inside.member("rules.json"), Judges, what="rules.json")
            material = _material(archive, inside, every, sealed.tool)
            others = tuple(f"{name} {number}" for name, number in sorted(sealed.packages.items()))
            mine = {check.name: check.digest for check in every}
            if (sealed.checks, sealed.method) != (mine, method()):
                if others and not with_packages:
                    return Replayed(
                        ok=False, to_install=" and ".join(others), words=(FOREIGN.format(others=" and ".join(others)),)
                    )
                return Replayed(
                    ok=False, to_install=sealed.tool,
                    words=(f"judged by another Starcadence than this one, {sealed.tool}: install that version to replay",),
                )  # fmt: skip
            if material.plan is not None and (material.plan.rules, material.plan.method) != (mine, method()):
                return Replayed(
                    ok=False, to_install=f"the version before {sealed.tool}",
                    words=(UPGRADED.format(tool=sealed.tool),),
                )  # fmt: skip
            return _compared(inside, material)
    except AgentError as error:
        return Replayed(ok=False, words=(str(error),))
    except Exception as error:  # noqa: BLE001 - whoever signs can seal records that have our shape and no sense
        return Replayed(ok=False, words=(f"its records do not fit together ({type(error).__name__}: {error})",))


def _packed(inside: Inside, archive: Archive) -> Iterator[Check]:
    """The checks of the packs that were sealed, by their own bytes. Raises `Refusal` where they are none."""
    for name in sorted(archive.entries):
        if name.startswith("packs/"):
            yield from pack(inside.member(name), name).checks


def _material(archive: Archive, inside: Inside, every: tuple[Check, ...], tool: str) -> Material:
    """The material of the sealed report, from the bundle alone."""
    cycle = decode(inside.member("cycle.json"), Ruled, what="cycle.json")
    chain = check_chain(inside.member("journal.jsonl").splitlines(), None)
    envelope = parse(archive.read(ENVELOPE, LARGEST))
    return gather(
        inside, chain.entries, cycle.opened, cycle.closing, head=chain.head, checks=every, fingerprint=envelope.fingerprint, tool=tool,
    )  # fmt: skip


def _compared(inside: Inside, material: Material) -> Replayed:
    """Hold everything that was computed again against what was sealed."""
    wrong = [*_parts(inside, material), *_sweep(inside, material), *_published(inside, material)]
    for member in figures(account(material)):
        # Another version may draw the same figures in another way: its pages are not compared.
        drawn_alike = material.tool == version() or not member.name.endswith(".html")
        if drawn_alike and member.content != inside.member(member.name):
            wrong.append(f"{member.name} has figures that the sealed evidence does not give")
    if wrong:
        return Replayed(ok=False, words=tuple(wrong))
    judged = sum(shard.lines for part in material.parts for shard in part.shards)
    return Replayed(
        ok=True,
        words=(
            f"{judged} resources judged again: the same verdicts, the same tallies, and every figure of the reports the same",
        ),
    )


def _published(inside: Inside, material: Material) -> Iterator[str]:
    """Contents of records, held against the digests that their dossier gives."""
    for one in material.dossier.records:
        name = f"records/content/{one.id}"
        published = one.publish is not None and f"record {one.id}" not in material.dossier.withdrawn
        if published and digest(inside.member(name)) != one.digest:
            yield f"{name} is not the content that the dossier names"


def _parts(inside: Inside, material: Material) -> Iterator[str]:
    """Each part's verdicts, counts and deviations, judged again."""
    plan = material.plan
    if plan is None:
        return
    rules = Rules.of(material.programme, material.checks, material.exceptions, plan.nominal)
    for part in material.parts:
        docket, cells = Docket(), Counter({cell.key: 0 for cell in part.cells})
        standing = {(one.check, one.resource): one for one in _standing(inside, part)}
        for shard in part.shards:
            sightings = list(each(inside.read(shard.facts), Sighting, what=shard.name))
            readings = each(inside.read(shard.readings), Reading, what=shard.name) if shard.readings else ()
            apart = Docket()
            ruled = judge_shard(paired(sightings, readings), rules, shard.facts, standing, apart)
            cells.update(one.cell for one in sightings)
            if kept(shard.name, shard.facts, shard.readings, len(sightings), ruled, apart, digest(ruled.text)) != shard:
                yield f"{shard.name}: the sealed verdicts are not those that its facts give"
            docket.seen |= apart.seen
            docket.add(shard.tallies, shard.resources, shard.inherited)
        count_carried((one for one in standing.values() if one.carried is not None), rules, docket)
        for cell in part.cells:
            if not cell.complete:
                needed = plan.concerned[part.provider][Cell.of(cell.key).collector]
                count_unseen(cell.key, part.account, needed, rules, docket)
                count_remembered(cell.key, part.remembered.get(cell.key, {}), docket)
        yield from (f"{part.provider}/{part.account}: {fault}" for fault in _part(inside, part, docket, cells))


def _part(inside: Inside, part: Part, docket: Docket, cells: Counter[str]) -> Iterator[str]:
    """What a part's own counts and deviations should have been."""
    if any(cell.complete and not all(gap.subject for gap in cell.gaps) for cell in part.cells):
        yield "a cell that could not be listed is called complete"
    if docket.tallies != part.tallies:
        yield "the sealed tallies are not those that its verdicts give"
    if (docket.resources, docket.inherited) != (part.resources, part.inherited) or cells != Counter(
        {cell.key: cell.resources for cell in part.cells}
    ):
        yield "the sealed numbers of resources are not those of its facts"
    failing = {key: one for key, one in docket.seen.items() if one.outcome == "failed"}
    if dict(_seen_failing(inside, part)) != failing:
        yield "the sealed deviations are not those that its verdicts give"
    calls = list(each(inside.read(part.calls), Call, what="calls"))
    hosts = {host for cell in part.cells for host in cell.hosts}
    if len(calls) != sum(cell.calls for cell in part.cells) or {call.host for call in calls} != hosts:
        yield "the sealed numbers of calls are not those of its calls"


def _seen_failing(inside: Inside, part: Part) -> Iterator[tuple[Key, Seen]]:
    """The deviations that the closing sweep itself saw, as its verdicts must give them."""
    for one in _standing(inside, part):
        if one.carried is None:
            yield (
                (one.check, one.resource),
                Seen(
                    outcome="failed", reason=one.reason, cell=one.cell, services=one.services, exception=one.exception,
                    facts=one.facts,
                ),
            )  # fmt: skip


def _standing(inside: Inside, part: Part) -> list[Standing]:
    return list(each(inside.read(part.standing), Standing, what="standing deviations"))


def _sweep(inside: Inside, material: Material) -> Iterator[str]:
    """The closing sweep, added up again from its plan and parts."""
    plan, last = material.plan, material.last
    if plan is None or last is None:
        return
    digests = {f"{part.provider}/{part.account}": digest(encode(part)) for part in material.parts}
    if digests != last.parts:
        yield "the parts are not those that the closing sweep names"
    if digest(encode(plan)) != last.plan:
        yield "evidence/plan.json is not the plan that the sweep names"
    rules = Rules.of(material.programme, material.checks, material.exceptions, plan.nominal)
    again = total(
        plan, list(material.parts), rules, digests=digests, withdrawn=_withdrawn(material, last), store=inside,
        started=last.started, ended=last.ended_at, examined=Examined(canaries=last.canaries, distrusted=last.distrusted),
    )  # fmt: skip
    wrong = [name for name in Sweep.__struct_fields__ if getattr(again, name) != getattr(last, name)]
    if set(wrong) - {"parts", "plan"}:
        yield f"sweeps/{stamp(last.slot)}.json is not what its parts add up to: {', '.join(wrong)}"


def _withdrawn(material: Material, last: Sweep) -> tuple[Ended, ...]:
    """What ended with accounts that left the scope: they have no part, so only the sweep speaks of them."""
    gone = {f"{part.provider}/{part.account}" for part in material.parts}
    return tuple(one for one in last.ended if "/".join(one.cell.split("/")[:2]) not in gone)
