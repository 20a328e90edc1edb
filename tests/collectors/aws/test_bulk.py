"""One estate by both roads: an aggregator of AWS Config tells of an account what its services tell; where it does not, they are asked."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from agent.programme import AwsScope
from collectors.aws.aggregate import SELECT, SOURCES, worthwhile
from collectors.aws.catalogue import COLLECTORS
from collectors.aws.census import Counted
from collectors.aws.cloud import Aws
from collectors.aws.configured import HELD
from collectors.aws.permissions import SPARING_GRANTS, action, policy
from collectors.collector import Collector
from collectors.gap import Reason
from collectors.resource import Resource
from controls.assess import Judge
from controls.catalogue import CHECKS
from controls.verdict import Outcome
from tests.conftest import ambient
from tests.fakes.aggregated import WHERE, Aggregated
from tests.fakes.aws import FakeAws, Raw, Refusal
from tests.fakes.aws_looking import NOW, Look, resources
from tests.fakes.pages import THEN

MEMBER = "222233334444"
REGIONS = ("eu-west-1", "us-east-1")
TOLD = ("aws.volumes", "aws.firewalls", "aws.networks", "aws.subnets", "aws.load_balancers")
"""Collectors whose listings Config can tell."""
NAMED = ("aws.tables", "aws.clusters", "aws.streams", "aws.topics", "aws.queues")
"""Collectors whose listings tell names only."""
FEW = tuple(one for name in ("aws.others", *TOLD) for one in COLLECTORS if one.name == name)


class Roads:
    """A server whose estate is looked at by either road."""

    def __init__(self, server: FakeAws) -> None:
        self.server = server
        self.made: list[Aws] = []
        self.estate = Aggregated()

    def look(
        self, estate: Aggregated | None = None, collectors: tuple[Collector, ...] = FEW, *, bulk: bool = True
    ) -> Look:
        """One look at the member account by a sweep of its own."""
        self.estate = estate or Aggregated()
        self.server.calm()
        return self.again(collectors, bulk=bulk)

    def again(self, collectors: tuple[Collector, ...] = FEW, *, bulk: bool = True) -> Look:
        """One look, whatever troubles the server has."""
        self.server.answers = self.estate.answer
        scope = AwsScope(accounts=(MEMBER,), role="Audit", regions=REGIONS, aggregator=WHERE if bulk else None)
        aws = Aws(scope, session_name="test", pseudonym_key=b"key", clock=lambda: 0.0, sleep=lambda _: None)
        self.made.append(aws)
        found, judge = Look(), Judge(CHECKS)
        cells = aws.cells(aws.discover(), collectors)
        for collector in collectors:
            for cell in (one for one in cells if one.collector == collector.name):
                seen = dict.fromkeys((*collector.needs, *collector.beside), ())
                visit = found.visits[cell.key] = aws.visit(cell, collector, seen)
                for resource in resources(visit):
                    outcomes = {check.name: verdict.outcome for check, verdict in judge(resource, NOW)}
                    found.verdicts |= {(name, resource.id): outcome for name, outcome in outcomes.items()}
        return found

    def asked(self, operation: str) -> int:
        """How often the server was asked that."""
        return sum(one.operation == operation for one in self.server.requests)


@contextmanager
def serving() -> Iterator[Roads]:
    """The fake estate with its aggregator, and both roads to it."""
    with pytest.MonkeyPatch.context() as patch:
        server = FakeAws(answers=Aggregated().answer).start()
        ambient(patch, WHERE.account, server.url)
        roads = Roads(server)
        yield roads
        for aws in roads.made:
            aws.close()
        server.stop()


@pytest.fixture(scope="module")
def served() -> Iterator[Roads]:
    with serving() as roads:
        yield roads


@pytest.fixture(scope="module")
def direct(served: Roads) -> Look:
    """What the services themselves tell."""
    return served.look(bulk=False)


def seen(found: Look) -> dict[str, Resource]:
    return {one.id: one for visit in found.visits.values() for one in resources(visit)}


def same(found: Look, other: Look) -> bool:
    """The same resources in the same cells, and the same verdicts."""
    cells = {key: [one.resource.id for one in visit.sightings] for key, visit in found.visits.items()}
    others = {key: [one.resource.id for one in visit.sightings] for key, visit in other.visits.items()}
    return (cells, seen(found), found.verdicts) == (others, seen(other), other.verdicts)


def captured(found: Look, region: str = "") -> set[str]:
    """Collectors of which some cell was told by Config."""
    return {key.split("/")[3] for key, one in found.visits.items() if one.captured and region in key}


def test_both_roads_see_the_same_and_one_query_stands_for_all_listings(served: Roads, direct: Look) -> None:
    bulk = served.look()
    assert same(bulk, direct)
    assert {Outcome.PASSED, Outcome.FAILED} <= set(bulk.verdicts.values())
    assert bulk.gaps == direct.gaps == []
    assert captured(bulk) == set(TOLD)
    assert captured(direct) == set()
    assert served.server.operations() & set(HELD) == set()
    assert served.asked(SOURCES) == 4  # the organisation and three accounts in two regions, on pages of two
    assert {
        one.parameters["Expression"].split("'")[1] for one in served.server.requests if one.operation == SELECT
    } == {MEMBER}


def test_names_that_config_holds_are_not_listed_and_all_else_is_asked_of_the_service(served: Roads) -> None:
    collectors = tuple(one for name in ("aws.others", *NAMED) for one in COLLECTORS if one.name == name)
    own = served.look(collectors=collectors, bulk=False)
    asked = {one.operation for one in served.server.requests} - set(HELD)
    bulk = served.look(collectors=collectors)
    assert same(bulk, own)
    assert (bulk.gaps, captured(bulk)) == (own.gaps, set(NAMED))
    assert {one.operation for one in served.server.requests} - {SELECT, SOURCES} == asked
    table = bulk.visits[f"aws/{MEMBER}/eu-west-1/aws.tables"].sightings[0]
    assert table.evidence[0].answer["configuration"].keys() == {"tableName"}


def test_the_aggregators_account_need_not_be_looked_at(served: Roads, monkeypatch: pytest.MonkeyPatch) -> None:
    ambient(monkeypatch, MEMBER, served.server.url)
    found = served.look()
    assert captured(found) == set(TOLD)
    assumed = [call for visit in found.visits.values() for call in visit.calls if call.operation == "sts.AssumeRole"]
    assert len(assumed) == served.asked("sts.AssumeRole") - 1 == 1  # the member's own is one of discovery's calls


def test_an_item_is_kept_as_config_answered_it(served: Roads) -> None:
    found = served.look()
    volume = found.visits[f"aws/{MEMBER}/eu-west-1/aws.volumes"].sightings[0]
    item = volume.evidence[0]
    assert item.operation == SELECT
    assert item.answer["configuration"]["volumeId"] == "vol-1"
    assert item.answer["configuration"]["snapshotId"] is None
    assert item.answer["configurationItemCaptureTime"] == "2026-01-05T12:00:00.000Z"
    assert volume.resource.created == THEN
    balancer = found.visits[f"aws/{MEMBER}/eu-west-1/aws.load_balancers"].sightings[0]
    assert [one.operation for one in balancer.evidence[:2]] == [SELECT, "elbv2.DescribeListeners"]


def test_a_cell_says_when_its_region_last_told_the_aggregator(served: Roads) -> None:
    found = served.look().visits[f"aws/{MEMBER}/eu-west-1/aws.volumes"]
    assert found.captured is not None
    assert timedelta(minutes=59) < datetime.now(UTC) - found.captured < timedelta(minutes=90)


def test_an_idle_estate_is_kept_alike_twice(served: Roads) -> None:
    first, second = served.look(), served.look()
    assert [one.sightings for one in first.visits.values()] == [one.sightings for one in second.visits.values()]


@pytest.mark.parametrize(
    ("operation", "raised", "reason"),
    [
        (SELECT, Refusal("AccessDeniedException", 403), Reason.DENIED),
        (SELECT, Refusal("ThrottlingException"), Reason.THROTTLED),
        (SELECT, Refusal("InternalFailure", 500), Reason.FAILED),
        (SELECT, Raw(b'{"Results": ["[]"]}'), Reason.MALFORMED),
        (SELECT, Raw(b'{"Results": ["{"]}'), Reason.MALFORMED),
        (SELECT, Raw(b'{"QueryInfo": {}}'), Reason.MALFORMED),
        (SELECT, Raw(b'{"Results": [], "NextToken": "again"}'), Reason.MALFORMED),
        (SOURCES, Refusal("AccessDeniedException", 403), Reason.DENIED),
        (SOURCES, Refusal("NoSuchConfigurationAggregatorException"), Reason.FAILED),
        (SOURCES, Raw(b"{}"), Reason.MALFORMED),
    ],
)
@pytest.mark.sampled
def test_where_config_does_not_answer_the_services_are_asked_and_it_is_said_once(
    served: Roads, direct: Look, operation: str, raised: Exception, reason: Reason
) -> None:
    served.look()
    served.server.calm()
    served.server.trouble(operation, raised)
    found = served.again()
    assert same(found, direct)
    assert captured(found) == set()
    [gap] = found.gaps
    assert (gap.operation, gap.subject, gap.reason) == (
        operation,
        f"aggregator organisation of {WHERE.account} in eu-west-1",
        reason,
    )
    assert all(visit.complete for visit in found.visits.values())


OLD = {"AwsRegion": "us-east-1", "LastUpdateTime": THEN}
FAILED = {"AwsRegion": "us-east-1", "LastUpdateStatus": "FAILED", "LastErrorCode": "AccessDenied"}
OUTDATED = {"AwsRegion": "us-east-1", "LastUpdateStatus": "OUTDATED"}


@pytest.mark.parametrize(
    ("state", "detail"), [(OLD, "older than a day"), (FAILED, "AccessDenied"), (OUTDATED, "OUTDATED")], ids=["old", "failed", "outdated"]
)  # fmt: skip
def test_what_is_stale_is_a_gap_and_read_directly(
    served: Roads, direct: Look, state: dict[str, object], detail: str
) -> None:
    found = served.look(Aggregated(states={(MEMBER, "us-east-1"): state}))
    assert same(found, direct)
    assert captured(found, "us-east-1") == set()
    assert captured(found, "eu-west-1") == set(TOLD)
    [gap] = found.gaps
    assert (gap.operation, gap.reason, gap.detail) == (SOURCES, Reason.STALE, detail)
    assert gap.cell.startswith(f"aws/{MEMBER}/us-east-1/")


def test_a_region_that_the_aggregator_does_not_have_is_read_directly(served: Roads, direct: Look) -> None:
    found = served.look(Aggregated(states={(MEMBER, "us-east-1"): {}}))
    assert same(found, direct)
    assert (captured(found, "us-east-1"), captured(found, "eu-west-1"), found.gaps) == (set(), set(TOLD), [])


@pytest.mark.parametrize(
    "group",
    [
        {"allSupported": False, "resourceTypes": sorted({one.native for one in HELD.values()} - {"AWS::EC2::Volume"})},
        {
            "recordingStrategy": {"useOnly": "EXCLUSION_BY_RESOURCE_TYPES"},
            "exclusionByResourceTypes": {"resourceTypes": ["AWS::EC2::Volume"]},
        },
    ],
    ids=["included", "excluded"],
)
def test_a_type_that_is_not_recorded_is_read_directly(served: Roads, direct: Look, group: dict[str, object]) -> None:
    found = served.look(Aggregated(group=group))
    assert same(found, direct)
    assert (captured(found), found.gaps) == (set(TOLD) - {"aws.volumes"}, [])


def test_a_recorder_that_was_started_today_may_not_have_found_all(served: Roads, direct: Look) -> None:
    found = served.look(Aggregated(started=datetime.now(UTC) - timedelta(hours=23)))
    assert same(found, direct)
    assert (captured(found), found.gaps) == (set(), [])


def settings(**changed: object) -> Callable[[dict[str, object]], dict[str, object]]:
    """Another configuration of the second volume."""

    def alter(item: dict[str, object]) -> dict[str, object]:
        if item["resourceId"] != "vol-2":
            return item
        configuration = item["configuration"]
        assert isinstance(configuration, dict)
        return {**item, "configuration": {**configuration, **changed}}

    return alter


def volume(item: dict[str, object], **changed: object) -> dict[str, object]:
    return {**item, **changed} if item["resourceId"] == "vol-2" else item


@pytest.mark.parametrize(
    "altered",
    [
        lambda item: None if item["resourceId"] == "vol-2" else item,
        lambda item: volume(item, configurationItemStatus="ResourceDeleted"),
        lambda item: volume(item, configurationItemStatus="ResourceNotRecorded"),
        lambda item: volume(item, accountId="999988887777"),
        lambda item: volume(item, configuration=None),
        lambda item: volume(item, configuration="{}"),
        settings(encrypted=None),
        settings(encrypted="true"),
        settings(kmsKeyId=None),
        settings(createTime="yesterday"),
        settings(createTime=None),
        settings(tags={}),
        settings(volumeId=7),
    ],
    ids=[
        "missing", "deleted", "not recorded", "of another account", "without settings", "settings in a text", "encryption not said",
        "encryption in a text", "no key", "odd instant", "no instant", "odd tags", "odd id",
    ],
)  # fmt: skip
@pytest.mark.sampled
def test_an_item_that_is_not_whole_lets_its_listing_be_read_directly(
    served: Roads, direct: Look, altered: Callable[[dict[str, object]], dict[str, object] | None]
) -> None:
    found = served.look(Aggregated(altered=altered))
    assert same(found, direct)
    assert (captured(found), found.gaps) == (set(TOLD) - {"aws.volumes"}, [])


def test_what_was_deleted_meanwhile_is_not_seen(served: Roads, direct: Look) -> None:
    estate = Aggregated()
    gone = {**next(estate.items(MEMBER, "eu-west-1", "AWS::EC2::Volume")), "resourceId": "vol-gone"}
    for state, told in (("ResourceDeleted", True), ("OK", False)):
        found = served.look(Aggregated(also=({**gone, "configurationItemStatus": state},)))
        assert same(found, direct)
        assert (
            "aws.volumes" in captured(found, "eu-west-1")
        ) is told  # one that is still told as there is more than were counted
        assert found.gaps == []


def test_without_counts_nothing_is_believed(served: Roads, direct: Look) -> None:
    served.look()
    served.server.calm()
    served.server.deny("config.GetDiscoveredResourceCounts")
    found = served.again()
    assert captured(found) == set()
    assert served.asked(SELECT) == 0
    assert {gap.operation for gap in found.gaps} == {"config.GetDiscoveredResourceCounts"}
    told = {key: visit.sightings for key, visit in found.visits.items() if not key.endswith("aws.others")}
    assert told == {key: direct.visits[key].sightings for key in told}


RECORDER = {"name": "default", "recordingGroup": {"allSupported": True}}


def counted(**regions: dict[str, int]) -> dict[str, Counted]:
    named = {
        region: {f"AWS::EC2::{native}": count for native, count in counts.items()} for region, counts in regions.items()
    }
    return {region: Counted(counts=counts, recorders=(RECORDER,)) for region, counts in named.items()}


@pytest.mark.parametrize(
    ("regions", "natives", "where"),
    [
        (counted(a={"Volume": 3, "VPC": 1}), ("AWS::EC2::VPC", "AWS::EC2::Volume"), ("a",)),
        (counted(a={"Volume": 3}), (), ()),  # one query, one listing
        (counted(a={"Volume": 900}, b={"VPC": 1}, c={"VPC": 1}), ("AWS::EC2::VPC",), ("b", "c")),
        (counted(a={"Volume": 149}, b={"Volume": 50, "VPC": 1}), ("AWS::EC2::VPC", "AWS::EC2::Volume"), ("a", "b")),
        (counted(a={"Volume": 100}, b={"Volume": 100}), (), ()),
        (counted(a={"Volume": -1, "VPC": 1}), (), ()),
        ({}, (), ()),
    ],
)  # fmt: skip
def test_the_query_is_put_where_it_costs_less_than_the_listings(
    regions: dict[str, Counted], natives: tuple[str, ...], where: tuple[str, ...]
) -> None:
    assert worthwhile(regions) == (natives, where)


def test_what_moves_or_is_hidden_is_so_in_the_names_of_config_too() -> None:
    by_listing = {one: next(each for each in COLLECTORS if HELD[one].native in each.counted) for one in HELD}
    clients = Aws(AwsScope(), session_name="test", pseudonym_key=b"key")._clients
    for operation, collector in by_listing.items():
        service, _, name = operation.partition(".")
        shape = clients.client(service).meta.service_model.operation_model(name).output_shape
        told = set(members(shape.members[HELD[operation].key]))
        for names in (collector.moves, collector.redacts):
            assert {one[0].lower() + one[1:] for one in told & set(names)} <= set(names), operation


def members(shape: object, depth: int = 0) -> Iterator[str]:
    """Names of all members, at any depth."""
    for name, member in getattr(shape, "members", {}).items():
        yield name
        yield from members(member, depth + 1)
    if getattr(shape, "type_name", "") == "list":
        yield from members(shape.member, depth + 1)  # type: ignore[attr-defined]


def test_the_role_may_put_the_query(served: Roads) -> None:
    served.look()
    asked = {action(operation) for operation in served.server.operations() if "Aggregat" in operation}
    assert asked < set(SPARING_GRANTS) <= set(policy(())["Statement"][0]["Action"])
