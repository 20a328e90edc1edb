"""What clouds let off by their own record: of the service's accounts, what is in force and ends last first."""

from datetime import UTC, datetime

from agent.canonical import lines
from agent.exemptions import exempted
from agent.programme import Selector, Service
from agent.record import Part, Shard
from collectors.resource import FAR, Account
from collectors.sighting import Sighting
from collectors.terms import Exemption

NOW = datetime(2026, 11, 1, tzinfo=UTC)
OURS, THEIRS = "1a1b2c3d-0000-4000-8000-000000000011", "2a1b2c3d-0000-4000-8000-000000000012"
SERVICE = Service(
    id="desks", name="Desks", owner="lead", level="1", ccm="4.1.0", specifications={}, scope=Selector(accounts=(OURS,))
)


class Blobs(dict):
    """Where blobs lie, by address."""

    read = dict.__getitem__


def exemption(name, ends, account=OURS, **more):
    found = Exemption(
        id=f"/subscriptions/{account}/policyexemptions/{name}", provider="azure", account=account, region="global",
        kind="policy exemption", ends=ends, policy="/policyassignments/benchmark", scope=f"/subscriptions/{account}", **more,
    )  # fmt: skip
    return Sighting(cell=f"azure/{account}/global/azure.exemptions", resource=found, evidence=())


def part(*sightings):
    """A part with the exemptions, and with a shard of another type that must not be read."""

    def shard(name, facts):
        return Shard(
            name=f"azure/{OURS}/{name}", lines=1, facts=facts, readings=None, verdicts="", tallies={}, resources={}, inherited={},
            until=None,
        )  # fmt: skip

    shards = (shard("Account-0", "elsewhere"), shard("Exemption-0", "here"))
    made = Part(
        provider="azure", account=OURS, cells=(), shards=shards, calls="", tallies={}, remembered={}, standing="", ended=(), resources={},
        inherited={},
    )  # fmt: skip
    return Blobs(here=lines(sightings)), (made,)


def test_those_of_the_services_accounts_are_shown_and_what_ends_last_comes_first():
    blobs, parts = part(
        exemption("over", datetime(2026, 10, 1, tzinfo=UTC)), exemption("now", NOW), exemption("soon", datetime(2026, 12, 1, tzinfo=UTC)),
        exemption("later", datetime(2027, 6, 1, tzinfo=UTC), mitigated=True), exemption("never", FAR), exemption("unsaid", None),
        exemption("theirs", FAR, account=THEIRS),
    )  # fmt: skip
    rows = exempted(blobs, SERVICE, parts, NOW)
    assert [(row.resource.rpartition("/")[2], row.state, row.ends and row.ends.year) for row in rows] == [
        ("never", "in force without end", None),
        ("unsaid", "in force, its end not learned", None),
        ("later", "in force", 2027),
        ("soon", "in force", 2026),
        ("now", "ended", 2026),
        ("over", "ended", 2026),
    ]
    assert [row.mitigated for row in rows] == [None, None, True, None, None, None]


def test_what_is_no_exemption_is_passed_over():
    stray = Account(id="x", provider="azure", account=OURS, region="global", kind="subscription")
    blobs, parts = part(Sighting(cell="c", resource=stray, evidence=()))
    assert exempted(blobs, SERVICE, parts, NOW) == ()
