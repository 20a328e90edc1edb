"""Keeping exports over time: since when a finding is known, when it was gone, and which of several exports speaks of a subject."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from msgspec.structs import replace

from agent.foreign.finding import OPEN, Export, Foreign

REMEMBERED = timedelta(days=200)
"""How long what has ended, or was taken away, is kept: two quarters."""


def folded(before: Sequence[Export], now: Iterable[Export], at: datetime) -> tuple[Export, ...]:
    """The exports as read at an instant, with what earlier ones knew, and those that are gone and that no newer one replaces."""
    old = {one.file: one for one in before}
    since = _since(before)
    read = [_dated(old.get(one.file), one, since, at) for one in now]
    files = {one.file for one in read}
    spoken = {place for place, one in speaking([*read, *before]).items() if one.file in files}
    gone = [one for one in before if one.file not in files and _needed(one, spoken, at)]
    return _with_ended(before, sorted([*read, *gone], key=lambda one: one.file), at)


def speaking(exports: Iterable[Export]) -> Mapping[tuple[str, str], Export]:
    """(Tool, subject) -> the newest export of the tool that names the subject: an older one says no more of it."""
    found: dict[tuple[str, str], Export] = {}
    for one in sorted(exports, key=lambda each: (str(each.taken), each.file)):
        for subject in one.subjects:
            found[one.tool, subject] = one
    return found


def _since(exports: Iterable[Export]) -> Mapping[str, datetime]:
    """Finding that stands -> since when it was known."""
    found: dict[str, datetime] = {}
    for export in exports:
        for one in export.findings:
            if one.status in OPEN and one.first_seen is not None:
                found[one.id] = min(one.first_seen, found.get(one.id, one.first_seen))
    return found


def _dated(before: Export | None, now: Export, since: Mapping[str, datetime], at: datetime) -> Export:
    """An export with all its instants; one that says it comes from the future speaks from now on."""
    if before is not None and before.digest == now.digest:
        return replace(before, services=now.services, stale_after=now.stale_after)
    taken = min(now.taken or at, at)
    findings = []
    for one in now.findings:
        said = [each for each in (one.first_seen, since.get(one.id) if one.status in OPEN else None) if each]
        findings.append(replace(one, first_seen=min([*said, taken]), last_seen=one.last_seen or taken))
    return replace(now, taken=taken, findings=tuple(findings))


def _needed(gone: Export, spoken: set[tuple[str, str]], at: datetime) -> bool:
    """Nothing newer speaks of all that it looked at: what was failing is not mended by taking its file away."""
    young = gone.taken is not None and gone.taken > at - REMEMBERED
    return young and any((gone.tool, subject) not in spoken for subject in gone.subjects)


def _with_ended(before: Sequence[Export], now: list[Export], at: datetime) -> tuple[Export, ...]:
    """Each export with what earlier ones held open of its subjects and it no longer does."""
    speaks, by_file = speaking(now), {one.file: one for one in now}
    says = {(export.file, one.id): one.status for export in now for one in export.findings}
    ended: dict[str, dict[str, Foreign]] = defaultdict(dict)
    for export in before:
        stood = [one for one in export.findings if one.status in OPEN]
        for one in (*export.ended, *stood):
            heir = speaks.get((one.tool, one.subject)) or by_file.get(export.file)
            if heir is None or says.get((heir.file, one.id)) in {*OPEN, "not affected"}:
                continue
            gone = one if one.status == "mended" else replace(one, status="mended", last_seen=heir.taken)
            if gone.last_seen is not None and gone.last_seen > at - REMEMBERED:
                ended[heir.file].setdefault(one.id, gone)
    return tuple(replace(one, ended=tuple(ended[one.file][name] for name in sorted(ended[one.file]))) for one in now)
