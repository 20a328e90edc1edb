"""The law of monotony on AWS: an answer that lacks something, nulls it, or words it anew betters no verdict.

Every field of every answer of the fake organisation is spoiled in turn, policies inside of answers too. Where leaving a field out says
something by AWS's own documentation, it is listed.
"""

from collections import defaultdict
from collections.abc import Iterator

import pytest

from collectors.aws.catalogue import COLLECTORS
from collectors.aws.paging import TOKENS
from collectors.collector import Cell
from tests.conftest import ambient
from tests.fakes.aws_looking import ACCOUNTS, served
from tests.fakes.aws_replaying import Question, Replay, recorded
from tests.fakes.estate import Estate
from tests.fakes.spoiling import bettered, named, spoiled, unexplained, ways

pytestmark = [pytest.mark.slow, pytest.mark.whole]
NO_KEY = "kms.ListAliases Aliases.*.TargetKeyId"
NO_ADDRESS = "ec2.DescribeInstances Reservations.*.Instances.*.NetworkInterfaces.*.Association"
MEANT: dict[str, tuple[str, ...]] = {
    # What is left out is not set, by the API references.
    "aws.clusters": (f"{NO_ADDRESS}: left out", f"{NO_ADDRESS}: null"),
    "aws.containers": tuple(
        f"ecs.DescribeTaskDefinition taskDefinition.{field}: {how}"
        for field in (
            "taskRoleArn", *(f"containerDefinitions.*.linuxParameters{rest}" for rest in ("", ".capabilities", ".capabilities.add")),
        )
        for how in ("left out", "null")
    ),
    "aws.brokers": (f"{NO_KEY}: left out", f"{NO_KEY}: null"),
    "aws.file_servers": (f"{NO_KEY}: left out", f"{NO_KEY}: null"),
    "aws.file_systems": tuple(
        f"efs.DescribeFileSystemPolicy Policy.Statement.*.Condition{rest}: left out"
        for rest in ("", ".Bool", ".Bool.aws:SecureTransport")
    ),
    "aws.detectors": ("guardduty.GetDetector Features.*.Name: a new word",),  # another feature, of which nobody knows what it needs
    "aws.vaults": (f"{NO_KEY}: left out", f"{NO_KEY}: null"),
    "aws.permission_sets": tuple(f"sso-admin.GetInlinePolicyForPermissionSet InlinePolicy: {how}" for how in ("left out", "null")),
    "aws.warehouse_snapshots": ("redshift.DescribeClusterSnapshots Snapshots.*.AccountsWithRestoreAccess: left out",),
    "aws.templates": tuple(
        f"ec2.DescribeLaunchTemplateVersions LaunchTemplateVersions.*.LaunchTemplateData.{field}"
        for field in (
            "NetworkInterfaces: left out", "NetworkInterfaces: null", "NetworkInterfaces.*.AssociatePublicIpAddress: left out",
            "MetadataOptions: left out", "MetadataOptions: null", "MetadataOptions.HttpTokens: left out",
        )
    ),
    "aws.queues": ("sqs.GetQueueAttributes Attributes.Policy: left out",),
    "aws.streams": ("kinesis.GetResourcePolicy Policy: left out",),
    "aws.entitlements": (
        "iam.GetAccountAuthorizationDetails UserDetailList.*.UserPolicyList: left out",
        "iam.GetAccountAuthorizationDetails UserDetailList.*.UserPolicyList: null",
    ),
    "aws.log_stores": ("logs.DescribeLogGroups logGroups.*.retentionInDays: left out",),
    "aws.machines": (
        f"{NO_ADDRESS}: left out", f"{NO_ADDRESS}: null",
        "ec2.DescribeInstances Reservations.*.Instances.*.IamInstanceProfile: left out",
        "ec2.DescribeInstances Reservations.*.Instances.*.IamInstanceProfile: null",
    ),
    "aws.secrets": (
        "secretsmanager.GetResourcePolicy ResourcePolicy: left out", "secretsmanager.GetResourcePolicy ResourcePolicy: null",
    ),
}  # fmt: skip

"""Collector -> what betters a verdict, since it tells something else."""


@pytest.fixture(scope="module")
def replay() -> Iterator[Replay]:
    with pytest.MonkeyPatch.context() as patch:
        ambient(patch, ACCOUNTS[0], "")
        with served(Estate(accounts=ACCOUNTS), patch) as (_, aws):
            yield recorded(aws, patch)


@pytest.mark.parametrize("name", [one.name for one in COLLECTORS])
def test_no_answer_that_tells_less_betters_a_verdict(replay: Replay, name: str) -> None:
    found: dict[str, set[str]] = defaultdict(set)
    for cell in [Cell.of(key) for key in replay.look.visits if key.endswith(f"/{name}")]:
        if cell.region == "us-east-1":
            continue  # as in the other region
        replay.asked.clear()
        before = replay.verdicts(cell)
        for asked in dict.fromkeys(replay.asked):
            for words, checks in spoilt(replay, cell, asked, before):
                found[words] |= checks
    assert unexplained(found, MEANT.get(name, ())) == {}


def spoilt(replay: Replay, cell: Cell, asked: Question, before: dict) -> Iterator[tuple[str, set[str]]]:  # type: ignore[type-arg]
    """What bettered something, in words, with the checks that it bettered."""
    answer = {key: value for key, value in (replay.replies[asked].answer or {}).items() if key != "ResponseMetadata"}
    for way in ways(answer):
        if way[-1] in TOKENS:
            continue  # without it the listing is another one
        for how, other in spoiled(answer, way, worded=replay.worded(asked[2], way)):
            replay.other = {asked: other}
            if checks := bettered(before, replay.verdicts(cell)):
                yield f"{asked[2]} {named(way)}: {how}", checks
    replay.other = {}


def test_the_visits_that_are_replayed_see_what_was_seen(replay: Replay) -> None:
    seen = {key: visit for key, visit in replay.look.visits.items() if visit.sightings}  # others were never asked
    for key, visit in seen.items():
        again = replay.visit(Cell.of(key))
        assert (again.sightings, again.readings, again.gaps) == (visit.sightings, visit.readings, visit.gaps)
