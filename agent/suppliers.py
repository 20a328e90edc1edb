"""Suppliers: what a provider inherits, and on whose word. One file each: kind, period, opinion, services and regions, what is ours.

A control that a supplier leaves to its user (a complementary user-entity control) is linked to a check or a record of ours. One open link,
a carve-out, a self-assessment or a region beyond the report makes the reach "part".
"""

import pathlib
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date, timedelta
from functools import partial
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from agent.records import Known, owner_is_known, references_exist
from agent.rules import Found, faults
from agent.scalars import Id, Strict, Text
from agent.shape import convert, dotted, meant, shown
from agent.strict import Document, Refusal, read_file
from controls.tally import Result

BRIDGE = timedelta(days=92)
"""The longest that a bridge letter may reach beyond the period of its report: about a quarter."""


class UserControl(Strict, frozen=True, kw_only=True):
    """What the supplier's report leaves to its user, and what shows that it is done."""

    id: Text
    """As the report numbers it."""
    words: Text
    """What is to be done, in words of your own."""
    check: Text | None = None
    """A check of ours that shows it; or `record`."""
    record: Id | None = None


class Supplier(Strict, frozen=True, kw_only=True):
    """One report or certificate of one supplier."""

    id: Id
    name: Text
    kind: Literal["self-assessed", "attested", "certified"]
    scheme: Text
    """E.g. SOC 2 Type II, ISO/IEC 27001, CSA STAR Level 2."""
    opinion: Literal["unqualified", "qualified", "adverse", "disclaimer", "none"]
    """The auditor's; `none` for a self-assessment."""
    first: date
    """First day of the period that the report speaks for, or of the certificate's validity."""
    last: date
    """Last day, included."""
    method: Literal["inclusive", "carve-out"]
    """Whether the supplier's own suppliers are within the report."""
    services: Annotated[tuple[Text, ...], Meta(min_length=1)]
    """Services of the supplier that the report covers."""
    regions: Annotated[tuple[Text, ...], Meta(min_length=1)]
    """Regions that it covers; `*` where the report does not divide them."""
    specifications: Annotated[tuple[Text, ...], Meta(min_length=1)]
    """What is inherited."""
    owner: Text
    """Who looks after it, one of `owners`."""
    rationale: Text | None = None
    """Why the report speaks for all of these specifications: without, it reaches a part of each."""
    bridge: date | None = None
    """Last day of the bridge letter."""
    provider: Literal["aws", "gcp", "azure"] | None = None
    """The cloud that it is, whose regions in use are then held against `regions`."""
    user_controls: tuple[UserControl, ...] = ()


class Inherited(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a supplier's report comes to at the close of a cycle."""

    id: str
    name: str
    scheme: str
    kind: str
    until: date
    """The last day that the report or its bridge letter speaks for."""
    result: Result
    reach: Literal["full", "part"]
    words: tuple[str, ...]
    """Why it is not met, or not full."""
    open: tuple[str, ...]
    """User controls that nothing shows."""


def supplier(path: pathlib.Path, known: Known, checks: Collection[str], records: Collection[str]) -> Supplier:
    """Read one supplier's file. Raises `Refusal`."""
    document = read_file(path)
    found = faults(document, Supplier, (partial(_meaning, known=known, checks=checks, records=records),))
    if found:
        raise Refusal(*found)
    return convert(document, Supplier)


def inherited(
    one: Supplier, day: date, shows: Callable[[UserControl], bool], regions: Mapping[str, Collection[str]]
) -> Inherited:
    """What a supplier's report comes to on a day. `shows`: a user control's link stands; `regions`: cloud -> regions in use."""
    until = max(one.last, one.bridge or one.last)
    still_open = tuple(each.id for each in one.user_controls if not shows(each))
    limits = tuple(_limits(one, still_open, regions))
    result, words = _standing(one, day, until)
    return Inherited(
        id=one.id, name=one.name, scheme=one.scheme, kind=one.kind, until=until, result=result,
        reach="part" if limits or result is not Result.MET else "full", words=(*words, *limits), open=still_open,
    )  # fmt: skip


def _standing(one: Supplier, day: date, until: date) -> tuple[Result, tuple[str, ...]]:
    if one.opinion in {"adverse", "disclaimer"}:
        return Result.MISSED, (f"the opinion is {one.opinion}",)
    if day < one.first:
        return Result.NOT_SHOWN, (f"it speaks from {one.first} on",)
    if day > until:
        return Result.MISSED, (f"it speaks until {until}",)
    if one.opinion == "qualified":
        return Result.NOT_SHOWN, ("the opinion is qualified",)
    return Result.MET, ()


def _limits(one: Supplier, still_open: tuple[str, ...], regions: Mapping[str, Collection[str]]) -> Iterator[str]:
    if one.rationale is None:
        yield "nobody says that it speaks for all of these specifications"
    if one.kind == "self-assessed":
        yield "it is a self-assessment"
    if one.method == "carve-out":
        yield "its own suppliers are carved out"
    beyond = sorted(set(regions.get(one.provider or "", ())) - set(one.regions) - {"global"})
    if "*" not in one.regions and beyond:
        yield f"regions in use are not covered: {', '.join(beyond)}"
    if still_open:
        yield f"user controls that nothing shows: {', '.join(still_open)}"


def _meaning(document: Document, *, known: Known, checks: Collection[str], records: Collection[str]) -> Found:
    """Every fault of meaning in one file."""
    yield from owner_is_known(document, known)
    yield from references_exist(document, ("specifications", "*"))
    yield from _period(document)
    opinion, kind = document.at(str, "opinion"), document.at(str, "kind")
    if (opinion == "none") != (kind == "self-assessed") and opinion and kind:
        yield (
            ("opinion",),
            f"opinion is {opinion} for what is {kind}; a self-assessment has none, and everything else has one",
        )
    for path, one in document.each(dict, "user_controls", "*"):
        if one.get("check") and one.get("record"):
            yield path, f"{dotted(path)} names a check and a record; keep one"
    for pattern, names, what in (("check", checks, "check"), ("record", records, "record")):
        for path, name in document.each(str, "user_controls", "*", pattern):
            if name.strip() and name not in names:
                yield (
                    path,
                    f"{shown(name)} is no {what}"
                    + meant(name, sorted(names), f"; name a {what} that there is, or leave the link open"),
                )


def _period(document: Document) -> Found:
    first, last, bridge = (document.at(str, key) or "" for key in ("first", "last", "bridge"))
    if first and last and last < first:
        yield ("last",), f"last ({last}) lies before first ({first}); write a later day"
    try:
        end, reach = date.fromisoformat(last), date.fromisoformat(bridge)
    except ValueError:
        return
    if reach < end:
        yield (
            ("bridge",),
            f"bridge ({reach}) lies before last ({end}), which it is to go beyond; remove it, or mend the days",
        )
    elif reach > end + BRIDGE:
        yield (
            ("bridge",),
            f"bridge ({reach}) reaches more than {BRIDGE.days} days beyond the report; ask for a newer report",
        )
