"""What users, groups, roles and policies may do, from one listing of all of IAM.

A user's policies are his own, those attached to him and those of his groups. The documents of attached policies come from the same
listing; policies and groups that facts were read from are cited. Where one is missing from the listing, the facts are not learned;
where only a boundary's is, what the policies alone do not allow is still certain. A policy that stands on nobody and only bounds
others allows nothing.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from collectors.aws import policies, trust
from collectors.aws.elements import instant, number, resource_policy, statements_of, tags, text
from collectors.aws.gathered import CellSession
from collectors.aws.policies import ADMINISTRATOR_ACCESS, Powers, powers
from collectors.aws.statements import Statement
from collectors.collector import Item, Session, Unseen, collector
from collectors.resource import Entitlement

OPERATION = "iam.GetAccountAuthorizationDetails"
KINDS = {"Policies": "policy", "GroupDetailList": "group", "UserDetailList": "user", "RoleDetailList": "role"}
"""Key of each part of the listing, in the order in which they refer back -> kind of its elements."""
ALL = ["User", "Group", "Role", "LocalManagedPolicy", "AWSManagedPolicy"]
"""Every kind, said in full: nothing rests on what a listing without a filter leaves out."""

Rules = tuple[Statement, ...]


@dataclass(frozen=True, kw_only=True)
class Known:
    """What the listing said so far that later elements refer to."""

    policies: dict[str, Rules | None] = field(default_factory=dict)
    """ARN -> statements of the default version; `None` where they could not be read."""
    groups: dict[str, Item] = field(default_factory=dict)
    """Name -> element."""


class Element(dict[str, Any]):
    """An element of the listing as it came; its kind and what it refers to stand beside it and are no part of the answer."""

    def __init__(self, element: Item, kind: str, known: Known) -> None:
        super().__init__(element)
        self.kind = kind
        self.known = known


@collector(
    "aws.entitlements",
    sees=Entitlement,
    kinds=("user", "group", "role", "policy"),
    learns=(
        "administrator", "wildcards", "planes", "foreign_trust", "foreign_trust_guarded", "granted_directly", "last_used", "never_used",
    ),
    readings=("last_used", "never_used"),
    moves=("RoleLastUsed",),
    redacts=("sts:ExternalId",),  # a shared secret of sorts: that one is asked for is the fact, not which
    grants=("iam:GetAccountAuthorizationDetails",),
    where="account",
)  # fmt: skip
class Entitlements:
    """Every user, group, role and customer policy of the account, and the AWS-managed policies that are used in it."""

    def list(self, session: CellSession) -> Iterator[Item]:
        """Elements of `GetAccountAuthorizationDetails`, policies first, since the others refer to them; what a broken listing gave too."""
        found, known = defaultdict[str, list[Item]](list), Known()
        broken: Unseen | None = None
        try:
            for key, element in session.parts(OPERATION, tuple(KINDS), Filter=ALL):
                found[key].append(element)
        except Unseen as unseen:
            broken = unseen
        for key, kind in KINDS.items():
            yield from (Element(element, kind, known) for element in found.pop(key, ()) if learn(known, kind, element))
        if broken:
            raise broken

    def describe(self, session: Session, item: Item) -> Entitlement:
        """No call: the documents are read."""
        assert isinstance(item, Element)
        allowed = policy_powers(session, item) if item.kind == "policy" else holder_powers(session, item)
        trusted = role_trust(session, item) if item.kind == "role" else trust.NOBODY
        by_provider = aws_managed(item["Arn"]) or str(item.get("Path", "")).startswith("/aws-service-role/")
        return Entitlement(
            id=item["Arn"], provider="aws", account=session.account, region="global", kind=item.kind,
            name=item["Arn"].rsplit("/", 1)[-1], tags=tags(item.get("Tags")),
            managed_by="provider" if by_provider else "customer", created=instant(item, "CreateDate"),
            administrator=allowed.administrator, wildcards=allowed.wildcards, planes=allowed.planes,
            foreign_trust=trusted.foreign_trust, foreign_trust_guarded=trusted.foreign_trust_guarded,
            granted_directly=granted_directly(item), last_used=instant(item.get("RoleLastUsed"), "LastUsedDate"),
            never_used=never_used(item),
        )  # fmt: skip


def learn(known: Known, kind: str, element: Item) -> bool:
    """Keep what later elements refer to. `False` for a policy of AWS that nobody in the account uses: it is none of its resources."""
    if kind == "group":
        known.groups[element["GroupName"]] = element
    if kind != "policy":
        return True
    known.policies[element["Arn"]] = default_version(element)
    used = element.get("AttachmentCount") or element.get("PermissionsBoundaryUsageCount")
    return bool(used) or not aws_managed(element["Arn"])


def granted_directly(item: Element) -> bool | None:
    """Policies stand on a user himself; groups, roles and policies are nobody's own name."""
    if item.kind != "user":
        return False
    attached = item.get("AttachedManagedPolicies")
    return True if item.get("UserPolicyList") else None if attached is None else bool(attached)


def never_used(item: Element) -> bool | None:
    """IAM keeps the last use of a role for 400 days, and gives an empty object where it knows of none; of others it keeps none."""
    used = item.get("RoleLastUsed") if item.kind == "role" else None
    return None if used is None else not used


def aws_managed(arn: str) -> bool:
    """AWS wrote the policy: its ARN has `aws` where others have an account."""
    return arn.split(":")[4:5] == ["aws"]


def default_version(element: Item) -> Rules | None:
    """The statements of a policy's version in force."""
    versions = element.get("PolicyVersionList") or ()
    return next(
        (statements_of(version.get("Document")) for version in versions if version.get("IsDefaultVersion")), None
    )


def policy_powers(session: Session, item: Element) -> Powers:
    """What a policy allows whomever it stands on."""
    if number(item, "AttachmentCount") == 0 and number(item, "PermissionsBoundaryUsageCount"):
        return policies.NOBODY
    rules = item.known.policies[item["Arn"]]
    return policies.UNKNOWN if rules is None else powers(rules, account=session.account, partition=session.partition)


def holder_powers(session: Session, item: Element) -> Powers:
    """What a user, group or role may do."""
    rules = standing(session, item, item, item.kind.capitalize())
    for name in item.get("GroupList", ()) if item.kind == "user" else ():
        group = item.known.groups.get(name)
        more = None if group is None else standing(session, item, group, "Group")
        if group is not None:
            cite(session, group["Arn"], "group")
        rules = None if rules is None or more is None else rules + more
    if rules is None or (item.kind == "user" and "GroupList" not in item):
        return policies.UNKNOWN
    return bounded(session, item, rules)


def bounded(session: Session, item: Element, rules: Rules) -> Powers:
    """What the rules allow inside the item's permission boundary, if it has one."""
    bound = item.get("PermissionsBoundary")
    boundary = attached(session, item.known, text(bound, "PermissionsBoundaryArn") or "") if bound else None
    found = powers(rules, boundary, account=session.account, partition=session.partition)
    return found.within_unknown() if bound and boundary is None else found


def standing(session: Session, item: Element, holder: Item, kind: str) -> Rules | None:
    """The statements of all policies that stand on one holder, inline and attached; IAM leaves out a user's list of none."""
    inline = holder.get(f"{kind}PolicyList", [] if kind == "User" else None)
    managed = holder.get("AttachedManagedPolicies")
    if inline is None or managed is None:
        return None
    parts = [statements_of(one.get("PolicyDocument")) for one in inline]
    parts += [attached(session, item.known, one["PolicyArn"]) for one in managed]
    known = [part for part in parts if part is not None]
    return tuple(rule for part in known for rule in part) if len(known) == len(parts) else None


def attached(session: Session, known: Known, arn: str) -> Rules | None:
    """The statements of a managed policy of the listing, cited; AdministratorAccess is known without it."""
    if arn in known.policies:
        cite(session, arn, "policy")
    elif aws_managed(arn) and arn.endswith(":policy/AdministratorAccess"):
        return statements_of(ADMINISTRATOR_ACCESS)
    return known.policies.get(arn)


def cite(session: Session, arn: str, kind: str) -> None:
    """Cite another element of the same listing."""
    session.cite(Entitlement(id=arn, provider="aws", account=session.account, region="global", kind=kind))


def role_trust(session: Session, item: Element) -> trust.Trust:
    """Who from outside may assume a role."""
    rules = resource_policy(item.get("AssumeRolePolicyDocument"))
    if rules is None:
        return trust.UNKNOWN
    return trust.trust(rules, account=session.account, organization_accounts=session.organization_accounts)
