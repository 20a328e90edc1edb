"""The estate's accounts: their settings, people, roles and trails."""

import json
from typing import Any

from agent.demo import canaries
from agent.demo.estate import PLATFORM, Estate, arn, pairs
from agent.demo.names import ACCOUNTS, HOME, ROLE
from agent.demo.watching import GROUP, make_log_group

ALL_BLOCKED = dict.fromkeys(("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True)
READS = ("s3:ListAllMyBuckets", "s3:GetEncryptionConfiguration", "ec2:DescribeVolumes", "iam:GetAccountSummary")
PEOPLE = {
    "management": ("amara-okafor", "jonas-weber"),
    "log-archive": ("jonas-weber",),
    "security": ("amara-okafor", "lin-zhao", "sofia-rossi"),
    "production": (canaries.PERSON, "jonas-weber", "lin-zhao", "noah-dubois", "priya-nair", "sofia-rossi"),
    "staging": ("noah-dubois", "priya-nair", "tomas-novak"),
}
"""Who signs in where, with a password and a second factor; some name users by e-mail address."""
MACHINES = {"production": ("backup-robot", "deploy-robot"), "staging": ("build-robot",)}
"""Users with an access key and no password."""
ROLES = {
    "management": ("billing-reader",),
    "log-archive": ("log-reader",),
    "security": ("incident-responder", "finding-importer"),
    "production": ("object-store-frontend", "object-store-gc", "placement-service", "usage-meter", "edge-proxy"),
    "staging": ("object-store-frontend", "placement-service", "load-generator"),
}


def settle(estate: Estate, alias: str) -> None:
    """The settings that hold for a whole account."""
    account = ACCOUNTS[alias]
    estate.endpoint.root(account, mfa=True, keys=False)
    estate.client("iam", alias).update_account_password_policy(
        MinimumPasswordLength=16, RequireSymbols=True, RequireNumbers=True, RequireUppercaseCharacters=True,
        RequireLowercaseCharacters=True, AllowUsersToChangePassword=True, PasswordReusePrevention=24,
    )  # fmt: skip
    estate.client("s3control", alias).put_public_access_block(
        AccountId=account, PublicAccessBlockConfiguration=ALL_BLOCKED
    )
    register_contact(estate, alias)
    estate.note("account", f"{alias}/account", arn("iam", alias, "root"))


def register_contact(estate: Estate, alias: str) -> None:
    """Say whom AWS tells of an incident."""
    estate.client("account", alias).put_alternate_contact(
        AlternateContactType="SECURITY", Name="Security duty", Title="On call",
        EmailAddress=canaries.CONTACT, PhoneNumber=canaries.PHONE,
    )  # fmt: skip


def admit(estate: Estate, alias: str) -> None:
    """The role that the agent assumes, with the policy that it needs."""
    trust = trusting(ACCOUNTS["management"], external_id=canaries.EXTERNAL_ID)
    make_role(estate, alias, ROLE, trust=trust)
    grant(estate, alias, ROLE, allow(*READS))


def make_role(estate: Estate, alias: str, name: str, *, trust: dict[str, Any]) -> str:
    """A role; its ARN."""
    estate.client("iam", alias).create_role(
        RoleName=name, AssumeRolePolicyDocument=json.dumps(trust), Tags=pairs(PLATFORM)
    )
    return estate.note("role", f"{alias}/role/{name}", arn("iam", alias, f"role/{name}"))


def grant(estate: Estate, alias: str, role: str, policy: dict[str, Any]) -> None:
    """Give a role an inline policy."""
    estate.client("iam", alias).put_role_policy(RoleName=role, PolicyName="work", PolicyDocument=json.dumps(policy))


def trusting(account: str, *, external_id: str | None = None) -> dict[str, Any]:
    """A trust policy for another account, guarded by an external id or not."""
    statement: dict[str, Any] = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{account}:root"},
        "Action": "sts:AssumeRole",
    }
    if external_id:
        statement["Condition"] = {"StringEquals": {"sts:ExternalId": external_id}}
    return {"Version": "2012-10-17", "Statement": [statement]}


def serving(service: str) -> dict[str, Any]:
    """A trust policy for one of the provider's services."""
    statement = {"Effect": "Allow", "Principal": {"Service": f"{service}.amazonaws.com"}, "Action": "sts:AssumeRole"}
    return {"Version": "2012-10-17", "Statement": [statement]}


def allow(*actions: str, resource: str = "*") -> dict[str, Any]:
    """A policy that allows actions."""
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": list(actions), "Resource": resource}]}


def staff(estate: Estate, alias: str) -> None:
    """People with a second factor in a group, machines with a young key, roles for services, one role of the provider's own."""
    iam = estate.client("iam", alias)
    policy = iam.create_policy(
        PolicyName="engineers",
        PolicyDocument=json.dumps(allow("ec2:DescribeVolumes", "s3:ListAllMyBuckets")),
        Tags=pairs(PLATFORM),
    )["Policy"]["Arn"]
    estate.note("policy", f"{alias}/policy/engineers", policy)
    iam.create_group(GroupName="engineers")
    estate.note("group", f"{alias}/group/engineers", arn("iam", alias, "group/engineers"))
    iam.attach_group_policy(GroupName="engineers", PolicyArn=policy)
    for name in PEOPLE[alias]:
        make_person(estate, alias, name)
        iam.add_user_to_group(GroupName="engineers", UserName=name)
    for name in MACHINES.get(alias, ()):
        make_machine(estate, alias, name)
    for name in ROLES[alias]:
        make_role(estate, alias, name, trust=serving("ec2"))
        grant(estate, alias, name, allow("s3:GetObject", resource=f"arn:aws:s3:::example-{alias}-{name}/*"))
    iam.create_service_linked_role(AWSServiceName="autoscaling.amazonaws.com")
    estate.made["role"] += 1


def make_user(estate: Estate, alias: str, name: str) -> None:
    """A user, tagged."""
    tags = PLATFORM | {"owner": canaries.OWNER}
    estate.client("iam", alias).create_user(UserName=name, Tags=pairs(tags))
    estate.note("user", f"{alias}/user/{name}", arn("iam", alias, f"user/{name}"))


def make_person(estate: Estate, alias: str, name: str, *, mfa: bool = True) -> None:
    """A user who signs in with a password every day, with a second factor or without."""
    iam = estate.client("iam", alias)
    make_user(estate, alias, name)
    iam.create_login_profile(UserName=name, Password=canaries.PASSWORD)
    if mfa:
        device = name.partition("@")[0]
        serial = iam.create_virtual_mfa_device(VirtualMFADeviceName=device)["VirtualMFADevice"]["SerialNumber"]
        iam.enable_mfa_device(
            UserName=name, SerialNumber=serial, AuthenticationCode1="123456", AuthenticationCode2="654321"
        )
    estate.endpoint.used(ACCOUNTS[alias], name)


def make_machine(estate: Estate, alias: str, name: str) -> None:
    """A user who works with an access key every day."""
    make_user(estate, alias, name)
    estate.client("iam", alias).create_access_key(UserName=name)
    estate.endpoint.used(ACCOUNTS[alias], name)


TRAILS = ("management", "log-archive", "security", "production")
"""Accounts with a trail of their own, from before the organisation had one."""


def record(estate: Estate) -> None:
    """The organisation's trail, and older trails of single accounts; all deliver to the log archive under its key."""
    make_trail(estate, "management", "organization", IsOrganizationTrail=True, IsMultiRegionTrail=True)
    for alias in TRAILS:
        make_trail(estate, alias, f"{alias}-activity", IsMultiRegionTrail=True)


def make_trail(estate: Estate, alias: str, name: str, **settings: Any) -> None:
    """A trail that is validated, encrypted under our key, and running."""
    cloudtrail = estate.client("cloudtrail", alias)
    group = f"{alias}/{HOME}/log group/{GROUP}"
    if group not in estate.ids:
        make_log_group(estate, alias, HOME, GROUP)
    cloudtrail.create_trail(
        Name=name, S3BucketName="example-log-archive-trails", EnableLogFileValidation=True,
        CloudWatchLogsLogGroupArn=f"{estate.ids[group]}:*", CloudWatchLogsRoleArn=estate.ids[f"{alias}/role/{ROLES[alias][0]}"],
        KmsKeyId=estate.ids[f"log-archive/{HOME}/key"], TagsList=pairs(PLATFORM), **settings,
    )  # fmt: skip
    cloudtrail.put_event_selectors(
        TrailName=name, EventSelectors=[{"ReadWriteType": "All", "IncludeManagementEvents": True}]
    )
    cloudtrail.start_logging(Name=name)
    estate.note("trail", f"{alias}/trail/{name}", arn("cloudtrail", alias, f"trail/{name}", HOME))
