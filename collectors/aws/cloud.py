"""AWS as the agent sees it: discover the estate, divide it into cells, visit each."""

import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import msgspec

from collectors.aws.aggregate import Aggregate
from collectors.aws.aside import Aside
from collectors.aws.bucket_settings import BucketSettings
from collectors.aws.census import Census
from collectors.aws.clients import Clients
from collectors.aws.elsewhere import Elsewhere
from collectors.aws.identities import Ambient, Identities
from collectors.aws.organization import Discovery
from collectors.aws.places import REAL_HOSTS, is_provider_host
from collectors.aws.rates import Rates
from collectors.aws.scope import Scope
from collectors.aws.session import AwsSession
from collectors.aws.sharing import Sharing
from collectors.aws.wire import NoIdentity, Wire
from collectors.collector import Cell, Collector
from collectors.gap import Gap
from collectors.redaction import Redactor
from collectors.resource import Resource
from collectors.sighting import Call, Estate, Member, Visit
from collectors.visit import visit

__all__ = ["REAL_HOSTS", "Aws", "is_provider_host"]


class Aws:
    """One sweep's way into AWS. Every method may be called from many threads; `close` ends its pool and connections.

    `session_name` names our role sessions, so that CloudTrail corroborates the sweep; `pseudonym_key` makes pseudonyms of persons; `rate`
    is the share of what AWS grants that is asked at most.
    """

    def __init__(
        self,
        scope: Scope,
        *,
        session_name: str,
        pseudonym_key: bytes,
        concurrency: int = 32,
        rate: float = 0.5,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._scope = scope
        self._redactor = Redactor(pseudonym_key)
        self._pool = ThreadPoolExecutor(concurrency, thread_name_prefix="aws")
        self._clients = Clients(connections=2 * concurrency, clock=clock)
        self._wire = Wire(self._clients, Rates(clock=clock, sleep=sleep, share=rate), in_flight=concurrency)
        self._identities = Identities(
            self._wire, Ambient(), role=scope.role, external_id=scope.external_id, session_name=session_name, clock=clock
        )  # fmt: skip
        self._organization_accounts: frozenset[str] | None = None
        self._elsewhere = Elsewhere(identity=self._identities.of)
        self._census = Census()
        self._sharing = Sharing()
        self._aggregate = Aggregate(scope.aggregator) if scope.aggregator else None
        self._settings = BucketSettings(self._aggregate) if self._aggregate else None

    def discover(self) -> Estate:
        """Accounts, their regions, and what could not be found out. Never raises for what the world does."""
        discovery = Discovery(self._scope, self._wire, self._identities, self._redactor)
        estate = discovery.estate(self._pool)
        self._organization_accounts = discovery.organization_accounts
        in_scope = frozenset(member.account for member in estate.members if member.state == "in scope")
        self._elsewhere = replace(discovery.elsewhere, accounts=in_scope)
        return estate

    def cells(self, estate: Estate, collectors: Iterable[Collector]) -> tuple[Cell, ...]:
        """Every place to look, sorted: per organisation, per account in scope, and per enabled region of it."""
        members = [member for member in estate.members if member.state == "in scope"]
        cells = tuple(sorted(cell for collector in collectors for cell in _cells(collector, estate, members)))
        self._sharing.expect(cells)
        return cells

    def visit(self, cell: Cell, collector: Collector, seen: Mapping[str, tuple[Resource, ...] | None]) -> Visit:
        """Look at one cell. `seen` holds what the collectors that it joins saw; `None` where they have a gap.

        Where AWS Config counts none of what the collector lists, nothing is asked, and nothing is there.
        """
        try:
            if self._census.none_of(cell.account, cell.region, collector.counted):
                return Visit(cell=cell.key, sightings=(), readings=(), gaps=(), calls=())
            return self._visit(cell, collector, seen)
        finally:
            self._sharing.visited(cell)

    def _visit(self, cell: Cell, collector: Collector, seen: Mapping[str, tuple[Resource, ...] | None]) -> Visit:
        identity = self._identities.of(cell.account)
        session = AwsSession(
            wire=self._wire, identity=identity, region=cell.region, partition=self._identities.partition,
            organization_accounts=self._organization_accounts, seen=seen, elsewhere=self._elsewhere, census=self._census,
            shared=self._sharing.of(cell), aggregate=self._aggregate, settings=self._settings,
        )  # fmt: skip
        try:
            identity.credentials()
        except NoIdentity as nobody:
            found = _unseen(cell, nobody)
        else:
            found = visit(collector, cell, session, self._pool, redactor=self._redactor)
        return msgspec.structs.replace(
            found, calls=(*self._assumed(cell.account), *found.calls), gaps=(*found.gaps, *_beside(cell, session.aside)),
            captured=session.aside.captured,
        )  # fmt: skip

    def _assumed(self, account: str) -> Iterable[Call]:
        """What it took to become the account, and the aggregator's where that is not looked at itself."""
        yield from self._identities.drained(account)
        if self._aggregate is not None and self._aggregate.where.account not in self._elsewhere.accounts:
            yield from self._identities.drained(self._aggregate.where.account)

    def close(self) -> None:
        """End threads and connections. What is under way is finished first."""
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._clients.close()


def _cells(collector: Collector, estate: Estate, members: list[Member]) -> Iterable[Cell]:
    match collector.where:
        case "organization":
            places = [(estate.management_account or estate.organization, "global")] if estate.organization else []
        case "account":
            places = [(member.account, "global") for member in members]
        case "region":
            places = [(member.account, region) for member in members for region in member.regions]
    return (
        Cell(provider="aws", account=str(account), region=region, collector=collector.name)
        for account, region in places
    )


def _beside(cell: Cell, aside: Aside) -> Iterable[Gap]:
    """Who did not tell, though it was his to: the services told it, so that the cell is seen nonetheless."""
    return [
        Gap(cell=cell.key, operation=one.operation, subject=whom, reason=one.reason, detail=one.detail)
        for whom, one in sorted(set(aside.missed), key=str)
    ]


def _unseen(cell: Cell, nobody: NoIdentity) -> Visit:
    failure = nobody.failure
    gap = Gap(cell=cell.key, operation=failure.operation, subject="", reason=failure.reason, detail=failure.detail)
    return Visit(cell=cell.key, sightings=(), readings=(), gaps=(gap,), calls=())
