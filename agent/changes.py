"""What a change of programme, approved exceptions or checks consists of: its parts, with digests before and after."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from msgspec.structs import replace

from agent.canonical import decode, digest, encode
from agent.journal import Entry, Journal
from agent.programme import ApprovedException, Programme
from agent.reading import Loaded
from agent.store import Store

T = TypeVar("T")
Parts = list[dict[str, Any]]


def note(
    store: Store, journal: Journal, loaded: Loaded, programme: str, rules: Mapping[str, str], now: datetime
) -> None:
    """Write down a programme, a set of approved exceptions or checks other than the last ones written down.

    `programme` is the address of the programme as a blob, `rules` check name -> digest. Entries name the blob that they speak of, so that
    the next change can say what it consists of.
    """
    exceptions = store.blob(encode(loaded.exceptions))
    kinds: tuple[tuple[str, str, str, Callable[[Entry | None], Parts]], ...] = (
        ("programme", loaded.digest, programme, lambda last: _programme(store, last, loaded.programme)),
        ("exceptions", loaded.exceptions_digest, exceptions, lambda last: _exceptions(store, last, loaded.exceptions)),
        ("rules", digest(encode(rules)), "", lambda _: []),
    )
    for kind, value, blob, parts in kinds:
        last = next((entry for entry in reversed(journal.entries) if entry.kind == kind), None)
        if last is None or last.body["digest"] != value:
            body: dict[str, Any] = {"digest": value, "before": last.body["digest"] if last else None}
            body["takes_effect"] = "now" if kind == "exceptions" or last is None else "with the next cycle"
            body |= {"blob": blob, "changed": parts(last)} if blob else {}
            journal.append(kind, f"{kind}/{sum(1 for _ in journal.of(kind)) + 1}", body, now)


def _programme(store: Store, last: Entry | None, now: Programme) -> Parts:
    before = _before(store, last, Programme, "the programme of before")
    return changed(programme_parts(before), programme_parts(without_secrets(now))) if before else []


def _exceptions(store: Store, last: Entry | None, now: tuple[ApprovedException, ...]) -> Parts:
    before = _before(store, last, tuple[ApprovedException, ...], "the approved exceptions of before")
    return changed_exceptions(before or (), now) if before is not None or last is None else []


def _before(store: Store, last: Entry | None, of: type[T], what: str) -> T | None:
    """What stood before; `None` for the first of its kind, and where an older journal does not name it."""
    blob = last.body.get("blob") if last else None
    return decode(store.read(blob), of, what=what) if blob else None


def without_secrets(programme: Programme) -> Programme:
    """The programme without what its file takes from the environment."""
    if programme.scope.aws is None:
        return programme
    aws = replace(programme.scope.aws, external_id=None)
    return replace(programme, scope=replace(programme.scope, aws=aws))


def programme_parts(programme: Programme | None) -> dict[str, Any]:
    """The programme's keys, services by their ids and owners by their names: small enough to tell what changed."""
    if programme is None:
        return {}
    parts: dict[str, Any] = {name: getattr(programme, name) for name in Programme.__struct_fields__}
    services, owners = parts.pop("services"), parts.pop("owners")
    return {
        **parts,
        **{f"services.{one.id}": one for one in services},
        **{f"owners.{name}": one for name, one in owners.items()},
    }


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Each part that is not the same: its name, and the sha256 of its canonical bytes before and after (`None`: not there)."""
    found = []
    for name in sorted({*before, *after}):
        was, now = (digest(encode(side[name])) if name in side else None for side in (before, after))
        if was != now:
            found.append({"name": name, "before": was, "after": now})
    return found


def changed_exceptions(before: Iterable[ApprovedException], after: Iterable[ApprovedException]) -> list[dict[str, Any]]:
    """Each approved exception that is not the same, with who asked for it and who approved it, as the file says."""
    old, new = {one.id: one for one in before}, {one.id: one for one in after}
    return [
        {**part, "requester": one.requester, "approver": one.approver}
        for part in changed(old, new)
        for one in [new.get(part["name"]) or old[part["name"]]]
    ]
