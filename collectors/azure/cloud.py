"""Azure as the agent sees it: discover the estate, divide it into cells, visit each."""

import os
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor

from collectors.azure.inventory import Inventory
from collectors.azure.operations import GRAPH, GRAPH_ACTION
from collectors.azure.organization import Discovery
from collectors.azure.places import REAL_HOSTS, BadEndpoint, is_provider_host, place_of
from collectors.azure.rates import Rates
from collectors.azure.scope import Scope
from collectors.azure.session import AzureSession, Permits, Shelf
from collectors.azure.wire import Wire
from collectors.collector import Cell, Collector
from collectors.inline import Inline
from collectors.redaction import Redactor
from collectors.resource import Resource
from collectors.sighting import Estate, Visit
from collectors.visit import visit

__all__ = ["REAL_HOSTS", "Azure", "BadEndpoint", "is_provider_host"]

TABLES = frozenset({GRAPH_ACTION, *(table.action for table in GRAPH.values())})
"""A collector that needs no more than these asks nothing about its items."""


class Azure:
    """One sweep's way into Azure. Every method may be called from many threads; `close` ends its pool and connections.

    `pseudonym_key` makes pseudonyms of persons. Raises `BadEndpoint` where the environment would send tokens in the clear.
    """

    def __init__(
        self,
        scope: Scope,
        *,
        pseudonym_key: bytes,
        concurrency: int = 32,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        environment: Mapping[str, str] = os.environ,
    ) -> None:
        self._scope = scope
        self._redactor = Redactor(pseudonym_key)
        rates = Rates(clock=clock, sleep=sleep)
        self._wire = Wire(scope, place_of(scope.cloud, environment), rates, connections=concurrency + 16)
        self._pool = ThreadPoolExecutor(concurrency, thread_name_prefix="azure")
        self._permits = Permits(self._wire)
        self._shelf = Shelf()
        self._inventory = Inventory(self._wire, ())
        self._subscriptions: frozenset[str] | None = None

    def discover(self) -> Estate:
        """Subscriptions, and what could not be found out. Never raises for what the world does."""
        estate = Discovery(self._scope, self._wire, self._redactor).estate()
        in_scope = tuple(member.account for member in estate.members if member.state == "in scope")
        self._inventory = Inventory(self._wire, in_scope)
        self._subscriptions = None if estate.gaps else frozenset(member.account for member in estate.members)
        return estate

    def cells(self, estate: Estate, collectors: Iterable[Collector]) -> tuple[Cell, ...]:
        """Every place to look, sorted: per tenant, and per subscription in scope."""
        members = [member.account for member in estate.members if member.state == "in scope"]
        tenant = [estate.management_account] if estate.management_account else []
        return tuple(sorted(
            Cell(provider="azure", account=account, region="global", collector=collector.name)
            for collector in collectors
            for account in (tenant if collector.where == "organization" else members)
        ))  # fmt: skip

    def visit(self, cell: Cell, collector: Collector, seen: Mapping[str, tuple[Resource, ...] | None]) -> Visit:
        """Look at one cell. `seen` holds what the collectors that it needs saw, over the whole estate; `None` where they have a gap."""
        session = AzureSession(
            wire=self._wire, inventory=self._inventory, permits=self._permits, shelf=self._shelf,
            account=cell.account, region=cell.region,
            organization_accounts=self._subscriptions, seen=seen,
        )  # fmt: skip
        if set(collector.grants) <= TABLES:
            return visit(collector, cell, session, Inline(), redactor=self._redactor, in_flight=1)
        return visit(collector, cell, session, self._pool, redactor=self._redactor)

    def close(self) -> None:
        """End threads and connections. What is under way is finished first."""
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._wire.close()
