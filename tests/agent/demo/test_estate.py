"""The seeded and broken estate, read with plain boto3 calls: it is as the table says, whatever our collectors think."""

import csv
import json

import pytest
from botocore.exceptions import ClientError

from agent.demo.names import ACCOUNTS, HOME, IN_SCOPE, ORGANIZATION, REGIONS

pytestmark = [pytest.mark.slow, pytest.mark.whole]


@pytest.fixture
def client(organization):
    return organization.estate.client


def plain(organization, name):
    return organization.estate.ids[name].replace(":", "/").rpartition("/")[2]


def test_the_organization_has_seven_accounts_of_which_one_is_closed(client):
    accounts = client("organizations").list_accounts()["Accounts"]

    assert client("organizations").describe_organization()["Organization"]["Id"] == ORGANIZATION
    assert {account["Id"] for account in accounts} == set(ACCOUNTS.values())
    assert [account["Name"] for account in accounts if account["Status"] != "ACTIVE"] == ["retired"]


@pytest.mark.parametrize("alias", IN_SCOPE)
def test_three_regions_are_enabled(client, alias):
    assert {region["RegionName"] for region in client("ec2", alias).describe_regions()["Regions"]} == set(REGIONS)


@pytest.mark.parametrize("alias", IN_SCOPE)
def test_the_network_that_came_with_the_account_is_gone_but_where_it_was_put_back(client, alias):
    for region in REGIONS:
        found = any(vpc["IsDefault"] for vpc in client("ec2", alias, region).describe_vpcs()["Vpcs"])
        assert found == ((alias, region) == ("staging", "us-east-1"))


def test_buckets_tell_their_region_and_tags(client):
    buckets = client("s3", "production").list_buckets()["Buckets"]

    assert {bucket["BucketRegion"] for bucket in buckets} == {HOME}
    tags = client("s3", "production").get_bucket_tagging(Bucket=buckets[0]["Name"])["TagSet"]
    assert {"Key": "service", "Value": "object-store"} in tags


def test_one_bucket_lets_plain_http_in_and_the_others_do_not(client):
    s3 = client("s3", "production")
    policies = {}
    for bucket in s3.list_buckets()["Buckets"]:
        try:
            policies[bucket["Name"]] = s3.get_bucket_policy(Bucket=bucket["Name"])["Policy"]
        except ClientError as error:
            policies[bucket["Name"]] = error.response["Error"]["Code"]

    assert policies.pop("example-production-thumbnails") == "NoSuchBucketPolicy"
    assert all("aws:SecureTransport" in policy for policy in policies.values())


def test_one_volume_is_not_encrypted(client):
    volumes = [each for region in REGIONS for each in client("ec2", "production", region).describe_volumes()["Volumes"]]

    assert [each["Encrypted"] for each in volumes].count(False) == 1
    assert len(volumes) == 41


def test_snapshots_are_only_our_own(client):
    snapshots = client("ec2", "production", "eu-west-1").describe_snapshots(OwnerIds=["self"])["Snapshots"]

    assert {each["OwnerId"] for each in snapshots} == {ACCOUNTS["production"]}
    assert [each["Encrypted"] for each in snapshots].count(False) == 1


def test_the_credential_report_tells_who_works_and_who_does_not(client, organization):
    iam = client("iam", "production")
    iam.generate_credential_report()

    report = iam.get_credential_report()

    rows = {row["user"]: row for row in csv.DictReader(report["Content"].decode().splitlines())}
    assert rows["<root_account>"]["mfa_active"] == "true"
    assert rows["oncall-shared"]["mfa_active"] == "false"
    assert rows["contractor-2026"]["password_last_used"].startswith("2026-05-20")
    assert rows["replication-robot"]["access_key_1_last_rotated"].startswith("2026-07-14")
    assert rows["jonas-weber"]["password_last_used"] >= "2026-09-01"


def test_root_users_are_as_told(client):
    staging = client("iam", "staging").get_account_summary()["SummaryMap"]
    archive = client("iam", "log-archive").get_account_summary()["SummaryMap"]

    assert (staging["AccountMFAEnabled"], staging["AccountAccessKeysPresent"]) == (0, 0)
    assert (archive["AccountMFAEnabled"], archive["AccountAccessKeysPresent"]) == (1, 1)


def test_roles_trust_whom_they_should(client):
    document = client("iam", "production").get_role(RoleName="vendor-monitoring")["Role"]["AssumeRolePolicyDocument"]

    assert "999988887777" in json.dumps(document)
    assert "Condition" not in document["Statement"][0]


def test_one_trail_has_fallen_silent(client):
    silent = client("cloudtrail").get_trail_status(Name="management-activity")
    heard = client("cloudtrail").get_trail_status(Name="organization")

    assert silent["IsLogging"]
    assert silent["LatestDeliveryTime"].isoformat() == "2026-09-20T03:12:00+00:00"
    assert heard["LatestDeliveryTime"] > silent["LatestDeliveryTime"]


def test_one_key_may_be_used_by_anybody(client, organization):
    kms, key = client("kms", "security"), plain(organization, "security/eu-central-1/open-key")

    assert '"AWS": "*"' in kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"]
    assert kms.get_key_rotation_status(KeyId=key)["RotationPeriodInDays"] == 365


def test_a_denied_bucket_refuses_one_question_and_answers_the_others(client):
    s3, bucket = client("s3", "production"), "example-production-ledger"

    with pytest.raises(ClientError, match="AccessDenied"):
        s3.get_bucket_encryption(Bucket=bucket)
    assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"
    assert s3.get_bucket_encryption(Bucket="example-production-index")


def test_a_database_snapshot_is_public(client):
    attributes = client("rds", "staging", "eu-west-1").describe_db_snapshot_attributes(
        DBSnapshotIdentifier="legacy-upgrade"
    )

    found = attributes["DBSnapshotAttributesResult"]["DBSnapshotAttributes"]
    assert found == [{"AttributeName": "restore", "AttributeValues": ["all"]}]


def test_a_security_group_lets_the_world_try_ssh(client, organization):
    group = plain(organization, "staging/eu-west-1/firewall/bastion")

    found = client("ec2", "staging", "eu-west-1").describe_security_groups(GroupIds=[group])["SecurityGroups"][0]

    assert [(rule["FromPort"], rule["IpRanges"][0]["CidrIp"]) for rule in found["IpPermissions"]] == [(22, "0.0.0.0/0")]
