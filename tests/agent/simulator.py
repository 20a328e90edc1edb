"""A cloud in memory that implements `agent.planning.Access`: tests change its state and sweep it, as python-tuf's simulator does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import msgspec

from agent.planning import Cloud
from collectors.collector import Cell, Collector
from collectors.gap import Gap, Reason
from collectors.resource import DataStore, Entitlement, Identity, Region, Resource
from collectors.resources import AnyResource
from collectors.sighting import Call, Estate, Evidence, Member, Reading, Sighting, Visit

HOST = "127.0.0.1"
TAGS = {"owner": "storage-lead", "data-classification": "internal"}
"""What every volume carries, whatever else a test gives it."""


def _never(*_: object) -> None:
    raise AssertionError("the simulator answers visits itself")


def _tagged(tags: object) -> object:
    return {**TAGS, **tags} if isinstance(tags, dict) else tags


def _declared(
    name: str, sees: type[Resource], kind: str, learns: tuple[str, ...], where: str, readings: tuple[str, ...] = ()
) -> Collector:
    return Collector(
        name=name, sees=sees, kinds=(kind,), learns=learns, readings=readings, moves=(), redacts=(), grants=(), needs=(),
        where=where, list=_never, describe=_never,  # type: ignore[arg-type]
    )  # fmt: skip


STORES = _declared("aws.volumes", DataStore, "volume", ("encrypted",), "region")
USERS = _declared("aws.users", Identity, "user", ("console", "mfa", "last_active"), "account", ("last_active",))
REGIONS = _declared("aws.regions", Region, "region", ("activity_logged",), "region")
POWERS = _declared("aws.entitlements", Entitlement, "user", ("administrator",), "account")
"""Not among a simulator's collectors unless a test says so. What a user may do has the user's own id."""


@dataclass
class Simulator:
    """Accounts, their regions and resources, and what cannot be looked at."""

    collectors: tuple[Collector, ...] = (STORES, USERS, REGIONS)
    accounts: dict[str, tuple[str, ...]] = field(default_factory=lambda: {"111122223333": ("eu-west-1",)})
    excluded: dict[str, str] = field(default_factory=dict)
    unallocated: set[str] = field(default_factory=set)
    resources: dict[tuple[str, str], AnyResource] = field(default_factory=dict)
    """By cell and id."""
    denied: set[str] = field(default_factory=set)
    """Keys of cells that cannot be listed."""
    organization_denied: bool = False
    revoked: bool = False
    """The credentials were: nothing can be read at all."""
    regions_denied: set[str] = field(default_factory=set)
    """Accounts whose enabled regions cannot be learned."""
    host: str = HOST
    visits: int = 0
    broken: int | None = None
    """After this many more visits the process breaks off, as if it were killed."""

    @property
    def cloud(self) -> Cloud:
        """The cloud as the agent takes it."""
        return Cloud(name="aws", collectors=self.collectors, access=self)

    def put(self, resource: AnyResource, collector: str) -> None:
        """Make a resource, or change it."""
        cell = Cell(provider="aws", account=resource.account, region=resource.region, collector=collector)
        self.resources[cell.key, resource.id] = resource

    def volume(self, name: str, *, encrypted: bool | None, account: str = "111122223333", **facts: object) -> None:
        """A volume in eu-west-1."""
        identity = f"arn:aws:ec2:eu-west-1:{account}:volume/{name}"
        store = DataStore(
            id=identity, provider="aws", account=account, region="eu-west-1", kind="volume", encrypted=encrypted,
            **{"key_held_by": "customer", **facts, "tags": _tagged(facts.get("tags", {}))},  # type: ignore[arg-type]
        )  # fmt: skip
        self.put(store, "aws.volumes")

    def remove(self, name: str, account: str = "111122223333") -> None:
        """Delete a volume."""
        del self.resources[f"aws/{account}/eu-west-1/aws.volumes", f"arn:aws:ec2:eu-west-1:{account}:volume/{name}"]

    def discover(self) -> Estate:
        """The organisation as it is now."""
        gaps = [
            self._blind(account, "aws.enabled_regions", "ec2.DescribeRegions")
            for account in sorted(self.regions_denied & set(self.accounts))
        ]
        unknown = self.organization_denied or self.revoked
        if unknown:
            gaps = [self._blind("o-simulated01", "aws.organization", "organizations.ListAccounts")]
        members = [
            *(
                Member(account=one, name=None, state="in scope", regions=() if one in self.regions_denied else regions)
                for one, regions in self.accounts.items()
            ),
            *(
                Member(account=one, name=None, state="excluded", reason=why, owner="x")
                for one, why in self.excluded.items()
            ),
            *(Member(account=one, name=None, state="unallocated") for one in self.unallocated),
        ]
        return Estate(
            provider="aws", organization="o-simulated01", management_account="111122223333",
            members=() if unknown else tuple(members), gaps=tuple(gaps), calls=(self._call("discover", ""),),
        )  # fmt: skip

    def cells(self, estate: Estate, collectors: Sequence[Collector]) -> tuple[Cell, ...]:
        """One cell per account and region."""
        return tuple(
            Cell(provider="aws", account=member.account, region=region, collector=one.name)
            for member in estate.members
            if member.state == "in scope"
            for one in collectors
            for region in (("global",) if one.where == "account" else member.regions)
        )

    def visit(self, cell: Cell, collector: Collector, seen: Mapping[str, tuple[Resource, ...] | None]) -> Visit:  # noqa: ARG002
        """What lies in the cell."""
        self.visits += 1
        if self.broken is not None:
            if self.broken <= 0:
                raise ConnectionAbortedError
            self.broken -= 1
        if self.revoked or cell.key in self.denied:
            gap = Gap(cell=cell.key, operation="x.List", subject="", reason=Reason.DENIED, detail="AccessDenied")
            return Visit(cell=cell.key, sightings=(), readings=(), gaps=(gap,), calls=(self._call("x.List", ""),))
        found = [one for (key, _), one in sorted(self.resources.items()) if key == cell.key]
        sightings = tuple(
            Sighting(
                cell=cell.key, resource=msgspec.structs.replace(one, **dict.fromkeys(collector.readings)),
                evidence=(Evidence(operation="x.List", answer={"id": one.id}),),
            )
            for one in found
        )  # fmt: skip
        readings = tuple(
            Reading(
                id=one.id, values={name: msgspec.to_builtins(getattr(one, name)) for name in collector.readings},
                evidence=(),
            )
            for one in found
            if collector.readings
        )  # fmt: skip
        return Visit(cell=cell.key, sightings=sightings, readings=readings, gaps=(), calls=(self._call("x.List", ""),))

    def close(self) -> None:
        """Nothing is held."""

    def _blind(self, account: str, collector: str, operation: str) -> Gap:
        cell = Cell(provider="aws", account=account, region="global", collector=collector)
        return Gap(cell=cell.key, operation=operation, subject="", reason=Reason.DENIED, detail="AccessDeniedException")

    def _call(self, operation: str, subject: str) -> Call:
        return Call(operation=operation, subject=subject, host=self.host, request_id="r", date="", status=200)


@dataclass
class Clock:
    """A clock that tests set."""

    now: datetime = datetime(2026, 9, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        """The instant at which it stands."""
        return self.now
