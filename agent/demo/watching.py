"""What watches over the estate: its detectors, scanners, recorders and analyzers, its alarms, guardrails, logs and vaults.

All is on in every account and region. Services that moto does not play are told (`agent.demo.told`); the rest are ordinary boto3 calls.
"""

import json
from collections.abc import Iterator
from typing import Any

from agent.demo import canaries
from agent.demo.estate import PLATFORM, Estate, arn, pairs
from agent.demo.names import ACCOUNTS, HOME, IN_SCOPE, ORGANIZATION, REGIONS
from agent.demo.told import AGO, EVERYWHERE

Line = dict[str, Any]
DETECTOR = "9cb2f6d1a4e84c0f8a6d"
FEATURES = (
    "CLOUD_TRAIL", "DNS_LOGS", "FLOW_LOGS", "S3_DATA_EVENTS", "EKS_AUDIT_LOGS", "RDS_LOGIN_EVENTS", "LAMBDA_NETWORK_LOGS",
    "EBS_MALWARE_PROTECTION",
)  # fmt: skip
RECORDER = {
    "name": "default", "recordingGroup": {"allSupported": True, "includeGlobalResourceTypes": True},
    "recordingMode": {"recordingFrequency": "CONTINUOUS"},
}  # fmt: skip
ANALYZER = "arn:aws:access-analyzer:{region}:{account}:analyzer/outside"
UNUSED = f"arn:aws:access-analyzer:{HOME}:{ACCOUNTS['security']}:analyzer/unused"
BUSY = {AGO: 1800}
"""Half an hour before anybody looks."""


def line(operation: str, answer: dict[str, Any], alias: str = "", region: str = EVERYWHERE, given: str = "") -> Line:
    """One answer: of an account by its alias, or of all."""
    account = ACCOUNTS[alias] if alias else EVERYWHERE
    return {"account": account, "region": region, "operation": operation, "answer": answer, "given": given}


def watch(estate: Estate) -> None:
    """Switch everything on, and let somebody hear of it."""
    estate.endpoint.tell(*detection(), *scanning(), *recording(), *posture(), *analysis())
    estate.client("organizations").register_delegated_administrator(
        AccountId=ACCOUNTS["security"], ServicePrincipal="access-analyzer.amazonaws.com"
    )
    for alias in IN_SCOPE:
        for region in REGIONS:
            for kind in ("threat-detection", "malware-protection"):
                estate.ids[f"{alias}/{region}/{kind}"] = arn("guardduty", alias, kind, region)
            estate.ids[f"{alias}/{region}/vulnerability-scanning"] = arn(
                "inspector2", alias, "vulnerability-scanning", region
            )
            estate.ids[f"{alias}/{region}/configuration-recording"] = arn(
                "config", alias, "configuration-recording", region
            )
            estate.ids[f"{alias}/{region}/posture-assessment"] = arn("securityhub", alias, "posture-assessment", region)
            estate.ids[f"{alias}/{region}/data-discovery"] = arn("macie2", alias, "data-discovery", region)
        estate.ids[f"{alias}/guardrail"] = arn("organizations", alias, "guardrail")
        estate.ids[f"{alias}/alarms"] = arn("cloudwatch", alias, "alarms")
    for region in REGIONS:
        report(estate, region)


def detection() -> Iterator[Line]:
    """GuardDuty, administered by the security account."""
    yield line("guardduty.ListDetectors", {"DetectorIds": [DETECTOR]})
    features = [{"Name": name, "Status": "ENABLED"} for name in FEATURES]
    role = "arn:aws:iam::{}:role/aws-service-role/guardduty.amazonaws.com/AWSServiceRoleForAmazonGuardDuty"
    for alias in IN_SCOPE:
        settings = {"Status": "ENABLED", "ServiceRole": role.format(ACCOUNTS[alias]), "Features": features}
        yield line("guardduty.GetDetector", settings, alias)
    administrator = {"AccountId": ACCOUNTS["security"], "RelationshipStatus": "Enabled"}
    yield line("guardduty.GetAdministratorAccount", {"Administrator": administrator})
    yield line("guardduty.GetAdministratorAccount", {}, "security")
    yield line("guardduty.ListFindings", {"FindingIds": []})


def scanning() -> Iterator[Line]:
    """Inspector, administered by the security account; Macie."""
    on = {"status": "ENABLED"}
    for alias in IN_SCOPE:
        account = {"accountId": ACCOUNTS[alias], "state": on, "resourceState": {"ec2": on, "ecr": on, "lambda": on}}
        yield line("inspector2.BatchGetAccountStatus", {"accounts": [account], "failedAccounts": []}, alias)
    administrator = {"accountId": ACCOUNTS["security"], "relationshipStatus": "ENABLED"}
    yield line("inspector2.GetDelegatedAdminAccount", {"delegatedAdmin": administrator})
    yield line("inspector2.ListCoverageStatistics", {"countsByGroup": [], "totalCounts": 4})
    yield line("inspector2.ListFindings", {"findings": []})
    yield line("macie2.GetMacieSession", {"status": "ENABLED", "findingPublishingFrequency": "FIFTEEN_MINUTES"})


def recording() -> Iterator[Line]:
    """AWS Config, of every type as it changes."""
    yield line("config.DescribeConfigurationRecorders", {"ConfigurationRecorders": [RECORDER]})
    state = {"name": "default", "recording": True, "lastStatus": "SUCCESS", "lastStatusChangeTime": BUSY}
    yield line("config.DescribeConfigurationRecorderStatus", {"ConfigurationRecordersStatus": [state]})
    delivered = {"lastStatus": "SUCCESS", "lastSuccessfulTime": BUSY}
    channel = {"name": "default", "configHistoryDeliveryInfo": delivered}
    yield line("config.DescribeDeliveryChannelStatus", {"DeliveryChannelsStatus": [channel]})


def posture() -> Iterator[Line]:
    """Security Hub, with AWS's own standard."""
    for region in REGIONS:
        standard = f"arn:aws:securityhub:{region}::standards/aws-foundational-security-best-practices/v/1.0.0"
        for alias in IN_SCOPE:
            held = arn("securityhub", alias, "subscription/aws-foundational-security-best-practices/v/1.0.0", region)
            subscription = {
                "StandardsArn": standard, "StandardsSubscriptionArn": held, "StandardsInput": {}, "StandardsStatus": "READY",
            }  # fmt: skip
            yield line("securityhub.GetEnabledStandards", {"StandardsSubscriptions": [subscription]}, alias, region)
    yield line("securityhub.GetFindings", {"Findings": []})


def analysis() -> Iterator[Line]:
    """The organisation's analyzers of access from outside and, in one region, of rights that nobody uses; in the security account."""
    yield line("accessanalyzer.ListAnalyzers", {"analyzers": []})
    for region in REGIONS:
        analyzer = {
            "arn": ANALYZER.format(region=region, account=ACCOUNTS["security"]), "name": "outside", "type": "ORGANIZATION",
            "createdAt": "2026-09-01T08:00:00+00:00", "status": "ACTIVE",
        }  # fmt: skip
        idle = {**analyzer, "arn": UNUSED, "name": "unused", "type": "ORGANIZATION_UNUSED_ACCESS"}
        listed = [analyzer, idle] if region == HOME else [analyzer]
        yield line("accessanalyzer.ListAnalyzers", {"analyzers": listed}, "security", region)
    yield line("accessanalyzer.ListFindingsV2", {"findings": []})
    yield line("accessanalyzer.ListFindingsV2", {"findings": []}, "security", HOME, given=UNUSED)


def report(estate: Estate, region: str) -> None:
    """In the security account, carry what GuardDuty and Inspector find to whoever is on duty."""
    topic = make_topic(estate, "security", region)
    events = estate.client("events", "security", region)
    for name, source in (("threats", "aws.guardduty"), ("vulnerabilities", "aws.inspector2")):
        events.put_rule(Name=name, EventPattern=json.dumps({"source": [source]}))
        events.put_targets(Rule=name, Targets=[{"Id": "duty", "Arn": topic}])


def make_topic(estate: Estate, alias: str, region: str) -> str:
    """A topic to which the security duty listens, encrypted, and over TLS alone; its ARN."""
    sns = estate.client("sns", alias, region)
    attributes = {"KmsMasterKeyId": "alias/aws/sns", "Policy": policy(over_tls("sns:Publish"))}
    topic: str = sns.create_topic(Name="duty", Attributes=attributes)["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="email", Endpoint=canaries.CONTACT)
    tag(estate, alias, region, topic, PLATFORM)
    return estate.note("topic", f"{alias}/{region}/topic/duty", topic)


def tag(estate: Estate, alias: str, region: str, identifier: str, tags: dict[str, str]) -> None:
    """Let the tagging service know something; of that place it knows only what it was told."""
    found = estate.listed.setdefault((alias, region, "resourcegroupstaggingapi.GetResources"), [])
    found.append({"ResourceARN": identifier, "Tags": pairs(tags)})
    estate.endpoint.tell(
        line("resourcegroupstaggingapi.GetResources", {"ResourceTagMappingList": found}, alias, region)
    )


def policy(*statements: dict[str, Any]) -> str:
    """A resource's policy, as text."""
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def over_tls(action: str, resource: str = "*") -> dict[str, Any]:
    """The statement that refuses calls without TLS."""
    insecure = {"Bool": {"aws:SecureTransport": "false"}}
    return {"Effect": "Deny", "Principal": {"AWS": "*"}, "Action": action, "Resource": resource, "Condition": insecure}


GROUP = "activity"
"""The log group to which trails send what they record."""
ALARMS = {
    "audit-trails": "($.eventSource = cloudtrail.amazonaws.com) && ($.readOnly IS FALSE)",
    "identity": "($.eventSource = iam.amazonaws.com) && ($.readOnly IS FALSE)",
    "keys": "($.eventSource = kms.amazonaws.com) && ($.readOnly IS FALSE)",
    "networks": "($.eventSource = ec2.amazonaws.com) && ($.readOnly IS FALSE)",
    "data-stores": "($.eventSource = s3.amazonaws.com) && ($.readOnly IS FALSE)",
    "configuration": "($.eventSource = config.amazonaws.com) && ($.readOnly IS FALSE)",
    "root-use": '($.userIdentity.type = "Root")',
    "sign-in": '($.eventName = ConsoleLogin) && (($.additionalEventData.MFAUsed != "Yes") || ($.errorMessage = "Failed authentication"))',
}
"""Of which acts the security duty hears: those of the CIS AWS Foundations Benchmark."""


def alarm(estate: Estate) -> None:
    """Let the organisation's trail raise alarms."""
    topic = make_topic(estate, "management", HOME)
    logs, cloudwatch = estate.client("logs"), estate.client("cloudwatch")
    for name, pattern in ALARMS.items():
        metric = {"metricName": name, "metricNamespace": "Activity", "metricValue": "1"}
        logs.put_metric_filter(
            logGroupName=GROUP, filterName=name, filterPattern=f"{{ {pattern} }}", metricTransformations=[metric]
        )
        cloudwatch.put_metric_alarm(
            AlarmName=name, Namespace="Activity", MetricName=name, Statistic="Sum", Period=300, EvaluationPeriods=1, Threshold=1,
            ComparisonOperator="GreaterThanOrEqualToThreshold", AlarmActions=[topic],
        )  # fmt: skip


GUARDRAILS = {
    "audit": {
        "Effect": "Deny", "Resource": "*",
        "Action": ["cloudtrail:StopLogging", "cloudtrail:DeleteTrail", "organizations:LeaveOrganization"],
    },
    "regions": {
        "Effect": "Deny", "Resource": "*", "NotAction": ["iam:*", "organizations:*", "sts:*", "support:*"],
        "Condition": {"StringNotEquals": {"aws:RequestedRegion": list(REGIONS)}},
    },
}  # fmt: skip
"""What the organisation withholds from everybody in its accounts."""
OUTSIDE = {
    "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*",
    "Condition": {
        "StringNotEqualsIfExists": {"aws:PrincipalOrgID": ORGANIZATION}, "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
    },
}  # fmt: skip
"""What it withholds from everybody else."""


def guard(estate: Estate) -> None:
    """Set the organisation's guardrails on its root."""
    organizations = estate.client("organizations")
    root = organizations.list_roots()["Roots"][0]["Id"]
    for kind, policies in (("SERVICE_CONTROL_POLICY", GUARDRAILS), ("RESOURCE_CONTROL_POLICY", {"outside": OUTSIDE})):
        organizations.enable_policy_type(RootId=root, PolicyType=kind)
        for name, statement in policies.items():
            content = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
            made = organizations.create_policy(Name=name, Description=name, Type=kind, Content=content)
            organizations.attach_policy(PolicyId=made["Policy"]["PolicySummary"]["Id"], TargetId=root)


def make_log_group(estate: Estate, alias: str, region: str, name: str, *, days: int = 400, ours: bool = True) -> str:
    """A log group that keeps records for so many days (0: for ever), under our key or the provider's; its ARN."""
    logs = estate.client("logs", alias, region)
    logs.create_log_group(logGroupName=name, **({"kmsKeyId": estate.ids[f"{alias}/{region}/key"]} if ours else {}))
    if days:
        logs.put_retention_policy(logGroupName=name, retentionInDays=days)
    return estate.note(
        "log store", f"{alias}/{region}/log group/{name}", arn("logs", alias, f"log-group:{name}", region)
    )


VAULTS = (("production", "eu-central-1"), ("production", "eu-west-1"), ("staging", "eu-west-1"))


def store_backups(estate: Estate) -> None:
    """Vaults with a lock, from which copies are made into another region and of which one backup was restored."""
    for alias, region in VAULTS:
        make_vault(estate, alias, region, "main")
    lines = []
    for operation, key in (
        ("ListCopyJobs", "CopyJobs"),
        ("ListRestoreJobs", "RestoreJobs"),
        ("ListBackupJobs", "BackupJobs"),
    ):
        lines.append(line(f"backup.{operation}", {key: []}))
    for alias, region in VAULTS:
        lines += backup_jobs(alias, region, "main")
    estate.endpoint.tell(*lines)


def backup_jobs(alias: str, region: str, name: str) -> Iterator[Line]:
    """Copies and restores of one vault, as AWS Backup remembers them."""
    vault = arn("backup", alias, f"backup-vault:{name}", region)
    away = arn("backup", alias, "backup-vault:copies", next(one for one in REGIONS if one != region))
    copy = {
        "CopyJobId": "c0ffee00-1111-4222-8333-444455556666", "SourceBackupVaultArn": vault, "DestinationBackupVaultArn": away,
        "State": "COMPLETED", "CreationDate": {AGO: 90000}, "CompletionDate": {AGO: 86400},
    }  # fmt: skip
    yield line("backup.ListCopyJobs", {"CopyJobs": [copy]}, alias, region)
    restore = {
        "RestoreJobId": "5e5702ed-1111-4222-8333-444455556666", "BackupVaultArn": vault, "Status": "COMPLETED",
        "CreationDate": "2026-08-20T02:00:00+00:00", "CompletionDate": "2026-08-20T02:40:00+00:00",
    }  # fmt: skip
    yield line("backup.ListRestoreJobs", {"RestoreJobs": [restore]}, alias, region)


def make_vault(estate: Estate, alias: str, region: str, name: str, *, locked: bool = True) -> None:
    """A backup vault under our key, locked in compliance mode unless told otherwise."""
    backup = estate.client("backup", alias, region)
    backup.create_backup_vault(BackupVaultName=name, EncryptionKeyArn=estate.ids[f"{alias}/{region}/key"])
    if locked:
        backup.put_backup_vault_lock_configuration(BackupVaultName=name, MinRetentionDays=30, ChangeableForDays=3)
    estate.note("backup vault", f"{alias}/{region}/vault/{name}", arn("backup", alias, f"backup-vault:{name}", region))
