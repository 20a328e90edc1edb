"""A reviewer's answers as a file: strict YAML, one entry for each deviation of a sealed cycle, every fault told at once."""

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from agent.report import Deviation, ExceptionRow
from agent.rules import Found, faults
from agent.shape import convert, shown
from agent.strict import Document, Fault, Refusal, read_file

Text = Annotated[str, Meta(pattern=r"\S")]
PLAN = ("cause", "action", "owner", "due")
"""What an answer says unless it disputes the deviation."""


class Strict(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Refuses keys that it does not know."""


class Answer(Strict, frozen=True, kw_only=True):
    """What the reviewer says of one deviation: a plan, or why it is disputed. It stays a failure either way."""

    cause: Text | None = None
    """Why it came to this."""
    action: Text | None = None
    """What is done about it."""
    owner: Text | None = None
    """Who does it; one of the programme's owners."""
    due: date | None = None
    """By when, YYYY-MM-DD."""
    disputed_because: Text | None = None
    """Why it is no deviation, in words that an auditor may read."""
    ticket: Text | None = None
    """Where it is followed outside; a reference, never a verdict."""


class Answers(Strict, frozen=True, kw_only=True):
    """The whole file."""

    service: Text
    """The service that was reviewed."""
    cycle: Text
    """The cycle that was reviewed."""
    answers: dict[str, Answer]
    """By the deviation's key."""
    reviewer: Text | None = None
    """Who reviewed it; `--reviewer` says it too."""


class Response(Strict, frozen=True, kw_only=True):
    """One answer as it is signed, with the deviation that it answers."""

    key: str
    check: str
    resource: str
    account: str
    cause: str | None
    action: str | None
    owner: str | None
    due: date | None
    disputed_because: str | None
    ticket: str | None = None


class Responses(Strict, frozen=True, kw_only=True):
    """The responses file of a cycle: what the management assertion speaks of."""

    service: str
    cycle: str
    manifest: str
    """sha256 of the manifest of the sealed bundle, hex."""
    reviewer: str
    answers: tuple[Response, ...]
    """By key."""


def deviation_key(check: str, resource: str) -> str:
    """The key of a deviation: the same in every cycle, as long as the check and the resource are."""
    return hashlib.sha256(f"{check}\n{resource}".encode()).hexdigest()[:16]


def template(
    service: str, cycle: str, deviations: Sequence[Deviation], exceptions: Sequence[ExceptionRow], owners: Sequence[str] = ()
) -> str:  # fmt: skip
    """An answers file to fill in. What an approved exception says already is filled in, for the reviewer to read and sign."""
    approved = {one.id: one for one in exceptions}
    lines = [
        f"# Review of {_one_line(service)} {cycle}. Answer each deviation: cause, action, owner and due, or disputed_because.",
        f"# Owners are: {_one_line(', '.join(owners))}.",
        "# Your answers change no result: a deviation stays a failure.",
        f"service: {_quoted(service)}",
        f"cycle: {_quoted(cycle)}",
        "reviewer:   # your name",
        "answers:" if deviations else "answers: {}",
    ]
    for one in deviations:
        lines += _entry(one, approved.get(one.exception or ""))
    return "\n".join(lines) + "\n"


def read(
    path: Path, service: str, cycle: str, deviations: Sequence[Deviation], owners: Collection[str]
) -> tuple[Answers, tuple[Response, ...]]:
    """The file, and an answer for every deviation. Raises `ProgrammeError` with every fault and every answer that is missing."""
    document = read_file(path)
    named = {deviation_key(one.check, one.resource): one for one in deviations}
    rules = (
        partial(_of_this_cycle, service=service, cycle=cycle),
        partial(_answers, named=named, owners=owners),
    )
    found: list[Fault] = faults(document, Answers, rules)
    if found:
        raise Refusal(*found)
    given = convert(document, Answers)
    return given, tuple(_response(key, named[key], given.answers[key]) for key in sorted(given.answers))


def _of_this_cycle(document: Document, *, service: str, cycle: str) -> Found:
    for key, wanted in (("service", service), ("cycle", cycle)):
        said = document.at(str, key)
        if said and said.strip() and said != wanted:
            yield (key,), f"{key} is {shown(said)}, and {wanted} is being reviewed; give the answers of that one"


def _answers(document: Document, *, named: Mapping[str, Deviation], owners: Collection[str]) -> Found:
    """Every deviation has an answer that says enough, and nothing else has one."""
    given = document.at(dict, "answers")
    if given is None:
        return
    for key, one in named.items():
        if key not in given:
            yield ("answers",), f"lacks an answer to {key} ({one.check} on {shown(one.resource)}); add it"
    for path, answer in document.each(dict, "answers", "*"):
        key = str(path[-1])
        if key not in named:
            yield path, f"{shown(key)} is no deviation of this cycle; remove it"
        else:
            yield from ((path, f"{key} {words}") for words in _wanting(answer))
    for path, owner in document.each(str, "answers", "*", "owner"):
        if owner.strip() and owner not in owners:
            yield path, f"{shown(owner)} is not under `owners` of the programme; add them there, or name another"


def _wanting(answer: Mapping[str, object]) -> Iterator[str]:
    """What an answer still lacks, in words."""
    said = [key for key in PLAN if answer.get(key) is not None]
    lacking = [key for key in PLAN if key not in said]
    if answer.get("disputed_because") is not None:
        if said:
            yield f"is disputed and has {', '.join(said)} as well; keep one of the two"
    elif lacking:
        yield f"lacks {', '.join(lacking)}; write them, or disputed_because"


def _response(key: str, deviation: Deviation, answer: Answer) -> Response:
    return Response(
        key=key, check=deviation.check, resource=deviation.resource, account=deviation.account,
        **{field: getattr(answer, field) for field in Answer.__struct_fields__},
    )  # fmt: skip


def _entry(one: Deviation, approved: ExceptionRow | None) -> list[str]:
    """One deviation's lines. Whatever the world put into a name, a comment stays one line."""
    about = f"{one.check} ({one.severity}) on {one.resource}, failing since {one.failing_by:%Y-%m-%d}"
    filled = {"cause": "", "action": "", "owner": "", "due": ""}
    if approved is not None:
        about += f", under the approved exception {approved.id}"
        control = f": {approved.compensating_control}" if approved.compensating_control else ""
        filled["cause"] = _quoted(approved.rationale)
        filled["action"] = _quoted(f"approved exception {approved.id}{control}")
        filled["due"] = approved.expires
    return [
        f'  "{deviation_key(one.check, one.resource)}":   # {_one_line(about)}',
        *(f"    {key}: {value}".rstrip() for key, value in filled.items()),
        "    # disputed_because:",
        "    # ticket:",
    ]


def _quoted(text: str) -> str:
    """Text as it stands in YAML, whatever is in it."""
    return json.dumps(text, ensure_ascii=not text.isprintable())


def _one_line(text: str) -> str:
    return "".join(character if character.isprintable() else " " for character in text)
