"""Judging a shard of which little has changed: what is as it was keeps its verdicts byte for byte, and only the rest is judged.

Everything is told from the bytes of the shard as it was and as it is. What comes out is what judging all of it would give (a test holds
that), so whoever replays it need not know which way it was made.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from agent.canonical import each
from agent.judging import Docket, Rules, count_again, judge_shard
from agent.record import Judged, Shard, Standing, Tallies, added
from agent.ruling import Ruled
from agent.shards import paired
from agent.standing import Key
from collectors.resources import AnyResource
from collectors.sighting import Reading, Sighting
from controls.tally import Tally

NOTHING = Tally()
BLOCK = 16 * 1024
"""Bytes that are compared at once."""
Name = Callable[[bytes], str]
"""The id of a line's resource."""
Lines = tuple[bytes, bytes]
"""A resource's lines (there should be one) as they were and as they are; empty where it is not."""
MOST = 4
"""At most one of so many resources may differ; from there on judging all of them costs less."""
TIMED = re.compile(rb'"holds_until":"([^"]+)"')
"""In a verdict line; within the words of a reason a quote would stand behind a backslash."""


class _Id(msgspec.Struct):
    id: str


class _Sighted(msgspec.Struct):
    resource: _Id


class _Judged(msgspec.Struct):
    resource: str


_SIGHTED = msgspec.json.Decoder(_Sighted)
_READ = msgspec.json.Decoder(_Id)
_JUDGED = msgspec.json.Decoder(_Judged)
_TIME = msgspec.json.Decoder(datetime)


@dataclass(frozen=True, kw_only=True)
class Known:
    """A shard as it was: its record and the bytes of its blobs."""

    shard: Shard
    facts: bytes
    readings: bytes
    verdicts: bytes


@dataclass(frozen=True, kw_only=True)
class Again:
    """What came of judging a shard again."""

    ruled: Ruled
    docket: Docket
    """What the whole shard counts; seen in it is only what was judged anew."""
    anew: frozenset[str]
    """Ids of resources that were judged anew, or are gone."""


def rejudge(
    known: Known, facts: bytes, readings: bytes, rules: Rules, address: str, before: Mapping[Key, Standing]
) -> Again | None:
    """The verdicts of a shard that now holds these lines; `None` where so much differs that judging all of it costs less.

    `known` was judged by the same rules at another instant, and no deviation of it is carried.
    """
    changed = dict(_differing(known.facts, facts, _sighted))
    for one in {*(one for one, _ in _differing(known.readings, readings, _read)), *_expired(known, rules.nominal)}:
        if one not in changed:
            changed[one] = _of(known.facts, one, _sighted), _of(facts, one, _sighted)
    if len(changed) * MOST > known.shard.lines:
        return None
    anew = sorted(changed)
    spans = [_span(known.verdicts, one, _judged) for one in anew]
    said = b"".join(known.verdicts[start:end] for start, end in spans)
    gone, fresh = Docket(), Docket()
    old, new = ([changed[one][side] for one in anew] for side in (0, 1))
    count_again(_seen(old, known.readings, anew), each(said, Judged, what="verdicts"), rules, before, gone)
    judged = judge_shard(_seen(new, readings, anew), rules, address, before, fresh)
    text = b"".join(_spliced(known.verdicts, zip(anew, spans, strict=True), judged.text))
    until = _until(known.shard.until, said, judged.until, text)
    return Again(
        ruled=Ruled(text=text, until=until), docket=_amended(known.shard, gone, fresh), anew=frozenset(changed)
    )


def _amended(shard: Shard, gone: Docket, fresh: Docket) -> Docket:
    """What a shard counts when some resources are gone and others came; cells that had neither are as they were."""
    tallies = dict(shard.tallies)
    for cell in gone.tallies.keys() | fresh.tallies.keys():
        less = _without(tallies.pop(cell, {}), gone.tallies.get(cell, {}))
        if found := added(less, fresh.tallies.get(cell, {})):
            tallies[cell] = found
    numbers = Counter(
        {(service, name): number for service, types in shard.resources.items() for name, number in types.items()}
    )
    numbers.update(
        {(service, name): number for service, types in fresh.resources.items() for name, number in types.items()}
    )
    numbers.subtract(
        {(service, name): number for service, types in gone.resources.items() for name, number in types.items()}
    )
    resources: dict[str, dict[str, int]] = {}
    for (service, name), number in numbers.items():
        if number:
            resources.setdefault(service, {})[name] = number
    inherited = {
        service: shard.inherited.get(service, 0) + fresh.inherited.get(service, 0) - gone.inherited.get(service, 0)
        for service in resources
    }
    return Docket(tallies=tallies, seen=fresh.seen, resources=resources, inherited=inherited)


def _without(one: Tallies, gone: Tallies) -> Tallies:
    """A table less what is counted in another; what comes to nothing is not in it."""
    found: Tallies = {}
    for service, checks in one.items():
        for check, clouds in checks.items():
            for cloud, tally in clouds.items():
                less = gone.get(service, {}).get(check, {}).get(cloud)
                left = tally if less is None else tally - less
                if left != NOTHING:
                    found.setdefault(service, {}).setdefault(check, {})[cloud] = left
    return found


def _seen(facts: Iterable[bytes], readings: bytes, ids: Sequence[str]) -> Iterator[tuple[Sighting, AnyResource]]:
    """What is seen of some resources, as it is judged."""
    moved = b"".join(_of(readings, one, _read) for one in ids)
    return paired(each(b"".join(facts), Sighting, what="facts"), each(moved, Reading, what="readings"))


def _sighted(line: bytes) -> str:
    return _SIGHTED.decode(line).resource.id


def _read(line: bytes) -> str:
    return _READ.decode(line).id


def _judged(line: bytes) -> str:
    return _JUDGED.decode(line).resource


def _differing(was: bytes, now: bytes, name: Name) -> Iterator[tuple[str, Lines]]:
    """What of two texts differs, by id; both are sorted by it. Takes a comparison of the bytes, and a little for each difference."""
    left = right = 0  # between two differences both move alike, and each comes to rest at the beginning of a line
    while left < len(was) or right < len(now):
        same = _begin(was, left + _same(was, left, now, right)) - left
        left, right = left + same, right + same
        old, new = _line(was, left), _line(now, right)
        ids = [name(one) for one in (old, new) if one]
        if not ids:
            return
        one = min(ids)
        yield one, (_around(was, left, one, name), _around(now, right, one, name))
        left += len(old) if old and name(old) == one else 0
        right += len(new) if new and name(new) == one else 0


def _same(was: bytes, left: int, now: bytes, right: int) -> int:
    """For how many bytes two texts are alike from there on."""
    same, size = 0, BLOCK
    while size and left + same < len(was) and right + same < len(now):
        one, other = was[left + same : left + same + size], now[right + same : right + same + size]
        if one == other:
            same += len(one)
        else:
            size //= 2
    return same


def _begin(text: bytes, at: int) -> int:
    """Where the line begins in which a place lies."""
    return text.rfind(b"\n", 0, at) + 1


def _line(text: bytes, start: int) -> bytes:
    """The line that begins there; nothing behind the last."""
    return text[start : text.find(b"\n", start) + 1] if start < len(text) else b""


def _around(text: bytes, place: int, wanted: str, name: Name) -> bytes:
    """The lines of one id, where one of them begins or would stand."""
    start = end = place
    while start and name(text[(before := _begin(text, start - 1)) : start]) == wanted:
        start = before
    while (line := _line(text, end)) and name(line) == wanted:
        end += len(line)
    return text[start:end]


def _span(text: bytes, wanted: str, name: Name) -> tuple[int, int]:
    """Where the lines of one id begin and end, or would stand, of lines that are sorted by it."""
    start, high = 0, len(text)
    while start < high:
        middle = _begin(text, (start + high) // 2)
        line = _line(text, middle)
        start, high = (middle + len(line), high) if name(line) < wanted else (start, middle)
    end = start
    while (line := _line(text, end)) and name(line) == wanted:
        end += len(line)
    return start, end


def _of(text: bytes, wanted: str, name: Name) -> bytes:
    """The lines of one id."""
    start, end = _span(text, wanted, name)
    return text[start:end]


def _spliced(text: bytes, spans: Iterable[tuple[str, tuple[int, int]]], new: bytes) -> Iterator[bytes]:
    """Verdict lines with those of some resources replaced by others; `spans` says where they stand, by id."""
    kept = 0
    for one, (start, end) in spans:
        yield text[kept:start]
        yield _of(new, one, _judged)
        kept = end
    yield text[kept:]


def due(shard: Shard, nominal: datetime) -> bool:
    """Time alone may have changed a verdict of the shard."""
    return shard.until is not None and nominal >= shard.until


def _expired(known: Known, nominal: datetime) -> set[str]:
    """Ids of resources of which time alone may have changed a verdict."""
    if not due(known.shard, nominal):
        return set()
    timed = ((one, _instant(one[1])) for one in TIMED.finditer(known.verdicts))
    return {
        _judged(_line(known.verdicts, _begin(known.verdicts, one.start()))) for one, until in timed if until <= nominal
    }


def _until(before: datetime | None, said: bytes, anew: datetime | None, text: bytes) -> datetime | None:
    """Until when all verdicts hold: looked for among them only where the earliest may be one that was `said` before."""
    if before is not None and before in map(_instant, TIMED.findall(said)):
        return min(map(_instant, set(TIMED.findall(text))), default=None)
    return min((one for one in (before, anew) if one is not None), default=None)


def _instant(said: bytes) -> datetime:
    return _TIME.decode(b'"' + said + b'"')
