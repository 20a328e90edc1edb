"""Bad days: what goes wrong in AWS, and exactly what a sweep of a small organisation then says.

Each row names every gap that the sweep has; whatever has none is seen as on a good day. Rows of single questions, of discovery and of the
organisation's own policies are in `test_wire`, `test_session`, `test_organization` and `test_closing`; that no operation's refusal improves
a verdict is in `test_sweep`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest

from agent.programme import AwsScope
from collectors.aws import transport
from collectors.aws.catalogue import COLLECTORS
from collectors.aws.cloud import Aws
from collectors.aws.places import partition_of
from collectors.gap import Gap, Reason
from collectors.sighting import Visit
from tests.conftest import ambient
from tests.fakes.aws import Cut, FakeAws, Raw, Refusal, Request, Silence, access_key
from tests.fakes.aws_looking import look
from tests.fakes.estate import Estate

from .conftest import Time

FIRST, SECOND = "111122223333", "222233334444"
EU, US = "eu-west-1", "us-east-1"
"""The second is the partition's home, where the organisation itself is asked: where that fails, nobody can say which accounts there are."""
VOLUMES, SNAPSHOTS, SHARES = "ec2.DescribeVolumes", "ec2.DescribeSnapshots", "ec2.DescribeSnapshotAttribute"
LOOKING = tuple(one for one in COLLECTORS if one.name in {"aws.volumes", "aws.snapshots"})
Told = tuple[str, str, str, Reason]
"""`account/region`, operation, last part of the subject, reason."""


@dataclass
class Day:
    """An organisation of two accounts in two regions, and the sweep of it."""

    aws: FakeAws
    estate: Estate
    sweep: Aws
    time: Time

    fresh: set[str] = field(default_factory=set)
    """Keys that have not ended."""

    def visits(self, then: Callable[["Day"], None] | None = None) -> dict[str, Visit]:
        """Every cell's visit; `then` happens between discovery and the first of them."""
        cells = self.sweep.cells(self.sweep.discover(), LOOKING)
        if then:
            then(self)
        return look(self.sweep, cells, LOOKING).visits


@pytest.fixture(scope="module")
def good() -> dict[str, Visit]:
    """What is seen when nothing goes wrong."""
    with pytest.MonkeyPatch.context() as patch:
        estate = two_accounts()
        server = FakeAws(answers=estate.answer).start()
        ambient(patch, FIRST, server.url)
        sweep = opened(estate, Time())
        visits = Day(aws=server, estate=estate, sweep=sweep, time=Time()).visits()
        sweep.close()
        server.stop()
    assert len(visits) == 8
    assert not any(visit.gaps for visit in visits.values())
    return visits


@pytest.fixture
def day(monkeypatch: pytest.MonkeyPatch, time: Time) -> Iterator[Day]:
    estate = two_accounts()
    server = FakeAws(answers=estate.answer).start()
    ambient(monkeypatch, FIRST, server.url)
    sweep = opened(estate, time)
    yield Day(aws=server, estate=estate, sweep=sweep, time=time)
    server.calm()
    sweep.close()
    server.stop()


IMPATIENT = 1.0
"""Seconds after which a silence is given up where something hangs; elsewhere a busy machine may answer late."""


def two_accounts() -> Estate:
    return Estate(accounts=(FIRST, SECOND), regions=(EU, US))


def opened(estate: Estate, time: Time) -> Aws:
    scope = AwsScope(organization=estate.organization, role="Audit")
    return Aws(scope, session_name="bad-day", pseudonym_key=b"key", concurrency=8, clock=time.clock, sleep=time.sleep)


@dataclass(frozen=True, kw_only=True)
class Row:
    """Something that goes wrong, and all gaps that the sweep then has."""

    day: str
    strikes: Callable[[Day], None]
    later: bool = False
    """It goes wrong only after discovery."""
    gaps: frozenset[Told] = frozenset()
    without: frozenset[str] = field(default=frozenset())
    """Places that are not looked at, and are no gap."""


def trouble(operation: str, raised: Exception, day: Day, **where: object) -> None:
    day.aws.trouble(operation, raised, **where)  # type: ignore[arg-type]


def on(operation: str, raised: Exception, **where: object) -> Callable[[Day], None]:
    return partial(trouble, operation, raised, **where)


def everywhere(
    operation: str, reason: Reason, *, account: str = SECOND, regions: tuple[str, ...] = (EU, US)
) -> frozenset[Told]:
    return frozenset((f"{account}/{region}", operation, "", reason) for region in regions)


def of(region: str, reason: Reason) -> frozenset[Told]:
    """Both listings of both accounts in one region."""
    return frozenset(
        (f"{account}/{region}", operation, "", reason)
        for account in (FIRST, SECOND)
        for operation in (VOLUMES, SNAPSHOTS)
    )


HERE = {"account": SECOND, "region": EU}
AGAIN = (
    b"<DescribeVolumesResponse><volumeSet><item><volumeId>vol-1</volumeId></item></volumeSet><nextToken>2</nextToken>"
    b"</DescribeVolumesResponse>"
)
HALF = b"<DescribeVolumesResponse><volumeSet><item><volumeId>vol-3</vol"
ALONE = frozenset({(f"{SECOND}/{EU}", VOLUMES, "", Reason.MALFORMED)})


def credentials_end(day: Day) -> None:
    """Every key that a role has so far ends with the last volume that it listed."""

    def ended(request: Request) -> dict[str, object]:
        if request.operation == SNAPSHOTS and request.access_key not in day.fresh:
            day.estate.expired.add(request.access_key)
            day.fresh |= {access_key(request.account, day.estate.generation + more) for more in range(1, 9)}
        return day.estate.answer(request)

    day.aws.answers = ended


def credentials_end_for_good(day: Day) -> None:
    """The keys of the second account's role end, and so have the agent's own."""
    day.estate.expired |= {one.access_key for one in day.aws.requests if one.account == SECOND}
    day.aws.trouble("sts.AssumeRole", Refusal("ExpiredToken", 403))


def account_is_suspended(day: Day) -> None:
    day.estate.accounts, day.estate.suspended = (FIRST,), (SECOND,)


def region_is_not_opted_in(day: Day) -> None:
    day.estate.regions = (EU,)


ROWS = (
    Row(
        day="a resource's setting is denied", strikes=lambda day: day.aws.deny(SHARES, about="snap-1", account=SECOND),
        gaps=frozenset((f"{SECOND}/{region}", SHARES, "snap-1", Reason.DENIED) for region in (EU, US)),
    ),
    Row(
        day="a listing is denied in one account", strikes=lambda day: day.aws.deny(VOLUMES, account=SECOND),
        gaps=everywhere(VOLUMES, Reason.DENIED),
    ),
    Row(
        day="one account is throttled until the retries are spent",
        strikes=on(SNAPSHOTS, Refusal("RequestLimitExceeded", 503), account=SECOND), gaps=everywhere(SNAPSHOTS, Reason.THROTTLED),
    ),
    Row(day="throttling that passes", strikes=on("*", Refusal("RequestLimitExceeded", 503), times=5)),
    Row(day="a region fails", strikes=on("*", Refusal("InternalError", 500), region=EU), gaps=of(EU, Reason.FAILED)),
    Row(day="a region fails for a moment", strikes=on("*", Refusal("InternalError", 500), region=EU, times=4)),
    Row(
        day="a sign-in page instead of an answer", strikes=on(VOLUMES, Raw(b"<html>sign in</html>"), **HERE), gaps=ALONE,
    ),
    Row(day="an empty answer", strikes=on(VOLUMES, Raw(b""), **HERE), gaps=ALONE),
    Row(day="a second page that is cut in its midst", strikes=on(VOLUMES, Raw(HALF), about="2", **HERE), gaps=ALONE),
    Row(day="pages that lead back", strikes=on(VOLUMES, Raw(AGAIN), about="2", **HERE), gaps=ALONE),
    Row(
        day="a connection that ends in the midst of an answer", strikes=on(VOLUMES, Cut(after=9), **HERE),
        gaps=frozenset({(f"{SECOND}/{EU}", VOLUMES, "", Reason.UNREACHABLE)}),
    ),
    Row(day="a connection that ends once", strikes=on(VOLUMES, Cut(), times=2, **HERE)),
    Row(
        day="one operation hangs", strikes=on(SNAPSHOTS, Silence(), **HERE),
        gaps=frozenset({(f"{SECOND}/{EU}", SNAPSHOTS, "", Reason.UNREACHABLE)}),
    ),
    Row(day="one operation hangs once", strikes=on(SNAPSHOTS, Silence(), times=1, **HERE)),
    Row(day="credentials end in the midst", strikes=credentials_end),
    Row(
        day="credentials end for good", strikes=credentials_end_for_good, later=True,
        gaps=everywhere("sts.AssumeRole", Reason.EXPIRED),
    ),
    Row(day="a region hangs up on everybody", strikes=on("*", Cut(), region=EU), gaps=of(EU, Reason.UNREACHABLE)),
    Row(
        day="a region hangs", strikes=on("*", Silence(), region=EU),
        gaps=of(EU, Reason.UNREACHABLE),
    ),
    Row(
        day="a region is closed after it was found", strikes=on("*", Refusal("OptInRequired", 403), region=EU), later=True,
        gaps=of(EU, Reason.UNSUPPORTED),
    ),
    Row(
        day="a region that is not opted in", strikes=region_is_not_opted_in,
        without=frozenset({f"{FIRST}/{US}", f"{SECOND}/{US}"}),
    ),
    Row(day="an account is suspended", strikes=account_is_suspended, without=frozenset({f"{SECOND}/{EU}", f"{SECOND}/{US}"})),
)  # fmt: skip


def told(gap: Gap) -> Told:
    _, account, region, _ = gap.cell.split("/")
    return f"{account}/{region}", gap.operation, gap.subject.rpartition("/")[2], gap.reason


@pytest.mark.slow
@pytest.mark.sampled
@pytest.mark.parametrize(
    "row",
    # those that wait for time-outs are left to `make slow`
    [pytest.param(row, id=row.day, marks=[pytest.mark.whole] if "hangs" in row.day else []) for row in ROWS],
)
def test_a_bad_day_is_told_exactly_and_costs_nobody_else_anything(
    row: Row, day: Day, good: dict[str, Visit], monkeypatch: pytest.MonkeyPatch
) -> None:
    if "hangs" in row.day:
        monkeypatch.setattr(transport, "READ_TIMEOUT", IMPATIENT)
    if not row.later:
        row.strikes(day)
    visits = day.visits(row.strikes if row.later else None)
    assert row.gaps or row.without or day.estate.expired or not any(one.times for one in day.aws._troubles), "it came"
    assert {told(gap) for visit in visits.values() for gap in visit.gaps} == row.gaps
    assert good.keys() - visits.keys() == {key for key in good if "/".join(key.split("/")[1:3]) in row.without}
    for key, visit in visits.items():
        if not visit.gaps:
            assert visit.sightings == good[key].sightings, key
        assert {one.resource.id for one in visit.sightings} <= {one.resource.id for one in good[key].sightings}


@pytest.mark.slow
@pytest.mark.whole
def test_a_region_that_hangs_is_left_alone_and_tried_again(day: Day, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two questions of three time-outs each: then nobody waits any more, until five minutes later."""
    monkeypatch.setattr(transport, "READ_TIMEOUT", IMPATIENT)
    day.aws.trouble("*", Silence(), region=EU)
    day.visits()
    assert len([one for one in day.aws.requests if one.region == EU]) == 6
    day.aws.calm()
    assert {gap.detail for visit in day.visits().values() for gap in visit.gaps} == {"no answer earlier in this sweep"}
    assert not [one for one in day.aws.requests if one.region == EU]
    day.time.now += 301
    assert [gap for visit in day.visits().values() for gap in visit.gaps] == []


@pytest.mark.slow
@pytest.mark.sampled
@pytest.mark.parametrize("region", ["cn-north-1", "us-gov-west-1", EU])
def test_a_service_that_a_partition_lacks_is_not_called_an_outage(
    region: str, monkeypatch: pytest.MonkeyPatch, time: Time
) -> None:
    """Macie is in neither of the two; where it should be, the same silence is an outage."""
    partition = partition_of(region)
    estate = Estate(accounts=(FIRST,), regions=(region,))

    def answer(request: Request) -> dict[str, Any]:
        found = estate.answer(request)
        return {**found, "Arn": found["Arn"].replace(":aws:", f":{partition}:")} if "UserId" in found else found

    server = FakeAws(answers=answer).start()
    ambient(monkeypatch, FIRST, server.url)
    monkeypatch.setenv("AWS_DEFAULT_REGION", region)
    monkeypatch.setenv("AWS_ENDPOINT_URL_MACIE2", "http://127.0.0.1:9")
    sweep = Aws(AwsScope(), session_name="partition", pseudonym_key=b"key", clock=time.clock, sleep=time.sleep)
    looking = tuple(one for one in COLLECTORS if one.name in {"aws.discoveries", "aws.snapshots"})
    visits = look(sweep, sweep.cells(sweep.discover(), looking), looking).visits
    sweep.close()
    server.stop()
    reasons = {(gap.operation, gap.reason) for visit in visits.values() for gap in visit.gaps}
    assert reasons == {("macie2.GetMacieSession", Reason.UNREACHABLE if region == EU else Reason.UNSUPPORTED)}
    assert not visits[f"aws/{FIRST}/{region}/aws.snapshots"].gaps
    assert {one.resource.id.split(":")[1] for visit in visits.values() for one in visit.sightings} == {partition}


DELETED = {
    # what is described one by one -> what AWS answers once it was deleted
    "aws.buckets": ("s3.GetBucketEncryption", "NoSuchBucket"),
    "aws.classic_load_balancers": ("elb.DescribeLoadBalancerAttributes", "LoadBalancerNotFound"),
    "aws.clusters": ("eks.DescribeCluster", "ResourceNotFoundException"),
    "aws.database_snapshots": ("rds.DescribeDBSnapshotAttributes", "DBSnapshotNotFound"),
    "aws.distributions": ("cloudfront.GetDistributionConfig", "NoSuchDistribution"),
    "aws.http_apis": ("apigatewayv2.GetStages", "NotFoundException"),
    "aws.keys": ("kms.GetKeyPolicy", "NotFoundException"),
    "aws.load_balancers": ("elbv2.DescribeLoadBalancerAttributes", "LoadBalancerNotFound"),
    "aws.rest_apis": ("apigateway.GetStages", "NotFoundException"),
    "aws.secrets": ("secretsmanager.GetResourcePolicy", "ResourceNotFoundException"),
    "aws.snapshots": ("ec2.DescribeSnapshotAttribute", "InvalidSnapshot.NotFound"),
}


@pytest.mark.slow
@pytest.mark.sampled
@pytest.mark.parametrize("name", DELETED)
def test_what_is_deleted_between_listing_and_description_is_no_gap(name: str, day: Day) -> None:
    operation, code = DELETED[name]
    collector = next(one for one in COLLECTORS if one.name == name)
    estate = day.sweep.discover()
    cell = next(cell for cell in day.sweep.cells(estate, [collector]) if cell.account == SECOND)
    before = day.sweep.visit(cell, collector, {"aws.others": ()})
    day.aws.trouble(operation, Refusal(code, 404), times=1)
    after = day.sweep.visit(cell, collector, {"aws.others": ()})
    assert (before.gaps, after.gaps) == ((), ())
    assert len(after.sightings) == len(before.sightings) - 1
    assert {one.resource.id for one in after.sightings} < {one.resource.id for one in before.sightings}
