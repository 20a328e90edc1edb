"""What identity policies let their holder do: administrator, wildcards and the planes of privileged access.

Every question is asked of a probe: an action on a resource with an invented name, region and account-wide scope. A grant that
covers the probe covers what nobody has named, so it covers everything of that kind; grants on single named resources are everyday
work and count for nothing here. The rules:

- statements of all policies that stand on a principal are one union; an Allow may say `NotAction` or `NotResource`;
- a Deny without a condition subtracts; a Deny with one does not, since it may not apply;
- an Allow with a condition counts (MFA, time, address and region say when, not what), save where the condition narrows it to some
  resources (a resource tag, an alias) or to calls that another service makes on the holder's behalf;
- a permission boundary intersects.

Service control policies, session policies and resource policies are not read here: they can only be judged from outside of the
account or beside the resource.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from collectors.aws.statements import Statement

INVENTED = "zq7"
"""A name that no policy names: what covers it is a wildcard."""

ADMINISTRATOR_ACCESS: Mapping[str, object] = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
}
"""The document of the AWS-managed policy AdministratorAccess (AWS managed policy reference), where no listing hands it out."""

GRANTS_ITSELF = (
    ("iam:AttachUserPolicy", "user/{name}"), ("iam:PutUserPolicy", "user/{name}"), ("iam:DetachUserPolicy", "user/{name}"),
    ("iam:AttachGroupPolicy", "group/{name}"), ("iam:PutGroupPolicy", "group/{name}"),
    ("iam:AttachRolePolicy", "role/{name}"), ("iam:PutRolePolicy", "role/{name}"), ("iam:DetachRolePolicy", "role/{name}"),
    ("iam:CreatePolicyVersion", "policy/{name}"), ("iam:SetDefaultPolicyVersion", "policy/{name}"),
)  # fmt: skip
"""IAM actions by which whoever has everything else gives himself the rest and lifts what denies him (service authorization
reference, access level "permissions management")."""

PLANES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "data": (
        ("s3:PutBucketPolicy", "s3:::{name}"), ("s3:PutBucketAcl", "s3:::{name}"), ("s3:PutBucketPublicAccessBlock", "s3:::{name}"),
        ("s3:DeleteBucket", "s3:::{name}"),
        ("rds:ModifyDBInstance", "rds:{region}:{account}:db:{name}"), ("rds:DeleteDBInstance", "rds:{region}:{account}:db:{name}"),
        ("rds:ModifyDBCluster", "rds:{region}:{account}:cluster:{name}"),
        ("rds:DeleteDBCluster", "rds:{region}:{account}:cluster:{name}"),
        ("rds:ModifyDBSnapshotAttribute", "rds:{region}:{account}:snapshot:{name}"),
        ("dynamodb:DeleteTable", "dynamodb:{region}:{account}:table/{name}"),
        ("dynamodb:PutResourcePolicy", "dynamodb:{region}:{account}:table/{name}"),
        ("ec2:DeleteVolume", "ec2:{region}:{account}:volume/{name}"),
        ("ec2:DeleteSnapshot", "ec2:{region}::snapshot/{name}"), ("ec2:ModifySnapshotAttribute", "ec2:{region}::snapshot/{name}"),
    ),
    "keys": (
        ("kms:PutKeyPolicy", "kms:{region}:{account}:key/{name}"), ("kms:ScheduleKeyDeletion", "kms:{region}:{account}:key/{name}"),
        ("kms:DisableKey", "kms:{region}:{account}:key/{name}"), ("kms:DisableKeyRotation", "kms:{region}:{account}:key/{name}"),
        ("kms:DeleteImportedKeyMaterial", "kms:{region}:{account}:key/{name}"),
    ),
    "logging": (
        ("cloudtrail:StopLogging", "cloudtrail:{region}:{account}:trail/{name}"),
        ("cloudtrail:DeleteTrail", "cloudtrail:{region}:{account}:trail/{name}"),
        ("cloudtrail:UpdateTrail", "cloudtrail:{region}:{account}:trail/{name}"),
        ("cloudtrail:PutEventSelectors", "cloudtrail:{region}:{account}:trail/{name}"),
        ("config:StopConfigurationRecorder", "config:{region}:{account}:configuration-recorder/{name}"),
        ("config:DeleteConfigurationRecorder", "config:{region}:{account}:configuration-recorder/{name}"),
        ("config:DeleteDeliveryChannel", "config:{region}:{account}:{name}"),
        ("logs:DeleteLogGroup", "logs:{region}:{account}:log-group:{name}"),
        ("logs:PutRetentionPolicy", "logs:{region}:{account}:log-group:{name}"),
    ),
}  # fmt: skip
"""Plane -> the actions that administer it, each with the ARN (after the partition) of the resource that it is asked on. Any one of
them, on every resource of its type, is administration. They destroy what the plane keeps or change who may reach it; reading and
writing data, and encrypting with keys, are use. Sources: the service authorization reference (access levels "write" and
"permissions management"), the KMS developer guide's default statement for key administrators, MITRE ATT&CK T1562.008 (disable or
modify cloud logs)."""

NARROWING = (
    "kms:viaservice",
    "kms:resourcealiases",
    "kms:requestalias",
    "aws:calledvia",
    "aws:calledviafirst",
    "aws:calledvialast",
)
"""Condition keys that narrow a grant to some resources or to another service's calls; beside any `.../ResourceTag/<key>`."""

POSITIVE = frozenset({"stringequals", "stringequalsignorecase", "stringlike", "arnequals", "arnlike"})
"""Operators that hold only where the key is present and has one of the values; `IfExists` and `ForAllValues:` hold without it."""


@dataclass(frozen=True, kw_only=True)
class Powers:
    """What the policies on one principal amount to; the facts of an `Entitlement` of the same names. `None` is not learned."""

    administrator: bool | None
    wildcards: tuple[str, ...] | None
    planes: tuple[str, ...] | None

    def within_unknown(self) -> "Powers":
        """What is certain behind a boundary that is not known: only what is not allowed anyway."""
        return Powers(
            administrator=self.administrator and None,
            wildcards=None if self.wildcards else self.wildcards,
            planes=None if self.planes else self.planes,
        )


NOBODY = Powers(administrator=False, wildcards=(), planes=())
"""What whoever has no policies may do."""
UNKNOWN = Powers(administrator=None, wildcards=None, planes=None)


@dataclass(frozen=True, kw_only=True)
class Holder:
    """A principal's policies, where they hold: what probes are asked of."""

    policies: tuple[Statement, ...]
    boundary: tuple[Statement, ...] | None
    """The permission boundary; `None` where there is none."""
    account: str
    partition: str

    def may(self, action: str, resource: str) -> bool:
        """The action on that probe is allowed by the policies, and by the boundary where there is one."""
        return allowed(self.policies, action, resource) and (
            self.boundary is None or allowed(self.boundary, action, resource)
        )

    def administers(self, action: str, template: str) -> bool:
        """The action is allowed on every resource of the type that the template names."""
        return self.may(action, self.probe(template))

    def probe(self, template: str) -> str:
        """The ARN of an invented resource."""
        place = template.format(name=INVENTED, region=INVENTED, account=self.account)
        return f"arn:{self.partition}:{place}"

    def has_all_of(self, service: str) -> bool:
        """An invented action of the service is allowed on an invented resource, in any of the forms that ARNs take."""
        forms = (
            f"{service}:{{region}}:{{account}}:{{name}}",
            f"{service}::{{account}}:{{name}}",
            f"{service}:::{{name}}",
        )
        return any(self.administers(f"{service}:{INVENTED}", form) for form in forms)


def allowed(policies: tuple[Statement, ...], action: str, resource: str) -> bool:
    """Some Allow covers it and no unconditional Deny does."""
    covering = [item for item in policies if item.covers_action(action) and item.covers_resource(resource)]
    denied = any(not item.allows and not item.conditions for item in covering)
    return not denied and any(item.allows and not narrowed(item) for item in covering)


def narrowed(item: Statement) -> bool:
    """A condition leaves it only some resources, or only another service's calls."""
    return any(
        condition.plain in POSITIVE
        and (condition.key in NARROWING or "resourcetag/" in condition.key)
        and all(value.strip("*?") for value in condition.values)
        for condition in item.conditions
    )


def powers(
    policies: tuple[Statement, ...], boundary: tuple[Statement, ...] | None = None, *, account: str, partition: str
) -> Powers:
    """What a principal with these policies may do."""
    holder = Holder(policies=policies, boundary=boundary, account=account, partition=partition)
    planes = [plane for plane, probes in PLANES.items() if any(holder.administers(*probe) for probe in probes)]
    return Powers(administrator=administrator(holder), wildcards=wildcards(holder), planes=tuple(sorted(planes)))


def administrator(holder: Holder) -> bool:
    """Every action on every resource, or all but what it can give itself: everything unnamed, and the granting of permissions.

    A Deny of some action does not make an administrator less of one while he may still rewrite the policies that deny him.
    """
    everything = holder.administers(
        f"{INVENTED}:{INVENTED}", "{name}:{region}:{account}:{name}"
    ) and holder.administers(f"{INVENTED}:{INVENTED}", "{name}:{region}:{account}:{name}/{name}")
    return everything and any(
        holder.administers(action, f"iam::{{account}}:{resource}") for action, resource in GRANTS_ITSELF
    )


def wildcards(holder: Holder) -> tuple[str, ...]:
    """Services of which everything is allowed; a Deny takes a service off where it takes all of it, not for one action."""
    if holder.has_all_of(INVENTED):
        return ("*",)
    named = {
        pattern.split(":", 1)[0]
        for item in holder.policies
        if item.allows
        for pattern in (item.actions or ())
        if ":" in pattern
    }
    return tuple(sorted(service for service in named if not set(service) & set("*?") and holder.has_all_of(service)))
