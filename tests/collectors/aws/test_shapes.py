"""Answers as AWS wrote them years ago, or may write them next year: what is old is read, and what is new is not learned."""

from datetime import UTC, datetime
from typing import Any

import pytest

from collectors.aws.buckets import foreign_access, open_list
from collectors.aws.classic_load_balancers import encrypted as classic_encrypted
from collectors.aws.classic_load_balancers import listened
from collectors.aws.clusters import api_open, audit_logged
from collectors.aws.database_snapshots import DatabaseSnapshots
from collectors.aws.databases import Databases
from collectors.aws.elements import instant, resource_policy, tags
from collectors.aws.firewalls import Firewalls
from collectors.aws.http_apis import callers_known as http_callers_known
from collectors.aws.keys import STATES, can_rotate, expires
from collectors.aws.load_balancers import oldest_tls
from collectors.aws.log_stores import LogStores
from collectors.aws.machines import Machine, public_address
from collectors.aws.registries import by_rule
from collectors.aws.rest_apis import callers_known
from collectors.aws.subnets import Subnets
from collectors.aws.tls import SCHEMES
from collectors.aws.trails import Trails
from collectors.aws.users import rows
from collectors.resource import FAR
from tests.fakes.told import ACCOUNT, Told

DAY = datetime(2026, 1, 5, tzinfo=UTC)
EVERYBODY = "http://acs.amazonaws.com/groups/global/AllUsers"


def group(uri: str | None) -> dict[str, Any]:
    return {
        "Grants": [
            {"Grantee": {"Type": "Group"} if uri is None else {"Type": "Group", "URI": uri}, "Permission": "READ"}
        ]
    }


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (DAY, DAY),
        (DAY.replace(tzinfo=None), DAY),
        ("2026-01-05T00:00:00Z", DAY),
        ("2026-01-05T00:00:00.000+00:00", DAY),
        ("2026-01-05", DAY),
        ("yesterday", None),
        (1767571200, None),
        (None, None),
    ],
    ids=str,
)
def test_a_date_is_read_in_any_of_its_forms(written: Any, read: datetime | None) -> None:
    assert instant({"at": written}, "at") == read


@pytest.mark.parametrize(
    ("listed", "read"),
    [
        ([{"Key": "b", "Value": "2"}, {"Key": "a"}], {"a": "", "b": "2"}),
        ([{"Key": "a", "Value": None}], {"a": ""}),
        ([{"Value": "1"}], None),
        ([{"Key": 7, "Value": "1"}], None),
        ([None], None),
        (None, None),
    ],
    ids=str,
)
def test_a_tag_without_a_key_is_no_tag(listed: Any, read: dict[str, str] | None) -> None:
    assert tags(listed) == read


STATEMENT = {"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"}


@pytest.mark.parametrize(
    "change",
    [
        {"Principal": ...}, {"Principal": None}, {"Principal": {}}, {"Principal": {"AWS": None}}, {"Action": None}, {"Action": ...},
        {"Resource": None}, {"Condition": None},
    ],
    ids=str,
)  # fmt: skip
def test_a_statement_that_lacks_what_it_must_say_is_not_read(change: dict[str, Any]) -> None:
    item = {key: value for key, value in {**STATEMENT, **change}.items() if value is not ...}
    assert resource_policy({"Statement": [STATEMENT]}) is not None
    assert resource_policy({"Statement": [STATEMENT, item]}) is None


@pytest.mark.parametrize(
    ("acl", "known"),
    [
        (group(EVERYBODY), True),
        (group("http://acs.amazonaws.com/groups/s3/LogDelivery"), False),
        (group("http://acs.amazonaws.com/groups/global/Martians"), None),
        (group(None), None),
        ({"Grants": [{"Permission": "READ"}]}, None),
        ({"Grants": [{"Grantee": {"ID": "somebody"}}, {"Grantee": {"EmailAddress": "sam@corp.example"}}]}, False),
    ],
)  # fmt: skip
def test_a_group_that_is_not_known_may_be_everybody(acl: dict[str, Any], known: bool | None) -> None:
    assert open_list(acl) is known


@pytest.mark.parametrize(
    ("permission", "learned"),
    [
        ({"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}, True),
        ({"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [], "UserIdGroupPairs": []}, True),  # as in 2016
        ({"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22}, False),
        ({"FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}, False),
        ({"IpProtocol": "warp", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}, False),
        ({"IpProtocol": "tcp", "FromPort": "22", "ToPort": 22, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}, False),
        ({"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{}]}, False),
        ({"IpProtocol": "50", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}, True),
    ],
)  # fmt: skip
def test_a_permission_that_does_not_tell_what_it_opens_is_not_read(permission: dict[str, Any], learned: bool) -> None:
    element = {"GroupId": "sg-1", "GroupName": "web", "IpPermissions": [permission], "IpPermissionsEgress": []}
    assert (Firewalls.describe(Told({}), element).open_to_world is not None) is learned  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("metadata", "rotates", "ends"),
    [
        ({"KeySpec": "SYMMETRIC_DEFAULT", "Origin": "AWS_KMS"}, True, FAR),
        ({"KeySpec": "RSA_2048", "Origin": "AWS_KMS"}, False, FAR),
        ({"CustomerMasterKeySpec": "SYMMETRIC_DEFAULT", "Origin": "AWS_KMS"}, True, FAR),  # before 2021
        ({"KeySpec": "WARP_9", "Origin": "AWS_KMS"}, None, FAR),
        ({"KeySpec": "SYMMETRIC_DEFAULT", "Origin": "MARS"}, None, FAR),
        ({"KeySpec": "SYMMETRIC_DEFAULT", "Origin": "EXTERNAL", "ValidTo": DAY}, False, DAY),
        ({"KeySpec": "SYMMETRIC_DEFAULT", "Origin": "EXTERNAL", "ExpirationModel": "KEY_MATERIAL_DOES_NOT_EXPIRE"}, False, FAR),
        ({"KeySpec": "SYMMETRIC_DEFAULT", "Origin": "EXTERNAL"}, False, None),
    ],
)  # fmt: skip
def test_a_key_of_a_new_kind_says_less(metadata: dict[str, Any], rotates: bool | None, ends: datetime | None) -> None:
    assert (can_rotate(metadata), expires(metadata)) == (rotates, ends)


def test_states_and_schemes_that_are_not_known_are_not_learned() -> None:
    assert STATES.get("Frozen") is None
    assert STATES["PendingImport"] == "other"
    assert SCHEMES.get("interplanetary") is None


@pytest.mark.parametrize(
    ("protocol", "known"),
    [("HTTPS", True), ("ssl", True), ("HTTP", False), ("TCP", None), ("WARP", None), (None, None)],
)
def test_a_listener_that_speaks_what_nobody_knows_is_not_judged(protocol: str | None, known: bool | None) -> None:
    listeners = listened({"ListenerDescriptions": [{"Listener": {"Protocol": protocol}}]})
    assert (None if listeners is None else classic_encrypted(listeners)) is known
    assert oldest_tls(Told({}), ({"Protocol": "WARP"},)) is None  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "known"),
    [("AWS_IAM", True), ("JWT", True), ("CUSTOM", True), ("NONE", False), ("MIND_READING", None), (None, None)],
)
def test_a_new_way_to_ask_who_calls_is_not_trusted(kind: str | None, known: bool | None) -> None:
    assert callers_known(({"resourceMethods": {"GET": {"authorizationType": kind}}},)) is known
    assert http_callers_known({}, ({"RouteKey": "GET /", "AuthorizationType": kind},)) is known


@pytest.mark.parametrize(
    ("often", "known"), [("SCAN_ON_PUSH", True), ("MANUAL", False), ("ONCE_IN_A_BLUE_MOON", None), (None, None)]
)
def test_a_scan_of_a_new_frequency_is_not_learned(often: str | None, known: bool | None) -> None:
    assert by_rule({"rules": [{"scanFrequency": often, "repositoryFilters": [{"filter": "*"}]}]}, "app") is known


@pytest.mark.parametrize(
    ("machine", "known"),
    [
        ({"NetworkInterfaces": []}, False),
        ({"NetworkInterfaces": [{}]}, False),
        ({"NetworkInterfaces": [{"Association": {"PublicIp": "203.0.113.7"}}]}, True),
        ({"NetworkInterfaces": [{"Association": {"CarrierIp": "203.0.113.7"}}]}, False),
        ({"NetworkInterfaces": [{"Association": {}}]}, None),
        ({"NetworkInterfaces": {}}, None),
        ({}, None),
        ({"PublicIpAddress": "203.0.113.7", "NetworkInterfaces": []}, True),  # EC2-Classic
    ],
)  # fmt: skip
def test_addresses_of_a_machine(machine: dict[str, Any], known: bool | None) -> None:
    assert public_address(machine) is known


@pytest.mark.parametrize(
    ("mapped", "volumes"),
    [
        ([{"Ebs": {"VolumeId": "vol-1"}}, {"VirtualName": "ephemeral0"}], ("vol-1",)),
        ([{"Ebs": {}}], None),
        ([{"DeviceName": "/dev/sda1"}], None),
        (None, None),
        ({}, None),
    ],
)  # fmt: skip
def test_a_disk_that_is_not_named_may_be_any(mapped: Any, volumes: tuple[str, ...] | None) -> None:
    assert Machine({"BlockDeviceMappings": mapped}, ()).volumes == volumes


@pytest.mark.parametrize(
    ("sources", "known"),
    [(["203.0.113.0/24"], False), (["0.0.0.0/0"], True), (["somewhere"], None), ([None], None), ({}, None)],
)
def test_who_reaches_the_api_of_a_cluster(sources: Any, known: bool | None) -> None:
    assert api_open({"resourcesVpcConfig": {"endpointPublicAccess": True, "publicAccessCidrs": sources}}) is known


@pytest.mark.parametrize(("enabled", "known"), [(True, True), (False, False), ("x", None), (None, None)])
def test_a_switch_of_the_audit_log_that_is_no_switch(enabled: Any, known: bool | None) -> None:
    assert audit_logged({"logging": {"clusterLogging": [{"types": ["audit"], "enabled": enabled}]}}) is known


def test_what_had_no_arn_once_gets_the_one_that_it_has_now() -> None:
    told = Told({
        "s3.GetBucketAcl": None, "cloudtrail.GetTrailStatus": None, "cloudtrail.GetEventSelectors": None, "kms.ListAliases": None,
        "rds.DescribeDBSnapshots": None, "rds.DescribeDBClusterSnapshots": None, "rds.DescribeDBSnapshotAttributes": None,
        "rds.DescribeDBClusterSnapshotAttributes": None, "ec2.DescribeFlowLogs": None,
    })  # fmt: skip
    made: list[tuple[Any, dict[str, Any], str]] = [
        (Subnets, {"SubnetId": "subnet-1", "VpcId": "vpc-1"}, "ec2:eu-west-1:{}:subnet/subnet-1"),
        (Databases, {"DBInstanceIdentifier": "one"}, "rds:eu-west-1:{}:db:one"),
        (Databases, {"DBClusterIdentifier": "all", "DBInstances": []}, "rds:eu-west-1:{}:cluster:all"),
        (DatabaseSnapshots, {"DBSnapshotIdentifier": "copy"}, "rds:eu-west-1:{}:snapshot:copy"),
        (DatabaseSnapshots, {"DBClusterSnapshotIdentifier": "copy"}, "rds:eu-west-1:{}:cluster-snapshot:copy"),
        (LogStores, {"logGroupName": "/app"}, "logs:eu-west-1:{}:log-group:/app"),
        (Trails, {"Name": "old"}, "cloudtrail:eu-west-1:{}:trail/old"),
    ]
    for collector, element, rest in made:
        assert collector.describe(told, element).id == f"arn:aws:{rest.format(ACCOUNT)}"


def test_a_serverless_database_of_the_first_version_has_no_address_on_the_internet() -> None:
    told = Told({"kms.ListAliases": None, "rds.DescribeDBClusterSnapshots": None})
    cluster = {"DBClusterIdentifier": "old", "EngineMode": "serverless", "DBInstances": []}
    assert Databases.describe(told, cluster).public is False  # type: ignore[attr-defined]
    assert Databases.describe(told, {**cluster, "EngineMode": "provisioned"}).public is None  # type: ignore[attr-defined]


def test_a_report_that_was_kept_as_text_is_read_too() -> None:
    columns = (
        "user,arn,user_creation_time,password_enabled,password_last_used,mfa_active,access_key_1_active,access_key_1_last_rotated,"
        "access_key_1_last_used_date,access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date"
    )
    row = "sam,arn:aws:iam::111122223333:user/sam,2026-01-05T00:00:00+00:00,false,N/A,false,false,N/A,N/A,false,N/A,N/A"
    assert [one["user"] for one in rows(f"{columns}\n{row}")] == ["sam"]


def test_a_list_whose_owner_is_null_names_everybody_else() -> None:
    acl = {"Owner": None, "Grants": [{"Grantee": None, "Permission": "READ"}, {"Grantee": {"ID": "somebody"}}]}
    assert foreign_access((), acl, ACCOUNT) == ("somebody",)
