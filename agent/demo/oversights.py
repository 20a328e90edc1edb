"""What was overlooked among what serves and what watches: how it is broken and mended, one function per oversight."""

from datetime import timedelta
from typing import Any

from agent.demo import data, networks, serving, watching
from agent.demo.estate import SEEDED, Estate, arn, day
from agent.demo.faults import dated, plain
from agent.demo.names import ACCOUNTS, HOME
from agent.demo.watching import ANALYZER, DETECTOR, line


def exposed_machine(estate: Estate) -> None:
    """A machine with a public address, whose metadata answers whoever asks."""
    serving.make_machine(estate, "production", "eu-west-1", "jump-host", public=True, guarded=False)


def mixed_network(estate: Estate) -> None:
    """A machine for tests in the network of production."""
    serving.make_machine(estate, "production", HOME, "load-test", environment="test")


def dated_balancer(estate: Estate) -> None:
    """A load balancer of the inside that still speaks TLS 1.0, and that one call deletes."""
    serving.make_certificate(
        estate, "staging", "eu-west-1", "objects.staging.example", until=SEEDED + timedelta(days=300)
    )
    serving.make_balancer(estate, "staging", "eu-west-1", "reports", policy=serving.DATED, public=False, kept=False)


def old_function(estate: Estate) -> None:
    """A function that everybody may call, under a runtime that has ended, with code that nobody signed."""
    serving.make_function(estate, "resizer", runtime="python3.9", signed_code=False)
    serving.open_to_all(estate, "resizer")


def unscanned_images(estate: Estate) -> None:
    """Images that nobody scans, under tags that move."""
    serving.make_repository(estate, "production", HOME, "scratch", scanned=False)


def ageing_certificate(estate: Estate) -> None:
    """A certificate that runs out on 10 November; from 11 October on that is less than thirty days away."""
    serving.make_certificate(estate, "production", HOME, "downloads.cloud.example", until=day("2026-11-10"))


def forgotten_secret(estate: Estate) -> None:
    """A secret that is as it was made, in the spring of last year: nothing changes it or ends it, and the key is the provider's."""
    with dated(estate, day("2025-04-02")):
        serving.make_secret(estate, "production", HOME, "legacy-token", ours=False)


def single_zone_group(estate: Estate) -> None:
    """A group of machines in one zone."""
    serving.make_group(estate, "staging", "eu-west-1", "workers", zones=1)


def default_network(estate: Estate) -> None:
    """A machine's interface in the network that came with the account."""
    ec2 = estate.client("ec2", "staging", "us-east-1")
    vpc = ec2.create_default_vpc()["Vpc"]["VpcId"]
    networks.record(estate, "staging", "us-east-1", vpc)
    networks.empty(estate, "staging", "us-east-1", "default", vpc)
    estate.note("network", "staging/us-east-1/network/default", arn("ec2", "staging", f"vpc/{vpc}", "us-east-1"))
    first, *others = ec2.describe_subnets(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["Subnets"]
    for one in others:
        ec2.delete_subnet(SubnetId=one["SubnetId"])
    ec2.modify_subnet_attribute(SubnetId=first["SubnetId"], MapPublicIpOnLaunch={"Value": False})
    ec2.create_network_interface(SubnetId=first["SubnetId"], Description="load test")


def undetected(estate: Estate) -> None:
    """A region where nobody looks for threats."""
    estate.endpoint.tell(line("guardduty.ListDetectors", {"DetectorIds": []}, "security", "us-east-1"))


def detected(estate: Estate) -> None:
    """Look for them there too."""
    estate.endpoint.tell(line("guardduty.ListDetectors", {"DetectorIds": [DETECTOR]}, "security", "us-east-1"))


def unrecorded(estate: Estate) -> None:
    """A region where nobody records changes of configuration."""
    off: dict[str, Any] = {"ConfigurationRecorders": []}
    estate.endpoint.tell(line("config.DescribeConfigurationRecorders", off, "staging", "us-east-1"))


def unassessed(estate: Estate) -> None:
    """A region where no standard is held against anything."""
    none: dict[str, Any] = {"StandardsSubscriptions": []}
    estate.endpoint.tell(line("securityhub.GetEnabledStandards", none, "log-archive", "us-east-1"))


def undiscovered(estate: Estate) -> None:
    """An account whose region's object stores nobody searches for sensitive data."""
    estate.endpoint.tell(line("macie2.GetMacieSession", {"status": "PAUSED"}, "staging", "eu-west-1"))


def uncovered(estate: Estate) -> None:
    """Machines that Inspector cannot see into."""
    estate.endpoint.tell(
        line(
            "inspector2.ListCoverageStatistics",
            {"countsByGroup": [], "totalCounts": 2},
            "staging",
            "eu-west-1",
            given="scanStatusCode",
        )
    )


def vulnerable(estate: Estate) -> None:
    """A critical vulnerability of a machine, known since August."""
    machine = estate.ids[f"production/{HOME}/machine/placement-0"]
    found = {
        "findingArn": arn("inspector2", "production", "finding/5d1f0c2b7a", HOME), "awsAccountId": ACCOUNTS["production"],
        "type": "PACKAGE_VULNERABILITY", "severity": "CRITICAL", "status": "ACTIVE", "fixAvailable": "YES",
        "description": "A memory error in a library.", "title": "CVE-2026-31337 - libexample", "remediation": {},
        "firstObservedAt": "2026-08-20T04:00:00+00:00", "lastObservedAt": "2026-09-24T04:00:00+00:00",
        "updatedAt": "2026-09-24T04:00:00+00:00",
        "resources": [{"id": machine.rpartition("/")[2], "type": "AWS_EC2_INSTANCE"}],
        "packageVulnerabilityDetails": {
            "vulnerabilityId": "CVE-2026-31337", "vendorCreatedAt": "2026-08-18T00:00:00+00:00", "source": "NVD",
            "vulnerablePackages": [],
        },
    }  # fmt: skip
    estate.ids["production/vulnerability"] = str(found["findingArn"])
    estate.endpoint.tell(line("inspector2.ListFindings", {"findings": [found]}, "production", HOME))


def mended_vulnerability(estate: Estate) -> None:
    """Install what mends it."""
    estate.endpoint.tell(line("inspector2.ListFindings", {"findings": []}, "production", HOME))


def threatened(estate: Estate) -> None:
    """A threat that GuardDuty found on 9 October and that nobody takes up; high ones are due within three days."""
    number = "52c8a1d0e4f7"
    found = {
        "AccountId": ACCOUNTS["staging"], "Region": "eu-west-1", "Id": number, "SchemaVersion": "2.0", "Partition": "aws",
        "Arn": arn("guardduty", "staging", f"detector/{DETECTOR}/finding/{number}", "eu-west-1"), "Severity": 7.5,
        "Type": "UnauthorizedAccess:EC2/SSHBruteForce", "CreatedAt": "2026-10-09T01:10:00Z", "UpdatedAt": "2026-10-09T01:40:00Z",
        "Resource": {"ResourceType": "Instance"},
        "Service": {"Archived": False, "Count": 3, "EventFirstSeen": "2026-10-09T01:00:00Z", "EventLastSeen": "2026-10-09T01:40:00Z"},
    }  # fmt: skip
    estate.ids["staging/threat"] = str(found["Arn"])
    estate.endpoint.tell(
        line("guardduty.ListFindings", {"FindingIds": [number]}, "staging", "eu-west-1"),
        line("guardduty.GetFindings", {"Findings": [found]}, "staging", "eu-west-1"),
    )


def taken_up(estate: Estate) -> None:
    """Archive it."""
    estate.endpoint.tell(line("guardduty.ListFindings", {"FindingIds": []}, "staging", "eu-west-1"))


def reached(estate: Estate) -> None:
    """A bucket that the organisation's analyzer found open to somebody outside on 5 September; after thirty days that is too long."""
    found = {
        "id": "3f0e9f6e-1111-4222-8333-444455556666", "resource": "arn:aws:s3:::example-staging-downloads", "status": "ACTIVE",
        "resourceType": "AWS::S3::Bucket", "resourceOwnerAccount": ACCOUNTS["staging"], "findingType": "ExternalAccess",
        "analyzedAt": "2026-09-05T00:00:00+00:00", "createdAt": "2026-09-05T00:00:00+00:00", "updatedAt": "2026-09-05T00:00:00+00:00",
    }  # fmt: skip
    analyzer = ANALYZER.format(region="eu-central-1", account=ACCOUNTS["security"])
    estate.ids["security/foreign access"] = f"{analyzer}/finding/{found['id']}"
    estate.endpoint.tell(line("accessanalyzer.ListFindingsV2", {"findings": [found]}, "security", HOME))


def endless_log(estate: Estate) -> None:
    """A log group that is kept for ever."""
    watching.make_log_group(estate, "production", "eu-west-1", "placement", days=0)


def brief_log(estate: Estate) -> None:
    """A log group that is kept a month, under the provider's key."""
    watching.make_log_group(estate, "staging", "eu-west-1", "placement", days=30, ours=False)


def readable_log(estate: Estate) -> None:
    """A log group of an account where nothing is masked."""
    estate.endpoint.unmask(ACCOUNTS["log-archive"])


def open_vault(estate: Estate) -> None:
    """A vault whose backups may be deleted, of which none was copied away or ever restored."""
    watching.make_vault(estate, "staging", "eu-central-1", "scratch", locked=False)


def lock_vault(estate: Estate) -> None:
    """Lock it."""
    backup = estate.client("backup", "staging", "eu-central-1")
    backup.put_backup_vault_lock_configuration(BackupVaultName="scratch", MinRetentionDays=30, ChangeableForDays=3)


def untagged_bucket(estate: Estate) -> None:
    """A bucket of which nobody says whose it is, and what is in it."""
    estate.client("s3", "production").delete_bucket_tagging(Bucket=data.bucket_name("production", "multipart"))


def endless_bucket(estate: Estate) -> None:
    """A bucket from which nothing is ever deleted."""
    estate.client("s3", "production").delete_bucket_lifecycle(Bucket=data.bucket_name("production", "index"))


def personal_rights(estate: Estate) -> None:
    """A user with a policy of his own."""
    allowed = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}'
    estate.client("iam", "staging").put_user_policy(UserName="tomas-novak", PolicyName="own", PolicyDocument=allowed)


def unprotected_database(estate: Estate) -> None:
    """A database that one call deletes."""
    estate.client("rds", "staging", "us-east-1").modify_db_instance(
        DBInstanceIdentifier="catalog", DeletionProtection=False, ApplyImmediately=True
    )


def protect_database(estate: Estate) -> None:
    """Protect it from that."""
    estate.client("rds", "staging", "us-east-1").modify_db_instance(
        DBInstanceIdentifier="catalog", DeletionProtection=True, ApplyImmediately=True
    )


def unlogged_names(estate: Estate) -> None:
    """A network whose look-ups of names nobody records."""
    networks.make_network(estate, "security", "eu-west-1", "forensics", "10.7.0.0/16", named=False)


def unwatched_trail(estate: Estate) -> None:
    """A trail that no log group takes, so that no alarm can come of it."""
    estate.client("cloudtrail", "log-archive").update_trail(Name="log-archive-activity", CloudWatchLogsLogGroupArn="")


def shared_subnet(estate: Estate) -> None:
    """A subnet where whatever starts gets a public address."""
    estate.client("ec2", "staging", "eu-west-1").modify_subnet_attribute(
        SubnetId=plain(estate, "staging/eu-west-1/subnet/b"), MapPublicIpOnLaunch={"Value": True}
    )


def unowned_key(estate: Estate) -> None:
    """A key that names nobody."""
    estate.client("kms", "log-archive").untag_resource(
        KeyId=plain(estate, f"log-archive/{HOME}/key"), TagKeys=["service"]
    )
