"""Rewriting a programme's services from CCM 4.0 to 4.1, line by line, so that comments, order and layout stay as they were written.

Every edit is found by the places that the strict reader gives. The new text is read again: if it does not say just what was meant, it is
refused, and nothing is written.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from agent.errors import UsageError
from agent.reading import faults_of
from agent.strict import Document, Place, read
from controls import ccm

BEFORE, AFTER = "4.0.13", "4.1.0"
REMINDER = "by a secondary source, submissions by CCM 4.0 end in December 2027"
COMMENT = "# no counterpart in CCM 4.1: "


@dataclass(frozen=True, kw_only=True)
class Step:
    """One service's way to the other version."""

    service: str
    moved: tuple[tuple[str, str], ...]
    """References and patterns as written, before and after."""
    dropped: tuple[str, ...]
    """References that the new version has nothing for."""
    revised: tuple[str, ...]
    """Committed specifications of the new version whose words changed."""
    gained: tuple[str, ...]
    """New specifications that a pattern now stands for: committed to from the boundary on."""
    new: tuple[str, ...]
    """New specifications that the service does not commit to."""


@dataclass(frozen=True, kw_only=True)
class Migration:
    """What is to be written, and what it means."""

    text: str
    steps: tuple[Step, ...]


def migrate(text: str, name: str, service: str | None = None) -> Migration:
    """Bring the services of a programme (or one) from CCM 4.0 to 4.1. The text must be a programme without fault.

    Raises `UsageError` where there is nothing to migrate, and for a layout that cannot be edited by lines.
    """
    document = read(text.encode(), name)
    listed = document.value["services"]
    wanted = [place for place, one in enumerate(listed) if one["ccm"] == BEFORE and service in {None, one["id"]}]
    if service is not None and service not in {one["id"] for one in listed}:
        raise UsageError(f"{name}: there is no service {service}; it has {', '.join(one['id'] for one in listed)}")
    if not wanted:
        raise UsageError(
            f"{name}: no service{'' if service is None else f' {service}'} commits to CCM {BEFORE}; there is nothing to migrate"
        )
    lines = text.split("\n")
    steps = [_step(listed[place]) for place in wanted]
    # From the last line to the first, so that no edit moves the place of another.
    for place, step in sorted(zip(wanted, steps, strict=True), reverse=True):
        _rewrite(lines, document, place, step)
    after = "\n".join(lines)
    _hold(document, after, wanted, steps)
    return Migration(text=after, steps=tuple(steps))


def _step(service: dict[str, object]) -> Step:
    written = service["specifications"]
    assert isinstance(written, dict)
    moved, dropped = [], []
    for reference in written:
        target = moved_to(reference)
        if target is None:
            dropped.append(reference)
        else:
            moved.append((reference, target))
    if not moved:
        raise UsageError(
            f"service {service['id']}: CCM 4.1 has nothing for any of its specifications; write new ones by hand"
        )
    after = {name for _, target in moved for name in ccm.expand(target, "4.1")}
    ways = [ccm.translate(one.id, "4.0") for one in ccm.specifications("4.1")]
    fresh = [way.source for way in ways if way.target is None]
    return Step(
        service=str(service["id"]), moved=tuple(moved), dropped=tuple(dropped),
        revised=tuple(way.source for way in ways if way.revised and way.target is not None and way.source in after),
        gained=tuple(one for one in fresh if one in after), new=tuple(one for one in fresh if one not in after),
    )  # fmt: skip


def moved_to(reference: str) -> str | None:
    """A reference of 4.0, or a pattern of one of its domains, in 4.1; `None` where there is nothing."""
    bare = reference.rpartition(":")[2]
    if not bare.endswith("*"):
        return ccm.translate(reference, "4.1").target
    if bare == "*":
        return "CCM:4.1:*"
    targets = (ccm.translate(one, "4.1").target for one in ccm.expand(reference, "4.0"))
    code = next(ccm.specification(one).code for one in targets if one is not None)
    return f"CCM:4.1:{code}-*"


def _rewrite(lines: list[str], document: Document, place: int, step: Step) -> None:
    """Edit the lines of one service, the lowest first, and in a line the rightmost first."""
    services = ("services", place)
    edits: list[tuple[Place, str, str | None]] = [
        (document.places[(*services, "specifications", before)], before, after)
        for before, after in (*step.moved, *((one, None) for one in step.dropped))
    ]
    edits.append((document.places[(*services, "ccm")], BEFORE, AFTER))
    for at, before, after in sorted(edits, key=lambda one: one[0], reverse=True):
        if after is None:
            _drop(lines, at, before)
        else:
            _replace(lines, at, before, after)


def _replace(lines: list[str], at: Place, before: str, after: str) -> None:
    line = lines[at.line - 1]
    head, tail = line[: at.column - 1], line[at.column - 1 :]
    shape = rf"(ccm['\"]?\s*:\s*['\"]?){re.escape(before)}" if after == AFTER else rf"(['\"]?){re.escape(before)}"
    changed, number = re.subn(shape, lambda found: f"{found[1]}{after}", tail, count=1)
    if number != 1 or not re.match(shape, tail):
        raise UsageError(
            f"line {at.line}: {before} is written in a way that cannot be edited; write it plainly on its line"
        )
    lines[at.line - 1] = head + changed


def _drop(lines: list[str], at: Place, reference: str) -> None:
    """Make a comment of a specification with all that stands under it."""
    indent = at.column - 1
    if lines[at.line - 1][:indent].strip():
        raise UsageError(
            f"line {at.line}: {reference} has no counterpart, and stands inside of {{...}}; write it on a line of its own"
        )
    last = at.line
    while last < len(lines) and (not lines[last].strip() or _indent(lines[last]) > indent):
        last += 1
    while not lines[last - 1].strip():
        last -= 1
    for number in range(at.line - 1, last):
        lines[number] = f"{' ' * indent}{COMMENT}{lines[number][indent:]}" if lines[number].strip() else lines[number]


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _hold(before: Document, after: str, wanted: Sequence[int], steps: Iterable[Step]) -> None:
    """The new text must have no fault, and say the old one with the references moved and nothing else changed."""
    if faults := "\n".join(faults_of(after.encode(), before.name)):
        raise UsageError(f"the programme would have faults, so nothing is written; migrate it by hand:\n{faults}")
    meant = {**before.value, "services": list(before.value["services"])}
    for place, step in zip(wanted, steps, strict=True):
        service = meant["services"][place]
        moved = {new: service["specifications"][old] for old, new in step.moved}
        meant["services"][place] = {**service, "ccm": AFTER, "specifications": moved}
    if read(after.encode(), before.name).value != meant:
        raise UsageError(
            f"{before.name}: its layout cannot be edited by lines, so nothing is written; migrate it by hand"
        )
