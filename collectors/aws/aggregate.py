"""The bulk road: an aggregator of AWS Config tells what a whole account holds of some types, in all regions, a hundred items at once.

One query for an account stands for a listing in each of its regions. It is taken where it costs fewer calls than those, and believed of an
account, region and type only where a recorder there records every change of the type, where the aggregator has that region's data of the
last day, and where it has as many items as the region's own count says, which was taken in this sweep. Everything else is asked of the
service itself: nothing is lost where Config does not answer, and what it should have answered and did not is a gap of the cell that met it.
"""

import math
import re
import threading
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

import msgspec

from collectors.aws.aside import Aside
from collectors.aws.census import Census, Counted, CountingSession
from collectors.aws.configured import HELD, Held, Row, Unfit, element
from collectors.aws.dates import dated
from collectors.aws.elements import instant, text
from collectors.aws.gathered import Gathered
from collectors.aws.scope import Aggregator
from collectors.collector import Item, Unseen
from collectors.gap import Reason
from collectors.notes import Failure, Notes
from collectors.sighting import Call

SOURCES = "config.DescribeConfigurationAggregatorSourcesStatus"
SELECT = "config.SelectAggregateResourceConfig"
PAGE = 100
"""The most items that one page has (Config API reference)."""
FRESH = timedelta(hours=24)
"""How long what a region has last told the aggregator speaks for it."""
COLUMNS = (
    "accountId", "awsRegion", "resourceType", "resourceId", "arn", "configuration", "tags", "configurationItemCaptureTime",
    "configurationItemStatus",
)  # fmt: skip
STANDING = frozenset({"OK", "ResourceDiscovered"})
"""States of an item whose resource is there, and which was recorded with its configuration."""
PLACE = re.compile(r"\d{12}/[a-z0-9-]+")
NATIVES = tuple(sorted(held.native for held in HELD.values()))


class Asker(Protocol):
    """A cell's session, as far as this road needs it."""

    account: str
    region: str
    census: Census
    notes: Notes

    def in_scope(self) -> frozenset[str]:
        """The accounts that are looked at."""
        ...

    def at(self, account: str, region: str) -> "Asked":
        """A session of its own in another place."""
        ...

    def kept(self) -> Gathered:
        """What is shared with the other cells of the account."""
        ...

    def shape(self, operation: str) -> Any:
        """botocore's shape of an operation's answer."""
        ...


class Asked(CountingSession, Protocol):
    """A session in another place."""

    notes: Notes


@dataclass(frozen=True, kw_only=True)
class Source:
    """What the aggregator says of one account and region."""

    told: datetime | None
    """When that region was last brought up to date; `None` if it does not speak for now."""
    detail: str = ""
    """Why it does not."""


@dataclass(frozen=True, kw_only=True)
class Told:
    """One element of a listing that Config told."""

    item: Item
    row: Row
    """The configuration item, as it was answered."""


@dataclass(frozen=True, kw_only=True)
class Listing:
    """All that Config told of one listing."""

    elements: tuple[Told, ...]
    captured: datetime
    """When the region was last brought up to date."""


Items = Mapping[tuple[str, str, str], tuple[Row, ...]]
"""Account, region and type -> items."""


class Aggregate:
    """One sweep's aggregator. Safe to use from many threads."""

    def __init__(self, where: Aggregator) -> None:
        self.where = where
        self._gathered = Gathered()
        self._lock = threading.Lock()
        self._said: set[tuple[str, str]] = set()

    @property
    def name(self) -> str:
        """How gaps name it."""
        return f"aggregator {self.where.name} of {self.where.account} in {self.where.region}"

    def listing(self, asker: Asker, operation: str, aside: Aside) -> Listing | None:
        """What Config holds of a listing of the asker's cell; `None` where the service itself is to be asked."""
        held = HELD.get(operation)
        counted = asker.census.known.get((asker.account, asker.region))
        if held is None or counted is None or not counted.counts.get(held.native) or not counted.records(held.native):
            return None
        captured = self.fresh(asker, asker.region, aside)
        if captured is None:
            return None
        items: Items = asker.kept().once("config items", lambda: self._items(asker, aside))
        elements = told(
            asker.shape(operation).members[held.key].member,
            held,
            items.get((asker.account, asker.region, held.native), ()),
        )
        if elements is None or len(elements) != counted.counts[held.native]:
            return None
        return Listing(elements=elements, captured=captured)

    def fresh(self, asker: Asker, region: str, aside: Aside) -> datetime | None:
        """When that region of the asker's account was last brought up to date; `None` if it does not speak for now, which is said once."""
        source = self.sources(asker, aside).get(asker.account, {}).get(region)
        if source is None or source.told is not None:
            return None if source is None else source.told
        with self._lock:
            known = (asker.account, region) in self._said
            self._said.add((asker.account, region))
        if not known:
            aside.miss(self.name, Failure(operation=SOURCES, reason=Reason.STALE, detail=source.detail))
        return None

    def sources(self, asker: Asker, aside: Aside) -> Mapping[str, Mapping[str, Source]]:
        """What the aggregator has, by account and region; read once in the sweep."""
        return self._gathered.once("sources", lambda: self._read(asker, aside))

    def rows(self, asker: Asker, aside: Aside, query: str) -> Items:
        """The items that a query tells; none, and a failure aside, where they were not read."""
        listed, _ = self._asked(
            asker, aside, SELECT, "Results", ConfigurationAggregatorName=self.where.name, Expression=query
        )
        try:
            return grouped(map(row, listed or ()))
        except ValueError:
            broken = Failure(operation=SELECT, reason=Reason.MALFORMED, detail="an item that is no object")
            aside.miss(self.name, broken)
            return {}

    def _read(self, asker: Asker, aside: Aside) -> Mapping[str, Mapping[str, Source]]:
        listed, calls = self._asked(
            asker, aside, SOURCES, "AggregatedSourceStatusList", ConfigurationAggregatorName=self.where.name
        )
        now = dated(calls)
        found: dict[str, dict[str, Source]] = defaultdict(dict)
        for one in listed or ():
            account, region = text(one, "SourceId"), text(one, "AwsRegion")
            if text(one, "SourceType") == "ACCOUNT" and account and region and PLACE.fullmatch(f"{account}/{region}"):
                found[account][region] = source(one, now)
        return dict(found)

    def _items(self, asker: Asker, aside: Aside) -> Items:
        """One account's items of the types and regions of which it is worth asking."""
        known, sources = asker.census.known, self.sources(asker, aside)[asker.account]
        counted = {
            region: known[asker.account, region]
            for region, source in sources.items()
            if source.told is not None and (asker.account, region) in known
        }
        natives, regions = worthwhile(counted)
        return self.rows(asker, aside, expression((asker.account,), regions, natives)) if natives else {}

    def _asked(
        self, asker: Asker, aside: Aside, operation: str, key: str, **parameters: Any
    ) -> tuple[list[Item] | None, list[Call]]:
        """All elements of a listing of the aggregator's; `None`, and a failure beside the cell's own, where they were not read."""
        there = asker.at(self.where.account, self.where.region)
        try:
            listed = list(there.pages(operation, key, **parameters))
        except Unseen:
            listed = None
            aside.miss(self.name, *there.notes.failures)
        asker.notes.calls += there.notes.calls
        return listed, there.notes.calls


def source(status: Mapping[str, Any], now: datetime | None) -> Source:
    """What one element of the sources' states says, at the instant that the provider dates its answer."""
    state, updated = text(status, "LastUpdateStatus"), instant(status, "LastUpdateTime")
    if state != "SUCCEEDED":
        return Source(told=None, detail=text(status, "LastErrorCode") or state or "no state")
    if updated is None or now is None:
        return Source(told=None, detail="no date")
    if now - updated > FRESH:
        return Source(told=None, detail="older than a day")
    return Source(told=updated)


def worthwhile(counted: Mapping[str, Counted]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The types and regions of an account that one query tells in fewer calls than its listings; none where it does not.

    A listing has up to a thousand elements, a page of the query a hundred items: a type of which there are many in few regions is listed.
    """
    natives: list[str] = []
    regions: set[str] = set()
    items = listings = 0
    for native in NATIVES:
        counts = {region: one.counts.get(native, 0) for region, one in counted.items() if one.records(native)}
        there = {region: count for region, count in counts.items() if count > 0}
        if there and sum(there.values()) <= PAGE * len(there):
            natives.append(native)
            regions |= set(there)
            items += sum(there.values())
            listings += len(there)
    return (tuple(natives), tuple(sorted(regions))) if math.ceil(items / PAGE) < listings else ((), ())


def expression(
    accounts: Collection[str], regions: Collection[str], natives: Collection[str], columns: Collection[str] = COLUMNS
) -> str:
    """The advanced query. Config takes at most 4,096 characters: a hundred accounts in all regions that there are stay below."""
    named = {"accountId": accounts, "awsRegion": regions, "resourceType": natives}
    conditions = [f"{name} IN ({', '.join(map(repr, sorted(values)))})" for name, values in named.items()]
    return f"SELECT {', '.join(columns)} WHERE {' AND '.join(conditions)}"


def row(result: Item) -> Row:
    """One result, which is JSON in a string. Raises `ValueError`."""
    found = msgspec.json.decode(result["Results"])
    if not isinstance(found, dict):
        raise ValueError("no object")  # noqa: TRY004 - as what the decoder raises
    return found


def grouped(rows: Iterable[Row]) -> Items:
    """The items whose resources are there, by account, region and type, each in the order of its id."""
    found: dict[tuple[str, str, str], dict[str, Row]] = defaultdict(dict)
    for one in rows:
        if text(one, "configurationItemStatus") in STANDING:
            place = text(one, "accountId") or "", text(one, "awsRegion") or "", text(one, "resourceType") or ""
            found[place][text(one, "resourceId") or ""] = one
    return {place: tuple(named[name] for name in sorted(named)) for place, named in found.items()}


def told(shape: Any, held: Held, rows: Iterable[Row]) -> tuple[Told, ...] | None:
    """The listing's elements that items stand for; `None` if one of them is not whole."""
    try:
        return tuple(Told(item=element(held, shape, one), row=held.kept(one)) for one in rows)
    except Unfit:
        return None
