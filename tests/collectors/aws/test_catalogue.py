"""The collectors together, through the machinery: against the fake, where each call can be refused, and against moto."""

import json
import os
import subprocess
import sys
from dataclasses import replace

import boto3
import msgspec
import pytest
from moto.core.utils import get_service_model

from agent.programme import AwsScope
from collectors.aws.catalogue import COLLECTORS
from collectors.aws.cloud import Aws
from collectors.aws.gathered import Gathered
from collectors.aws.permissions import action
from collectors.collector import Collector
from collectors.visit import whole as joined
from tests.conftest import ambient
from tests.fakes.aws import FakeAws
from tests.fakes.corners import Corners

NAMES = [collector.name for collector in COLLECTORS]
BY_NAME = dict(zip(NAMES, COLLECTORS, strict=True))
CALLS = [(collector.name, grant) for collector in COLLECTORS for grant in collector.grants]
ACCOUNTS = ("111122223333", "222233334444")
LISTINGS = {
    "config:DescribeConfigurationRecorders",
    "config:DescribeConfigurationRecorderStatus",
    "config:GetDiscoveredResourceCounts",
    "iam:GetAccountSummary", "rds:DescribeAccountAttributes", "autoscaling:DescribeAccountLimits",
    "cloudfront:ListDistributions",
    "apigateway:GET",
    "eks:ListClusters",
    "secretsmanager:ListSecrets",
    "ecr:DescribeRepositories",
    "acm:ListCertificates",
    "wafv2:ListWebACLs", "cloudformation:DescribeStacks", "ram:GetResourceShares",
    "ec2:DescribeLaunchTemplateVersions", "sso:ListInstances", "sso:ListPermissionSets",
    "ecs:ListClusters", "ecs:ListServices", "ecs:DescribeServices",
    "autoscaling:DescribeAutoScalingGroups",
    "ec2:DescribeSubnets",
    "backup:ListBackupVaults", "logs:DescribeLogGroups", "guardduty:ListDetectors", "guardduty:ListFindings", "guardduty:GetFindings",
    "inspector2:ListFindings", "access-analyzer:ListAnalyzers", "access-analyzer:ListFindings",
    "lambda:ListFunctions",
    "redshift:DescribeClusterSnapshots", "glue:GetDatabases", "dynamodb:ListTables", "redshift:DescribeClusters",
    "es:ListDomainNames", "es:DescribeDomains",
    "elasticfilesystem:DescribeFileSystems", "fsx:DescribeFileSystems", "elasticache:DescribeReplicationGroups",
    "elasticache:DescribeCacheClusters", "kinesis:ListStreams", "kafka:ListClustersV2", "sqs:ListQueues", "sns:ListTopics",
    "ec2:DescribeImages",
    "elasticloadbalancing:DescribeLoadBalancers",
    "ec2:DescribeInstances",
    "ec2:DescribeVolumes", "ec2:DescribeSnapshots", "ec2:DescribeVpcs", "ec2:DescribeSecurityGroups", "rds:DescribeDBInstances",
    "rds:DescribeDBClusters", "rds:DescribeDBSnapshots", "rds:DescribeDBClusterSnapshots", "kms:ListKeys", "s3:ListAllMyBuckets",
    "cloudtrail:DescribeTrails", "iam:GetAccountAuthorizationDetails", "iam:GenerateCredentialReport", "iam:GetCredentialReport",
}  # fmt: skip
"""Without these nobody knows what a cell holds."""
JOINED = {
    ("aws.recorders", "config:DescribeConfigurationRecorders"),
    ("aws.recorders", "config:DescribeConfigurationRecorderStatus"),
    ("aws.accounts", "iam:GetAccountSummary"),
    ("aws.analyzers", "access-analyzer:ListAnalyzers"),
    ("aws.detectors", "guardduty:ListDetectors"),
    ("aws.clusters", "ec2:DescribeInstances"),
    ("aws.machines", "ec2:DescribeSnapshots"),
    ("aws.machines", "guardduty:ListDetectors"),
    ("aws.functions", "logs:DescribeLogGroups"),
    ("aws.load_balancers", "wafv2:ListWebACLs"),
    ("aws.databases", "rds:DescribeDBSnapshots"),
    ("aws.warehouses", "redshift:DescribeClusterSnapshots"),
    ("aws.databases", "rds:DescribeDBClusterSnapshots"),
}
"""Of those, what a collector only joins facts from."""
UNSEEN = [call for call in CALLS if call[1] in LISTINGS and call not in JOINED]


@pytest.fixture(scope="module")
def served():
    """A fake AWS for the whole module, and a sweep of its organisation; making clients costs more than all that is asked."""
    estate = Corners(accounts=ACCOUNTS, regions=("eu-west-1",))
    server = FakeAws(answers=estate.answer).start()
    with pytest.MonkeyPatch.context() as patch:
        ambient(patch, estate.management, server.url)
        found = Aws(
            AwsScope(organization="o-exampleorg1", role="Audit"), session_name="test", pseudonym_key=b"key", clock=lambda: 0.0,
            sleep=lambda _: None,
        )  # fmt: skip
        yield server, found, found.discover()
        found.close()
    server.stop()


@pytest.fixture
def aws(served):
    served[0].calm()
    return served[0]


@pytest.fixture(scope="module")
def known():
    """What joined collectors saw of the sound estate, so that it is looked at once."""
    return {}


@pytest.fixture
def look(aws, served, known):
    """Visits all cells of one collector, or those of one account; what it needs was seen before."""
    _, found, discovered = served
    assert discovered.gaps == ()

    def met(name, account=""):
        if (name, account) not in known:
            known[name, account] = resources(visits(name, before(name), account))
        return known[name, account]

    def before(name):
        """What the collector joins: resources of the whole organisation, or by account for those beside it."""
        beside = {(one, account): met(one, account) for one in BY_NAME[name].beside for account in ACCOUNTS}
        return {need: met(need) for need in BY_NAME[name].needs} | beside

    def visits(name, seen=None, account=""):
        found._elsewhere = replace(found._elsewhere, gathered=Gathered())  # as in a sweep of its own
        cells = [cell for cell in found.cells(discovered, [BY_NAME[name]]) if account in {"", cell.account}]
        return [found.visit(cell, BY_NAME[name], within(cell.account, seen or {})) for cell in cells]

    def everything(name, account=""):
        seen = before(name)
        aws.calm()
        return visits(name, seen, account)

    everything.again, everything.before = visits, before
    return everything


def within(account, seen):
    """What a cell of that account is told of what was seen."""
    named = {name: found for name, found in seen.items() if isinstance(name, str)}
    return named | {key[0]: found for key, found in seen.items() if not isinstance(key, str) and key[1] == account}


def resources(visits):
    """What visits saw, readings put back."""
    return tuple(
        joined(sighting, next((reading for reading in visit.readings if reading.id == sighting.resource.id), None))
        for visit in visits
        for sighting in visit.sightings
    )


def facts(collector, found):
    return {
        (one.region, one.id, fact): getattr(one, fact)
        for one in found
        for fact in (*collector.learns, "tags", "managed_by")
    }


def operations_of(name, aws):
    """What was asked by that permission: of some services one permission covers several operations."""
    return {operation for operation in aws.operations() if action(operation) == name}


def test_the_catalogue_is_one_explicit_list_of_collectors():
    assert all(isinstance(collector, Collector) for collector in COLLECTORS)
    assert len(set(NAMES)) == len(NAMES)
    assert {need for collector in COLLECTORS for need in (*collector.needs, *collector.beside)} <= set(NAMES)


def test_importing_the_catalogue_loads_no_sdk():
    code = "import sys, collectors.aws.catalogue; sys.exit(bool({'boto3', 'botocore', 'urllib3'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("name", NAMES)
def test_a_collector_asks_exactly_what_it_is_granted_and_learns_all_that_it_says(name, look, aws):
    visits = look(name)
    assert [gap for visit in visits for gap in visit.gaps] == []
    asked = {action(operation) for operation in aws.operations()} - {"sts:AssumeRole"}
    assert asked == set(BY_NAME[name].grants)
    found = resources(visits)
    assert [fact for fact in BY_NAME[name].learns if all(getattr(one, fact) is None for one in found)] == []
    assert {one.kind for one in found} == set(BY_NAME[name].kinds)


@pytest.mark.parametrize(("name", "grant"), [call for call in CALLS if call not in UNSEEN])
@pytest.mark.slow
@pytest.mark.sampled
def test_a_refused_call_costs_facts_and_never_resources(name, grant, look, aws):
    before = facts(BY_NAME[name], resources(look(name)))
    seen = look.before(name)
    operations = operations_of(grant, aws)
    for operation in operations:
        aws.deny(operation)
    visits = look.again(name, seen)
    after = facts(BY_NAME[name], resources(visits))
    assert {key[1] for key in after} == {key[1] for key in before}
    before = {key[1:]: value for key, value in before.items()}
    changed = {key[1:]: value for key, value in after.items() if value != before[key[1:]]}
    assert changed, f"{grant} is asked for and teaches nothing"
    assert all(value is None for value in changed.values())
    gaps = [gap for visit in visits for gap in visit.gaps]
    assert {gap.reason for gap in gaps} == {"denied"}
    assert {gap.operation for gap in gaps} <= operations
    assert {key[0] for key in changed} <= {gap.subject for gap in gaps}


@pytest.mark.parametrize(("name", "grant"), UNSEEN)
@pytest.mark.slow
@pytest.mark.sampled
def test_a_refused_listing_leaves_its_cells_unseen(name, grant, look, aws):
    look(name)
    seen = look.before(name)
    operations = operations_of(grant, aws)
    for operation in operations:
        aws.deny(operation)
    visits = look.again(name, seen)
    asking = [visit for visit in visits if any(call.operation in operations for call in visit.calls)]
    assert asking
    assert all(not visit.complete for visit in asking)
    assert {gap.operation for visit in visits for gap in visit.gaps} <= operations


def test_trails_that_were_not_seen_are_a_gap_of_the_region(look):
    visits = look.again("aws.regions", {"aws.trails": None}, account="111122223333")
    assert {one.activity_logged for one in resources(visits)} == {None}
    assert {gap.reason for visit in visits for gap in visit.gaps} == {"needs"}
    assert all(visit.complete for visit in visits)


def test_the_organisations_trail_is_cited_by_every_region_of_every_account(look):
    visits = look("aws.regions")
    assert {one.activity_logged for one in resources(visits)} == {True}
    assert {sighting.cites for visit in visits for sighting in visit.sightings} == {
        ("arn:aws:cloudtrail:eu-west-1:111122223333:trail/org",)
    }


def test_no_contact_and_no_address_reaches_what_is_kept(look):
    kept = msgspec.json.encode([look("aws.accounts"), look("aws.users"), look("aws.entitlements")])
    assert b"AlternateContact" in kept
    for private in (b"Sam Doe", b"555 0100", b"@corp.example"):
        assert private not in kept


def test_no_environment_of_a_function_or_container_is_kept(look):
    for name in ("aws.functions", "aws.containers"):
        kept = msgspec.json.encode(look(name))
        assert b"[redacted: Variables]" in kept
        assert b"correct-horse" not in kept


TAGS = 4
"""Pages of the tags of a region, of all kinds at once: whoever looks first reads them for all."""


def test_a_sweep_asks_no_more_than_it_must(look, aws):
    """One call for each listing and each page of it, and for each resource those that its facts need."""
    expected = {
        "aws.volumes": 2 + 1,
        "aws.networks": 2 + 1 + 1 + 1,
        "aws.firewalls": 2 + 1,
        "aws.snapshots": 2 + 3,
        "aws.regions": 1,
        "aws.keys": 3 + 3 * 4 + 2 * 3 + 1,
        "aws.subnets": 2 + 1,
        # each two; pages of policies and tags, two of firewalls, what one guards
        "aws.load_balancers": 2 + 3 * 2 + 2 + TAGS + 2 + 1,
        "aws.classic_load_balancers": 2 + 3 + 2 + TAGS,
        "aws.machine_groups": 1,
        "aws.registries": 2 + 1 + 3 + TAGS,
        "aws.certificates": 2 + 1 + TAGS,
        "aws.secrets": 2 + 2 + 1 + 1,
        "aws.clusters": 1 + 2 * 3 + 2 + 1 + 1,
    }
    asked = {}
    for name in expected:
        look.again(name, {"aws.trails": ()})
        aws.calm()
        asked[name] = sum(len(visit.calls) for visit in look.again(name, {"aws.trails": ()}, account="111122223333"))
    assert asked == expected


EMPTY = (
    "aws.machines", "aws.machine_groups", "aws.functions", "aws.clusters", "aws.load_balancers", "aws.classic_load_balancers",
    "aws.rest_apis", "aws.http_apis", "aws.certificates", "aws.secrets", "aws.registries", "aws.subnets", "aws.networks", "aws.volumes",
    "aws.keys", "aws.snapshots", "aws.firewalls", "aws.tables", "aws.datasets", "aws.warehouses",
    "aws.warehouse_snapshots", "aws.search_indexes", "aws.file_systems",
    "aws.file_servers", "aws.caches", "aws.streams", "aws.brokers", "aws.queues", "aws.topics", "aws.images",
)  # fmt: skip
"""Collectors of things that a region may have none of."""


@pytest.mark.parametrize("name", EMPTY)
def test_an_empty_region_costs_one_call(name, look, aws, served):
    aws.answers, full = nothing, aws.answers
    try:
        visits = look.again(name, account=ACCOUNTS[1])
    finally:
        aws.answers = full
    assert [(visit.gaps, visit.sightings, len(visit.calls)) for visit in visits] == [((), (), 1)]


def nothing(request):
    """An answer whose every listing is empty."""
    service, _, name = request.operation.partition(".")
    shape = get_service_model(service).operation_model(name).output_shape
    return {member: [] for member, inner in shape.members.items() if inner.type_name == "list"}


IN_MOTO = (
    "aws.accounts", "aws.users", "aws.entitlements", "aws.buckets", "aws.volumes", "aws.snapshots", "aws.databases",
    "aws.database_snapshots", "aws.keys", "aws.trails", "aws.regions", "aws.firewalls", "aws.networks",
)  # fmt: skip
"""Collectors all of whose operations moto knows."""


@pytest.fixture(scope="module")
def moto():
    """An embedded moto with a few things in one account, and the environment to reach it."""
    from moto.server import ThreadedMotoServer

    patch = pytest.MonkeyPatch()
    patch.setenv("MOTO_EC2_LOAD_DEFAULT_AMIS", "false")
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    ambient(patch, "123456789012", f"http://{host}:{port}")
    settle()
    yield
    server.stop()
    patch.undo()


def settle():
    """Make something of each kind."""
    make = {service: boto3.client(service) for service in ("iam", "s3", "ec2", "rds", "kms", "cloudtrail")}
    everything = json.dumps({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}})
    trust = json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}],
        }
    )
    make["iam"].create_user(UserName="jo")
    make["iam"].create_access_key(UserName="jo")
    make["iam"].put_user_policy(UserName="jo", PolicyName="all", PolicyDocument=everything)
    make["iam"].create_role(RoleName="open", AssumeRolePolicyDocument=trust)
    make["s3"].create_bucket(Bucket="our-bucket", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    make["s3"].put_bucket_versioning(Bucket="our-bucket", VersioningConfiguration={"Status": "Enabled"})
    make["s3"].put_bucket_acl(Bucket="our-bucket", ACL="public-read")
    volume = make["ec2"].create_volume(AvailabilityZone="eu-west-1a", Size=1, Encrypted=True)["VolumeId"]
    snapshot = make["ec2"].create_snapshot(VolumeId=volume)["SnapshotId"]
    make["ec2"].modify_snapshot_attribute(
        SnapshotId=snapshot, Attribute="createVolumePermission", OperationType="add", GroupNames=["all"]
    )
    database = {
        "Engine": "postgres",
        "DBInstanceClass": "db.t3.micro",
        "AllocatedStorage": 10,
        "MasterUsername": "m",
        "MasterUserPassword": "secret12",
    }
    make["rds"].create_db_instance(DBInstanceIdentifier="one", MultiAZ=True, PubliclyAccessible=True, **database)
    make["kms"].enable_key_rotation(KeyId=make["kms"].create_key()["KeyMetadata"]["KeyId"])
    make["cloudtrail"].create_trail(Name="audit", S3BucketName="our-bucket", IsMultiRegionTrail=True)
    make["cloudtrail"].start_logging(Name="audit")


@pytest.mark.slow
@pytest.mark.whole
def test_an_estate_in_moto_is_seen_as_it_is(moto, sweep):
    found = sweep(AwsScope(regions=("eu-west-1",)))
    discovered = found.discover()
    seen, gaps = {"aws.machines": ()}, []
    for collector in sorted((BY_NAME[name] for name in IN_MOTO), key=lambda one: len(one.needs)):
        visits = [found.visit(cell, collector, seen) for cell in found.cells(discovered, [collector])]
        seen[collector.name] = resources(visits)
        gaps += [gap for visit in visits for gap in visit.gaps]
    assert gaps == []
    assert os.environ["AWS_ENDPOINT_URL"].startswith("http://127.0.0.1")

    def only(name, **like):
        (one,) = [one for one in seen[name] if all(getattr(one, field) == value for field, value in like.items())]
        return one

    assert only("aws.buckets").public is True
    assert (only("aws.buckets").versioned, only("aws.buckets").region) == (True, "eu-west-1")
    assert only("aws.snapshots").public is True
    assert only("aws.volumes").encrypted is True
    assert (only("aws.databases").multi_zone, only("aws.databases").public) == (True, True)
    assert only("aws.users").keys[0].active is True
    assert only("aws.entitlements", kind="user").administrator is True
    assert only("aws.entitlements", kind="role").foreign_trust == ("*",)
    assert {key.rotation_days for key in seen["aws.keys"]} >= {365}
    assert (only("aws.trails").logging, only("aws.trails").management_events) == (True, True)
    assert only("aws.regions").activity_logged is True
    assert only("aws.firewalls").default is True
    assert only("aws.networks").flow_logged is False
    assert only("aws.accounts").password_length == 0
