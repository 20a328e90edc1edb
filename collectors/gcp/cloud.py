"""Google Cloud as the agent sees it: discover the estate, divide it into cells, visit each."""

import time
from collections.abc import Callable, Iterable, Mapping

import msgspec

from collectors.collector import Cell, Collector
from collectors.gcp.discovery import Discovery
from collectors.gcp.inventory import Inventory
from collectors.gcp.rates import Rates
from collectors.gcp.scope import Scope
from collectors.gcp.session import GcpSession
from collectors.gcp.territory import Territory
from collectors.gcp.wire import Wire
from collectors.inline import Inline
from collectors.redaction import Redactor
from collectors.resource import Resource
from collectors.sighting import Estate, Visit
from collectors.visit import visit


class Gcp:
    """One sweep's way into Google Cloud. Every method may be called from many threads; `close` ends its connection.

    `session_name` is the reason that Google's audit log keeps with each of our requests, so that it corroborates the sweep;
    `pseudonym_key` makes pseudonyms of persons.
    """

    def __init__(
        self,
        scope: Scope,
        *,
        session_name: str,
        pseudonym_key: bytes,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._scope = scope
        self._redactor = Redactor(pseudonym_key)
        self._wire = Wire(scope, Rates(clock=clock, sleep=sleep), reason=session_name)
        self._inventory = Inventory(self._wire)
        self._territory = Territory()

    def discover(self) -> Estate:
        """Projects, and what could not be found out. Never raises for what the world does."""
        return Discovery(self._scope, self._wire, self._inventory, self._redactor, self._territory).estate()

    def cells(self, estate: Estate, collectors: Iterable[Collector]) -> tuple[Cell, ...]:
        """Every place to look, sorted: per project in scope, and per folder and organisation."""
        projects = [member.account for member in estate.members if member.state == "in scope"]
        return tuple(
            sorted(
                Cell(provider="gcp", account=account, region="global", collector=collector.name)
                for collector in collectors
                for account in (self._territory.above if collector.where == "organization" else projects)
            )
        )

    def visit(self, cell: Cell, collector: Collector, seen: Mapping[str, tuple[Resource, ...] | None]) -> Visit:
        """Look at one cell. `seen` holds what the collectors that it needs saw, over the whole estate; `None` where they have a gap."""
        session = GcpSession(
            inventory=self._inventory, territory=self._territory, account=cell.account, region=cell.region, seen=seen
        )
        found = visit(collector, cell, session, Inline(), redactor=self._redactor, in_flight=1)
        return msgspec.structs.replace(found, calls=(*found.calls, *session.joined()))

    def close(self) -> None:
        """End the connection."""
        self._wire.close()
