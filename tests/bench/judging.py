"""What judging costs: a million resources of the real mix with all checks, against decoding them; the next day with 1% changed, against
hashing them.

It is a process of its own that holds one shard at a time: shards of one type of one account, in the very bytes that the store keeps, go
the way that a sweep and its replay go. Making them is not counted, nor is packing them for the store.
"""

import gc
import hashlib
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from agent.canonical import digest, each, lines
from agent.judging import Docket, Rules, judge_shard, kept
from agent.membership import Membership
from agent.programme import Service
from agent.rejudging import Known, due, rejudge
from agent.shards import paired
from collectors.resources import AnyResource
from collectors.sighting import Reading, Sighting
from controls.assess import Judge
from controls.catalogue import CHECKS

RESOURCES = 1_000_000
EACH = 4_000
"""Resources of an account."""
CHANGED = 100
"""One resource of so many is another on the next day."""
NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
"""When they are judged."""


class Template(msgspec.Struct, frozen=True, kw_only=True):
    """A resource that some estate showed, to be shown again under other ids."""

    cloud: str
    share: float
    """Of all resources; those of one kind divide the kind's share."""
    type_name: str
    account: str
    id: str
    sighting: str
    """Its line of a facts shard."""
    reading: str
    """Its line of a readings shard; empty where nothing of it moves."""


class Lines(msgspec.Struct, kw_only=True):
    """One shard as the store keeps it."""

    facts: bytes
    readings: bytes
    bare: bytes
    """The same without what the providers answered, readings put back."""
    number: int


def judging(resources: int = RESOURCES) -> Iterator[str]:
    """Let the estates show their resources in one process, and judge them in another."""
    with tempfile.TemporaryDirectory() as folder:
        file = str(Path(folder) / "templates.jsonl")
        subprocess.run([sys.executable, "-m", "tests.bench.mix", file], check=True)
        command = [sys.executable, "-m", "tests.bench.judging", file, str(resources)]
        yield from subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()


class Stopwatch:
    """CPU seconds of this process, by what they were for."""

    def __init__(self) -> None:
        self.seconds: Counter[str] = Counter()

    @contextmanager
    def measuring(self, what: str) -> Iterator[None]:
        """Count what is done inside."""
        gc.collect(1)
        before = time.process_time()
        yield
        self.seconds[what] += time.process_time() - before


def shards(templates: list[Template], account: int, resources: int) -> Iterator[Lines]:
    """What one account holds: each template as often as its share says, under ids and account ids of its own."""
    by_type = defaultdict(list)
    for one in templates:
        by_type[one.cloud, one.type_name].append(one)
    for ones in by_type.values():
        made = [pair for number, one in enumerate(ones) for pair in _copies(one, account, number, resources)]
        made.sort(key=lambda pair: pair[0])
        facts = b"".join(line + b"\n" for _, line, _ in made)
        readings = b"".join(line + b"\n" for _, _, line in made if line)
        whole = paired(each(facts, Sighting, what=""), each(readings, Reading, what=""))
        bare = lines(Sighting(cell=one.cell, resource=resource, evidence=()) for one, resource in whole)
        yield Lines(facts=facts, readings=readings, bare=bare, number=len(made))


def _copies(one: Template, account: int, at: int, resources: int) -> Iterator[tuple[str, bytes, bytes]]:
    """A template under as many ids as its share has in an account; of what is left over, some accounts have one more."""
    exact = one.share * resources
    number = int(exact) + (account % 100 < exact % 1 * 100)
    facts, readings = (text.replace(one.account, f"{account:012d}") for text in (one.sighting, one.reading))
    named = one.id.replace(one.account, f"{account:012d}")
    for copy in range(number):
        other = f"{named}-{at:03d}-{copy:05d}"
        yield other, facts.replace(named, other).encode(), readings.replace(named, other).encode()


def day_one(shard: Lines, rules: Rules, watch: Stopwatch, outcomes: Counter[str]) -> Known:
    """Decode a shard, and judge it."""
    with watch.measuring("decoding bare"):
        for _ in each(shard.bare, Sighting, what=""):
            pass
    with watch.measuring("judging bare"):
        judge_shard(((one, one.resource) for one in each(shard.bare, Sighting, what="")), rules, "0" * 64, {}, Docket())
    with watch.measuring("decoding"):
        for _ in each(shard.facts, Sighting, what=""):
            pass
        for _ in each(shard.readings, Reading, what=""):
            pass
    with watch.measuring("judging"):
        docket = Docket()
        ruled = judge_shard(_pairs(shard), rules, "0" * 64, {}, docket)
    outcomes.update(one.decode() for one in re.findall(rb'"outcome":"([^"]+)"', ruled.text))
    record = kept("bench", digest(shard.facts), digest(shard.readings), shard.number, ruled, docket, "0" * 64)
    return Known(shard=record, facts=shard.facts, readings=shard.readings, verdicts=ruled.text)


def _pairs(shard: Lines) -> Iterator[tuple[Sighting, AnyResource]]:
    return paired(each(shard.facts, Sighting, what=""), each(shard.readings, Reading, what=""))


def next_day(shard: Lines) -> Lines:
    """The shard with one of a hundred resources another: mostly changed, some gone, some new."""
    sightings = list(each(shard.facts, Sighting, what=""))
    readings = {one.id: one for one in each(shard.readings, Reading, what="")}
    found = []
    for place, one in enumerate(sightings):
        how = place // CHANGED % 10 if place % CHANGED == CHANGED // 2 else None
        if how == 0:
            continue
        if how == 1:
            found.append(_renamed(one, one.resource.id + "-new"))
        found.append(one if how is None else _renamed(one, one.resource.id))
    found.sort(key=lambda one: one.resource.id)
    stand = {one.resource.id for one in found}
    left = [reading for name, reading in sorted(readings.items()) if name in stand]
    return Lines(facts=lines(found), readings=lines(left), bare=b"", number=len(found))


def _renamed(one: Sighting, name: str) -> Sighting:
    tags = {**(one.resource.tags or {}), "changed": "today"}
    return msgspec.structs.replace(
        one, resource=msgspec.structs.replace(one.resource, id=name, name="renamed", tags=tags)
    )


def day_two(shard: Lines, known: Known, rules: Rules, watch: Stopwatch, *, whole: bool) -> None:
    """Find what changed, and judge that; `whole`: see that it is as judging all of it would be."""
    split = [*shard.facts.splitlines(), *shard.readings.splitlines()]
    with watch.measuring("hashing"):
        for line in split:
            hashlib.sha256(line).digest()
    with watch.measuring("addresses"):
        addresses = digest(shard.facts), digest(shard.readings)
    if addresses == (known.shard.facts, known.shard.readings) and not due(known.shard, rules.nominal):
        return
    with watch.measuring("next day"):
        again = rejudge(known, shard.facts, shard.readings, rules, addresses[0], {})
        if again is None:  # a few resources of which one is another
            judge_shard(_pairs(shard), rules, addresses[0], {}, Docket())
    if again is not None and whole:
        assert again.ruled == judge_shard(_pairs(shard), rules, addresses[0], {}, Docket())


def main(file: Path, resources: int) -> None:
    """Measure both days, and print what they cost."""
    templates = list(each(file.read_bytes(), Template, what="templates"))
    service = msgspec.convert(
        {"id": "all", "name": "All", "owner": "o", "level": 1, "ccm": "4.1.0", "specifications": {}}, Service
    )
    rules = Rules(judge=Judge(CHECKS), checks=CHECKS, membership=Membership([service]), exceptions=(), nominal=NOW)
    morrow = Rules(
        judge=rules.judge, checks=CHECKS, membership=rules.membership, exceptions=(), nominal=NOW + timedelta(days=1)
    )
    watch, outcomes, judged = Stopwatch(), Counter[str](), 0
    for account in range(resources // EACH):
        for shard in shards(templates, account, EACH):
            known = day_one(shard, rules, watch, outcomes)
            day_two(next_day(shard), known, morrow, watch, whole=not account)
            judged += shard.number
    cost = {what: seconds / judged * 1e6 for what, seconds in watch.seconds.items()}
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    said = ", ".join(f"{number / judged:.2f} {name}" for name, number in sorted(outcomes.items()))
    print(
        f"judging: {judged:,} resources, {len(templates)} kinds of line, {most:.0f} MiB at most; a resource has {said}"
    )
    for words, of in (("with the providers' answers", ""), ("without them", " bare")):
        decoding, judging = cost[f"decoding{of}"], cost[f"judging{of}"]
        print(
            f"judging: {judging:.2f} us of CPU a resource {words}, {judging / decoding:.1f} times decoding them ({decoding:.2f} us)"
        )
    print(
        f"judging: the next day {cost['next day']:.2f} us a resource, one of {CHANGED} another, {cost['next day'] / cost['hashing']:.1f} "
        f"times hashing them ({cost['hashing']:.2f} us); hashing shards for the store, apart, takes {cost['addresses']:.2f} us"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
