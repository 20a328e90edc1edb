"""What AWS Config counts: types that nobody describes are seen, and where there is none of what a collector lists nobody asks for it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from agent.programme import AwsScope
from agent.visiting import in_turn
from collectors.aws.catalogue import COLLECTORS
from collectors.aws.census import Census, Counted
from collectors.aws.cloud import Aws
from collectors.gap import Reason
from tests.fakes import counts
from tests.fakes.aws import FakeAws, Refusal, Request
from tests.fakes.estate import Estate

MANAGEMENT = "111122223333"
EMPTY = ("lambda.ListFunctions", "eks.ListClusters", "ec2.DescribeInstances")
"""Listings that hold nothing in these tests."""
CONTINUOUS = {"name": "default", "recordingGroup": {"allSupported": True}}


@pytest.fixture
def sparse(estate: Estate, aws: FakeAws, sweep: Callable[..., Aws]) -> Aws:
    """One account in one region that has no function, cluster or machine."""
    estate.regions = ("eu-west-1",)
    answer = estate.answer

    def answers(request: Request) -> dict[str, object]:
        found = answer(request)
        keys = dict(counts.LISTED.values())
        return {**found, keys[request.operation]: []} if request.operation in EMPTY else found

    aws.answers = estate.answer = answers  # type: ignore[method-assign]
    return sweep(AwsScope(organization=estate.organization, accounts=(MANAGEMENT,), role="Audit"))


def swept(aws: Aws) -> dict[str, tuple[object, ...]]:
    """Every cell of what the inventory counts, and the inventory's: what was seen there, and what was not."""
    cells = {(cell.collector): cell for cell in aws.cells(aws.discover(), COLLECTORS) if cell.account == MANAGEMENT}
    wanted = [one for one in in_turn(COLLECTORS) if one.counted or one.name == "aws.others"]
    visits = {one.name: aws.visit(cells[one.name], one, dict.fromkeys((*one.needs, *one.beside), ())) for one in wanted}
    return {name: (visit.sightings, visit.gaps) for name, visit in visits.items()}


def test_what_nobody_describes_is_counted(sparse: Aws) -> None:
    sightings, gaps = swept(sparse)["aws.others"]
    assert gaps == ()
    assert {one.resource.name: one.resource.things for one in sightings} == dict.fromkeys(counts.UNDESCRIBED)
    assert {one.resource.kind for one in sightings} == {"resource type"}


def test_where_there_is_nothing_nothing_is_asked(sparse: Aws, aws: FakeAws) -> None:
    swept(sparse)
    assert aws.operations() & set(EMPTY) == set()
    assert {"ec2.DescribeVolumes", "elbv2.DescribeLoadBalancers"} <= aws.operations()


@pytest.mark.parametrize("broken", ["config.GetDiscoveredResourceCounts", "config.DescribeConfigurationRecorders"])
def test_both_roads_see_the_same(sparse: Aws, aws: FakeAws, sweep: Callable[..., Aws], broken: str) -> None:
    counted = swept(sparse)
    other = sweep(AwsScope(role="Audit", accounts=(MANAGEMENT,)))
    aws.calm()
    aws.deny(broken)
    direct = swept(other)
    assert aws.operations() >= set(EMPTY)
    assert [gap.reason for gap in direct.pop("aws.others")[1]] == [Reason.DENIED]
    del counted["aws.others"]
    assert direct == counted


def test_an_account_that_does_not_record_is_read_directly(sparse: Aws, aws: FakeAws) -> None:
    aws.trouble("config.DescribeConfigurationRecorderStatus", Refusal("InternalFailure", 500))
    swept(sparse)
    assert aws.operations() >= set(EMPTY)


@pytest.mark.parametrize(
    ("recorder", "settled"),
    [
        (CONTINUOUS, True),
        ({**CONTINUOUS, "recordingMode": {"recordingFrequency": "DAILY"}}, False),
        (
            {
                **CONTINUOUS,
                "recordingMode": {
                    "recordingFrequency": "CONTINUOUS",
                    "recordingModeOverrides": [{"resourceTypes": ["AWS::EKS::Cluster"], "recordingFrequency": "DAILY"}],
                },
            },
            False,
        ),
        ({**CONTINUOUS, "servicePrincipal": "securityhub.amazonaws.com"}, False),
        ({"name": "some", "recordingGroup": {"allSupported": False, "resourceTypes": ["AWS::EKS::Cluster"]}}, True),
        ({"name": "some", "recordingGroup": {"allSupported": False, "resourceTypes": ["AWS::EC2::VPC"]}}, False),
        (
            {
                "name": "but",
                "recordingGroup": {
                    "recordingStrategy": {"useOnly": "EXCLUSION_BY_RESOURCE_TYPES"},
                    "exclusionByResourceTypes": {"resourceTypes": ["AWS::EKS::Cluster"]},
                },
            },
            False,
        ),
        ({"name": "odd", "recordingGroup": {"recordingStrategy": {"useOnly": "SOMETHING_NEW"}}}, False),
        ({"name": "odd"}, False),
    ],
)
def test_only_what_is_recorded_as_it_changes_is_settled_by_a_count(
    recorder: dict[str, object], *, settled: bool
) -> None:
    counted = Counted(counts={"AWS::EC2::VPC": 1}, recorders=(recorder,))
    assert counted.none_of(("AWS::EKS::Cluster",)) is settled
    assert not counted.none_of(("AWS::EKS::Cluster", "AWS::EC2::VPC"))


def test_nothing_is_settled_that_was_not_counted() -> None:
    census = Census()
    assert not census.none_of(MANAGEMENT, "eu-west-1", ("AWS::EKS::Cluster",))
    census.known[MANAGEMENT, "eu-west-1"] = Counted(counts={}, recorders=(CONTINUOUS,))
    assert census.none_of(MANAGEMENT, "eu-west-1", ("AWS::EKS::Cluster",))
    assert not census.none_of(MANAGEMENT, "eu-west-1", ())


@pytest.mark.parametrize(
    ("region", "natives", "settled"),
    [
        ("eu-west-1", ("AWS::EKS::Cluster", "AWS::EC2::VPC"), True),
        ("mx-central-1", ("AWS::EC2::VPC",), True),
        ("mx-central-1", ("AWS::EKS::Cluster",), False),
        ("mx-central-1", ("AWS::EC2::VPC", "AWS::EKS::Cluster"), False),
        ("cn-north-1", ("AWS::Kinesis::Stream",), False),
    ],
)
def test_a_type_that_is_not_recorded_in_every_region_is_asked_for_where_it_may_not_be(region, natives, settled):
    census = Census()
    census.known[MANAGEMENT, region] = Counted(counts={}, recorders=(CONTINUOUS,))
    assert census.none_of(MANAGEMENT, region, natives) is settled


def test_a_counted_collector_looks_after_the_inventory() -> None:
    turns = [one.name for one in in_turn(COLLECTORS)]
    counted = [one for one in COLLECTORS if one.counted]
    assert counted
    assert {native for one in counted for native in one.counted} == set(counts.LISTED)
    assert all(turns.index("aws.others") < turns.index(one.name) for one in counted)


@pytest.mark.parametrize(
    ("operation", "answer"),
    [
        ("config.DescribeConfigurationRecorderStatus", {"ConfigurationRecordersStatus": [
            {"name": "default", "recording": True, "lastStatus": "Failure"},
        ]}),
        ("config.DescribeConfigurationRecorderStatus", {"ConfigurationRecordersStatus": [
            {"name": "default", "recording": True, "lastStatus": "SUCCESS", "lastStartTime": datetime.now(UTC) - timedelta(hours=23)},
        ]}),
        ("config.DescribeConfigurationRecorderStatus", {"ConfigurationRecordersStatus": [
            {"name": "default", "recording": True, "lastStatus": "SUCCESS"},
        ]}),
        ("config.GetDiscoveredResourceCounts", {"resourceCounts": [
            {"resourceType": native} for native in counts.LISTED
        ]}),
    ],
    ids=["a recorder that fails", "a recorder that was started today", "a recorder that does not say when", "a count without a number"],
)  # fmt: skip
def test_what_does_not_certainly_say_nothing_settles_nothing(
    sparse: Aws, aws: FakeAws, operation: str, answer: dict[str, object]
) -> None:
    before = aws.answers
    aws.answers = lambda request: answer if request.operation == operation else before(request)
    swept(sparse)
    assert aws.operations() >= set(EMPTY)
