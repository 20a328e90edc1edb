"""Packs: checks of others as YAML, read strictly, tried on their own examples, and judged like ours from the next cycle on.

A pack is a file of the programme's folder. A cycle is judged by the bytes that stood there when it opened; they are sealed with it, and a
replay judges by them. Nothing of a pack is ever run: what must hold is an expression (`controls.expressions`).
"""

import functools
import pathlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, Protocol

import msgspec
from msgspec import Meta

from agent.rules import Found, faults
from agent.scalars import Id, Severity, Strict, Text
from agent.shape import convert, meant
from agent.strict import Document, Fault, Path, Refusal, read
from collectors.resource import Resource
from collectors.resources import TYPES
from controls import ccm
from controls.catalogue import CHECKS
from controls.check import Check, part, qualified
from controls.expressions import Expression, Wrong, compiled
from controls.packed import Judgement, PackedCheck
from controls.verdict import Outcome

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
"""The instant of an example that does not say `now`."""
JUDGED: Mapping[str, type[Resource]] = {one.__name__: one for one in TYPES}
ASKED = ("passing", "failing", "unknown", "not_applicable")
OUTCOMES = dict(zip(ASKED, (Outcome.PASSED, Outcome.FAILED, Outcome.UNKNOWN, Outcome.NOT_APPLICABLE), strict=True))
OURS = frozenset(one.name for one in CHECKS)
Name = Annotated[
    str,
    Meta(
        pattern=r"^[a-z][a-z0-9_]{2,79}$",
        description="Lower-case words and underscores, e.g. acme_stores_name_an_owner.",
    ),
]


class Speaks(Strict, frozen=True, kw_only=True):
    """What a check says of a specification: always a part."""

    specification: Text
    """Version-qualified: `CCM:4.1:CEK-03`."""
    unseen: Text
    """What remains unseen."""


class Examples(Strict, frozen=True, kw_only=True):
    """Resources of known verdict, facts only; tried whenever the pack is read."""

    passing: Annotated[tuple[dict[str, Any], ...], Meta(min_length=1)]
    failing: Annotated[tuple[dict[str, Any], ...], Meta(min_length=1)]
    unknown: tuple[dict[str, Any], ...] = ()
    not_applicable: tuple[dict[str, Any], ...] = ()


class Declared(Strict, frozen=True, kw_only=True):
    """One check of a pack."""

    name: Name
    """Begins with the pack's id: `acme_...`."""
    title: Text
    """A sentence that is true when it passes."""
    judges: Text
    """A resource type, as docs/resource-types.md names it."""
    severity: Severity
    remediation: Text
    links: Annotated[tuple[Speaks, ...], Meta(min_length=1)]
    holds: Text
    """What must be true of each resource."""
    otherwise: Text
    """The reason that a failure gets."""
    examples: Examples
    rationale: str = ""
    kinds: tuple[Text, ...] = ()
    applies: Text | None = None
    """Where this is false, the check does not speak of the resource."""
    observes: Literal["configuration", "effect"] = "configuration"


class Written(Strict, frozen=True, kw_only=True):
    """A pack as its file says it."""

    pack: Id
    version: Text
    checks: Annotated[tuple[Declared, ...], Meta(min_length=1)]


@dataclass(frozen=True, kw_only=True)
class Pack:
    """A pack without fault."""

    id: str
    version: str
    source: bytes
    checks: tuple[PackedCheck, ...]


class Blobs(Protocol):
    """Where blobs lie."""

    def read(self, address: str) -> bytes:
        """The plain bytes of a blob."""
        ...


def packs(document: Document, beside: pathlib.Path, wrong: list[Fault]) -> tuple[Pack, ...]:
    """Every pack that a programme names, by id; faults are put down in `wrong`."""
    found: dict[str, Pack] = {}
    for path, name in document.each(str, "packs", "*"):
        if not name.strip() or "://" in name:  # faults of their own
            continue
        try:
            one = pack((beside / name).read_bytes(), str(beside / name))
        except OSError as error:
            wrong.append(
                document.fault(
                    path, f"packs: {name} cannot be read ({error.strerror}); put it there, or remove it here"
                )
            )
            continue
        except Refusal as refusal:
            wrong += refusal.found
            continue
        if one.id in found:
            wrong.append(document.fault(path, f"packs: a second pack with the id {one.id!r}; give each its own"))
        found.setdefault(one.id, one)
    return tuple(found[name] for name in sorted(found))


@functools.lru_cache(maxsize=64)
def pack(source: bytes, name: str = "the pack") -> Pack:
    """Read a pack from its bytes. Raises `Refusal` with every fault of it."""
    document = read(source, name)
    found = faults(document, Written, (_meaning,))
    if found:
        raise Refusal(*found)
    written = convert(document, Written)
    checks = tuple(_check(one, written, source) for one in written.checks)
    missed = [
        fault
        for index, one in enumerate(checks)
        for fault in _tried(document, index, one, written.checks[index].examples)
    ]
    if missed:
        raise Refusal(*missed)
    return Pack(id=written.pack, version=written.version, source=source, checks=checks)


def standing(blobs: Blobs, named: Mapping[str, str], ours: Iterable[Check]) -> tuple[Check, ...]:
    """Our checks, and those of the packs that a cycle named when it opened (`named`: pack -> address of its bytes)."""
    own = tuple(one for one in ours if not isinstance(one, PackedCheck))
    return (*own, *(check for name in sorted(named) for check in pack(blobs.read(named[name])).checks))


def exemplary(check: PackedCheck, at: datetime) -> tuple[Resource, Resource]:
    """The first passing and the first failing example of a pack's check, moved to an instant: what was a day ago is a day ago then.

    They get ids of their own where the check does not ask for ids.
    """
    found = _examples(check.source)[check.name]
    return _moved(check, found.passing[0], at), _moved(check, found.failing[0], at)


@functools.lru_cache(maxsize=64)
def _examples(source: bytes) -> Mapping[str, Examples]:
    return {one.name: one.examples for one in convert(read(source, "the pack"), Written).checks}


def _moved(check: PackedCheck, facts: Mapping[str, Any], at: datetime) -> Resource:
    resource, now = _resource(check, facts)
    if not any("id" in one.reads for one in check.expressions):
        resource = msgspec.structs.replace(resource, id=f"canary:{check.name}")
    instants = {
        name: said + (at - now) for name in check.reads if isinstance(said := getattr(resource, name), datetime)
    }
    return msgspec.structs.replace(resource, **instants)


def sources(checks: Iterable[Check]) -> dict[str, bytes]:
    """Pack -> its bytes, of every pack among the checks."""
    return {one.pack: one.source for one in checks if isinstance(one, PackedCheck)}


def _check(one: Declared, written: Written, source: bytes) -> PackedCheck:
    judges = JUDGED[one.judges]
    holds, applies = compiled(one.holds, judges), compiled(one.applies, judges) if one.applies else None
    used = (holds, applies) if applies else (holds,)
    return PackedCheck(
        name=one.name, title=one.title, rationale=one.rationale, judges=judges, kinds=one.kinds,
        links=tuple(part(link.specification, link.unseen) for link in one.links), severity=one.severity, remediation=one.remediation,
        metric=None, observes=one.observes, function=Judgement(holds, applies, one.otherwise), parameters={},
        timed=any(each.timed for each in used), pack=written.pack, version=written.version, source=source, expressions=used,
    )  # fmt: skip


def _meaning(document: Document) -> Found:
    """Every fault of meaning."""
    prefix = f"{(document.at(str, 'pack') or '').replace('-', '_')}_"
    seen: set[str] = set()
    for path, name in document.each(str, "checks", "*", "name"):
        if not name.startswith(prefix):
            yield path, f"{name!r} does not begin with the pack's id; call it {prefix}{name}"
        if name in OURS:
            yield path, f"{name!r} is a check of ours; call it something else, and the pack too if its id begins so"
        if name in seen:
            yield path, f"a second check with the name {name!r}; give each its own"
        seen.add(name)
    for path, reference in document.each(str, "checks", "*", "links", "*", "specification"):
        yield from ((path, words) for words in _reference(reference))
    for path, one in document.each(dict, "checks", "*"):
        judges = JUDGED.get(one.get("judges") or "")
        if judges is None:
            hint = meant(str(one.get("judges")), JUDGED, f"; known are {', '.join(JUDGED)}")
            yield (*path, "judges"), f"{one.get('judges')!r} is no resource type{hint}"
            continue
        for key in ("holds", "applies"):
            yield from _expression((*path, key), one.get(key), judges)


def _reference(reference: str) -> Iterator[str]:
    try:
        ccm.specification(qualified(reference))
    except ValueError as error:
        yield f"{error}"


def _expression(path: Path, text: object, judges: type[Resource]) -> Found:
    if not isinstance(text, str) or not text.strip():
        return
    try:
        made: Expression = compiled(text, judges)
    except Wrong as wrong:
        yield path, f"{path[-1]}: {wrong}"
        return
    if not made.reads:
        yield path, f"{path[-1]}: names no fact, so it says the same of everything; name one"


def _tried(document: Document, index: int, check: PackedCheck, examples: Examples) -> Iterator[Fault]:
    """Every example that does not get the verdict under which it stands."""
    for asked in ASKED:
        for number, facts in enumerate(getattr(examples, asked)):
            path: Path = ("checks", index, "examples", asked, number)
            try:
                resource, now = _resource(check, facts)
                verdict = check.judge(resource, now=now)
            except (msgspec.ValidationError, ValueError) as error:
                yield document.fault(path, f"no {check.judges.__name__}: {error}; mend this example")
                continue
            if verdict.outcome is not OUTCOMES[asked]:
                yield document.fault(
                    path,
                    f"{check.name} calls this example {verdict.outcome} ({verdict.reason}); mend the expression or the example",
                )


def _resource(check: PackedCheck, facts: Mapping[str, Any]) -> tuple[Resource, datetime]:
    """An example as a resource, and the instant at which it is judged."""
    said = dict(facts)
    now = datetime.fromisoformat(str(said.pop("now"))) if "now" in said else NOON
    plain = {
        "id": "example",
        "provider": "example",
        "account": "111122223333",
        "region": "global",
        "kind": (*check.kinds, "example")[0],
    }
    made = msgspec.convert({**plain, **said, "type": check.judges.__name__}, check.judges)
    return made, now if now.tzinfo else now.replace(tzinfo=UTC)
