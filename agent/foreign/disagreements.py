"""Where another tool judged the same fact of the same resource otherwise than we: told apart by a table of our own, never by a guess.

The table holds only pairs that ask the same question of one resource: a rule that asks for more (a customer's key, where ours asks for any
encryption) or less (one port of many) is left out, for there the two may differ and both be right.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from agent.canonical import each
from agent.foreign.finding import OPEN, Export, Foreign
from agent.foreign.folding import speaking
from agent.membership import Membership
from agent.programme import Service
from agent.record import Judged, Part
from agent.shards import paired
from collectors.sighting import Reading, Sighting

SAME: Mapping[str, tuple[str, ...]] = {
    "access_keys_are_young": ("iam_rotate_access_key_90_days", "IAM.3"),
    "audit_trails_are_validated": ("cloudtrail_log_file_validation_enabled", "CloudTrail.4"),
    "audit_trails_use_our_keys": ("cloudtrail_kms_encryption_enabled", "CloudTrail.2"),
    "clusters_encrypt_secrets": ("eks_cluster_kms_cmk_encryption_in_secrets_enabled", "EKS.3"),
    "data_access_is_logged": (
        "s3_bucket_server_access_logging_enabled",
        "redshift_cluster_audit_logging",
        "opensearch_service_domains_audit_logging_enabled",
        "S3.9",
        "Redshift.4",
        "Opensearch.5",
    ),
    "data_is_encrypted_at_rest": (
        "ec2_ebs_volume_encryption",
        "ec2_ebs_snapshots_encrypted",
        "rds_instance_storage_encrypted",
        "efs_encryption_at_rest_enabled",
        "elasticache_redis_cluster_rest_encryption_enabled",
        "glue_data_catalogs_metadata_encryption_enabled",
        "kinesis_stream_encrypted_at_rest",
        "opensearch_service_domains_encryption_at_rest_enabled",
        "redshift_cluster_encrypted_at_rest",
        "sns_topics_kms_encryption_at_rest_enabled",
        "sqs_queues_server_side_encryption_enabled",
        "RDS.3",
        "ElastiCache.4",
        "Kinesis.1",
        "Opensearch.1",
        "Redshift.10",
        "SNS.1",
        "SQS.1",
    ),
    "data_stores_are_not_public": (
        "ec2_ebs_public_snapshot",
        "rds_snapshots_public_access",
        "kafka_cluster_is_public",
        "glue_data_catalogs_not_publicly_accessible",
        "sns_topics_not_publicly_accessible",
        "sqs_queues_not_publicly_accessible",
        "EC2.1",
        "RDS.1",
        "Redshift.1",
        "SNS.4",
        "SQS.3",
    ),
    "databases_are_backed_up": ("rds_instance_backup_enabled", "dynamodb_tables_pitr_enabled", "RDS.11", "DynamoDB.2"),
    "databases_are_protected_from_deletion": (
        "rds_instance_deletion_protection",
        "dynamodb_table_deletion_protection_enabled",
        "RDS.8",
        "DynamoDB.6",
    ),
    "databases_survive_a_zone": ("rds_instance_multi_az", "redshift_cluster_multi_az_enabled", "RDS.5"),
    "default_firewalls_are_empty": ("ec2_securitygroup_default_restrict_traffic", "EC2.2"),
    "functions_run_supported_runtimes": ("awslambda_function_using_supported_runtimes", "Lambda.2"),
    "image_tags_stay": ("ecr_repositories_tag_immutability", "ECR.2"),
    "images_are_scanned": ("ecr_repositories_scan_images_on_push_enabled", "ECR.1"),
    "keys_rotate": ("kms_cmk_rotation_enabled", "KMS.4"),
    "machine_metadata_is_guarded": ("ec2_instance_imdsv2_enabled", "EC2.8"),
    "machines_have_no_public_address": ("ec2_instance_public_ip", "EC2.9"),
    "network_flows_are_logged": ("vpc_flow_logs_enabled", "EC2.6"),
    "object_stores_keep_versions": ("s3_bucket_object_versioning", "S3.14"),
    "object_stores_require_tls": ("s3_bucket_secure_transport_policy", "S3.5"),
    "secrets_rotate": ("secretsmanager_automatic_rotation_enabled", "SecretsManager.1"),
    "stores_refuse_plain_text": (
        "elasticache_redis_cluster_in_transit_encryption_enabled",
        "opensearch_service_domains_https_communications_enforced",
        "redshift_cluster_in_transit_encryption_enabled",
        "ElastiCache.5",
        "Redshift.2",
    ),
    "users_need_mfa": ("iam_user_mfa_enabled_console_access", "IAM.5"),
}
"""Our check -> rules of Prowler and controls of Security Hub that ask the same of one resource."""
RULES: Mapping[str, str] = {rule: check for check, rules in SAME.items() for rule in rules}
OPPOSITE = {"open": ("passed", "not applicable"), "suppressed": ("passed",), "passed": ("failed",)}
"""What the tool says -> what of ours contradicts it. Our unknown contradicts nobody."""


class Disagreement(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One resource of which another tool says something else."""

    tool: str
    rule: str
    theirs: str
    """`failed`, `suppressed` or `passed`."""
    seen: datetime | None
    """When the tool saw it."""
    check: str
    ours: str
    reason: str
    """Why, in our check's words."""
    resource: str
    account: str


class Blobs(Protocol):
    """Where blobs lie: the store, or a bundle."""

    def read(self, address: str) -> bytes:
        """The plain bytes of a blob."""
        ...


def disagreements(
    blobs: Blobs, parts: Sequence[Part], service: Service, exports: Iterable[Export]
) -> tuple[Disagreement, ...]:
    """All of one service at the closing sweep. Shards are read only where a tool speaks of rules that the table knows."""
    wanted = _wanted([one for one in exports if not one.services or service.id in one.services])
    if not wanted:
        return ()
    found = [one for part in parts for one in _part(blobs, part, service, wanted)]
    return tuple(sorted(found, key=lambda one: (one.check, one.resource, one.tool, one.rule)))


def _wanted(exports: Sequence[Export]) -> Mapping[tuple[str, str], list[Foreign]]:
    """(Check, resource) -> what other tools say of it."""
    speaks = speaking(exports)
    found: dict[tuple[str, str], list[Foreign]] = defaultdict(list)
    for export in exports:
        for one in export.findings:
            told = one.status in OPEN or one.status == "passed"
            if one.rule in RULES and told and speaks.get((export.tool, one.subject)) is export:
                found[RULES[one.rule], one.subject].append(one)
    return found


def _part(
    blobs: Blobs, part: Part, service: Service, wanted: Mapping[tuple[str, str], list[Foreign]]
) -> Iterator[Disagreement]:
    for shard in part.shards:
        judged = [
            one
            for one in each(blobs.read(shard.verdicts), Judged, what=shard.name)
            if any(one.outcome in OPPOSITE[theirs.status] for theirs in wanted.get((one.check, one.resource), ()))
        ]
        if not judged:
            continue
        ours = _of_service(blobs, shard.facts, shard.readings, service, {one.resource for one in judged})
        for one in judged:
            for theirs in wanted[one.check, one.resource] if one.resource in ours else ():
                if one.outcome in OPPOSITE[theirs.status]:
                    yield Disagreement(
                        tool=theirs.tool, rule=theirs.rule, theirs="failed" if theirs.status == "open" else theirs.status,
                        seen=theirs.last_seen, check=one.check, ours=one.outcome, reason=one.reason, resource=one.resource,
                        account=part.account,
                    )  # fmt: skip


def _of_service(blobs: Blobs, facts: str, readings: str | None, service: Service, ids: set[str]) -> set[str]:
    """Those of the resources that may be the service's."""
    membership = Membership((service,))
    moved = each(blobs.read(readings), Reading, what="a readings shard") if readings else ()
    seen = (one for one in each(blobs.read(facts), Sighting, what="a facts shard") if one.resource.id in ids)
    return {resource.id for _, resource in paired(seen, moved) if membership.of(resource)}
