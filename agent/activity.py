"""Who did what and when, from the journal: decisions of people and lapses of the programme, with digests before and after.

An approval is `proven` where a key of the person's own signed it, `declared` where it was typed into a file or signed with the
programme's key. Sweeps and openings of cycles are the agent's routine and are left out.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import msgspec

from agent.journal import Entry

AGENT = "agent"
WRITTEN = "the programme's files"


class Activity(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that somebody did, or that was not done."""

    height: int
    """Number of the journal's entry."""
    at: datetime
    who: str
    what: str
    """Kind of the entry; `programme owners` where it names the part that changed."""
    service: str
    """Empty where it concerns all."""
    cycle: str
    about: str
    before: str
    """sha256 of what stood before, hex; empty where nothing did."""
    after: str
    approval: str
    """`declared` or `proven`; empty where nothing is approved."""
    late: bool


def activity(entries: Iterable[Entry]) -> tuple[Activity, ...]:
    """Everything of account, oldest first."""
    return tuple(one for entry in entries for one in _of(entry))


def as_csv(found: Iterable[Activity]) -> str:
    """A table with a header row; cells that a spreadsheet would take for a formula begin with an apostrophe."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(Activity.__struct_fields__)
    for one in found:
        values = msgspec.to_builtins(one)
        writer.writerow([harmless(values[name]) for name in Activity.__struct_fields__])
    return text.getvalue()


def harmless(value: Any) -> str:
    """A value as a cell that no spreadsheet runs."""
    text = {True: "yes", False: "no"}[value] if isinstance(value, bool) else "" if value is None else str(value)
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text


def _of(entry: Entry) -> Iterator[Activity]:
    body = entry.body
    match entry.kind:
        case "commitment":
            yield _one(
                entry,
                who=body["provider"],
                about="committed to the programme",
                after=body["digest"],
                approval="declared",
            )
        case "programme" | "migration" | "exceptions" | "dossier" | "rules":
            yield from _change(entry)
        case "sealed":
            words = f"{body['state']}, manifest {body['manifest']}"
            yield _one(entry, who=AGENT, about=words, after=body["manifest"])
        case "reviewed":
            words = f"{body['deviations']} deviations answered, {body['disputed']} disputed"
            yield _one(entry, who=body["reviewer"], about=words, after=body["responses"], approval=body["approval"])
        case "published":
            words = ", ".join(f"{one['edition']} edition to {one['to']}" for one in body["targets"])
            yield _one(
                entry, who=AGENT, about=words + ("" if body["reviewed"] else ", not reviewed"), after=body["manifest"]
            )
        case "amended":
            yield _one(entry, who=AGENT, about="its review was put beside what was published", after=body["manifest"])
        case "submitted":
            yield _one(
                entry, who=body["by"] or "", about=f"{body['reference']} on {body['on']}", after=body.get("manifest", ""),
                approval="declared",
            )  # fmt: skip
        case "requested" | "request" | "baseline":
            yield _asked(entry)
        case "missed" | "late" | "anew" | "key":
            yield _lapsed(entry)
        case _:
            return


def _asked(entry: Entry) -> Activity:
    body = entry.body
    if entry.kind == "requested":
        return _one(entry, who=body["by"], about=f"asked for {len(body['rows'])} things", after=body["digest"])
    note = f": {body['note']}" if body["note"] else ""
    if entry.kind == "baseline":
        words = f"baseline {body['version']} of {body['resources']} resources{note}"
        return _one(entry, who=body["by"], about=words, after=body["blob"], approval="declared")
    return _one(entry, who=body["by"], about=f"request {body['id']} {body['state']}{note}", approval="declared")


def _lapsed(entry: Entry) -> Activity:
    if entry.kind == "missed":
        return _one(entry, who=AGENT, about="no sweep was taken in it")
    if entry.kind == "late":
        return _one(entry, who=AGENT, about=f"not {entry.body['step']} by {entry.body['due']}", late=True)
    body = entry.body
    if entry.kind == "key":
        words = "the signing key was handed over"
        return _one(entry, who=body["by"] or "", about=words, after=body["fingerprint"], approval="proven")
    words = f"began anew without {body['records']} lost records and {len(body['sweeps'])} sweeps: {body['reason']}"
    return _one(entry, who=body["by"] or "", about=words, after=body["listed"], approval="declared")


def _change(entry: Entry) -> Iterator[Activity]:
    """A change as a whole, then each part of it that the journal names."""
    body = entry.body
    approval = "" if entry.kind == "rules" else "declared"
    who = AGENT if entry.kind == "rules" else WRITTEN
    about = f"takes effect {body['takes_effect']}"
    if entry.kind == "migration":
        about = f"{', '.join(one['service'] for one in body['services'])} to CCM {body['to']}, {about}"
    yield _one(entry, who=who, about=about, before=body["before"] or "", after=body["digest"], approval=approval)
    for part in body.get("changed", ()):
        yield _one(
            entry, who=part.get("approver") or who, what=f"{entry.kind} {part['name']}", about=_how(part),
            before=part["before"] or "", after=part["after"] or "", approval=approval,
        )  # fmt: skip


def _how(part: dict[str, Any]) -> str:
    how = "added" if part["before"] is None else "removed" if part["after"] is None else "changed"
    return f"{how}, requested by {part['requester']}" if part.get("requester") else how


def _one(entry: Entry, *, who: str, about: str, what: str = "", **said: Any) -> Activity:
    empty: dict[str, Any] = {"before": "", "after": "", "approval": "", "late": bool(entry.body.get("late", False))}
    return Activity(
        height=entry.height, at=entry.at, who=who, what=what or entry.kind, service=entry.body.get("service") or "",
        cycle=entry.body.get("cycle") or "", about=about, **{**empty, **said},
    )  # fmt: skip
