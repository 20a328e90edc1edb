"""Permission sets of IAM Identity Center: what people may do in the accounts that they are assigned to.

Each set stands in many accounts as a role, which is judged there too; here it is judged once, where it is written. They are read in the
management account, in the region where Identity Center lives. Policies that a set names by name alone are each account's own and are not
read: what the others allow is certain then, and what they do not is not. Who is assigned is not read: that takes a question for every set
in every account.
"""

from collections.abc import Iterator
from typing import Any

from collectors.aws.elements import statements_of, text
from collectors.aws.elsewhere import OrganizationSession
from collectors.aws.policies import ADMINISTRATOR_ACCESS, UNKNOWN, Powers, powers
from collectors.aws.statements import Statement
from collectors.collector import Item, collector
from collectors.resource import Entitlement

GONE = ("ResourceNotFoundException",)
Rules = tuple[Statement, ...]


@collector(
    "aws.permission_sets",
    sees=Entitlement,
    kinds=("permission set",),
    learns=("administrator", "wildcards", "planes"),
    grants=(
        "iam:GetPolicy", "iam:GetPolicyVersion", "sso:GetInlinePolicyForPermissionSet",
        "sso:GetPermissionsBoundaryForPermissionSet", "sso:ListCustomerManagedPolicyReferencesInPermissionSet", "sso:ListInstances",
        "sso:ListManagedPoliciesInPermissionSet", "sso:ListPermissionSets",
    ),
    where="region",
)  # fmt: skip
class PermissionSets:
    """Every permission set of the organisation's instance, if that lives in the region."""

    def list(self, session: OrganizationSession) -> Iterator[Item]:
        """ARNs, from `ListPermissionSets`, with their instance's; no call in accounts that others manage."""
        if session.management_account not in {None, session.account}:
            return
        for instance in session.pages("sso-admin.ListInstances", "Instances"):
            if text(instance, "OwnerAccountId") not in {None, session.account}:
                continue
            within = {"InstanceArn": instance["InstanceArn"]}
            for one in session.pages("sso-admin.ListPermissionSets", "PermissionSets", **within):
                yield {**within, "PermissionSetArn": one["PermissionSets"]}

    def describe(self, session: OrganizationSession, item: Item) -> Entitlement:
        """Four calls; the documents of AWS's own policies are read once for all."""
        of = {"InstanceArn": item["InstanceArn"], "PermissionSetArn": item["PermissionSetArn"]}
        allowed = allows(session, of)
        return Entitlement(
            id=item["PermissionSetArn"], provider="aws", account=session.account, region="global", kind="permission set",
            name=item["PermissionSetArn"].rpartition("/")[2], managed_by="customer",
            administrator=allowed.administrator, wildcards=allowed.wildcards, planes=allowed.planes,
        )  # fmt: skip


def allows(session: OrganizationSession, of: dict[str, Any]) -> Powers:
    """What a permission set allows, inside its boundary."""
    inline = session.ask("sso-admin.GetInlinePolicyForPermissionSet", gone=GONE, **of)
    attached = session.every("sso-admin.ListManagedPoliciesInPermissionSet", "AttachedManagedPolicies", gone=GONE, **of)
    named = session.every(
        "sso-admin.ListCustomerManagedPolicyReferencesInPermissionSet",
        "CustomerManagedPolicyReferences",
        gone=GONE,
        **of,
    )
    bound = session.ask("sso-admin.GetPermissionsBoundaryForPermissionSet", absent=GONE, **of)
    rules = None if inline is None or attached is None else together(session, inline, attached)
    if rules is None or named is None or bound is None:
        return UNKNOWN
    limit = bound.get("PermissionsBoundary")
    boundary = document(session, text(limit, "ManagedPolicyArn")) if limit else None
    found = powers(rules, boundary, account=session.account, partition=session.partition)
    if named:
        found = at_least(found)
    return found.within_unknown() if limit and boundary is None else found


def together(session: OrganizationSession, inline: dict[str, Any], attached: tuple[Item, ...]) -> Rules | None:
    """The statements of all policies that stand on a set."""
    own = text(inline, "InlinePolicy")
    parts = [statements_of(own) if own else (), *(document(session, text(one, "Arn")) for one in attached)]
    known = [part for part in parts if part is not None]
    return tuple(rule for part in known for rule in part) if len(known) == len(parts) else None


def document(session: OrganizationSession, arn: str | None) -> Rules | None:
    """The statements of a policy of AWS; AdministratorAccess is known without asking."""
    if arn is None:
        return None
    if arn.endswith(":policy/AdministratorAccess"):
        return statements_of(ADMINISTRATOR_ACCESS)
    policy = session.common("iam.GetPolicy", PolicyArn=arn)
    version = text((policy or {}).get("Policy"), "DefaultVersionId")
    if version is None:
        return None
    answer = session.common("iam.GetPolicyVersion", PolicyArn=arn, VersionId=version)
    return None if answer is None else statements_of((answer.get("PolicyVersion") or {}).get("Document"))


def at_least(found: Powers) -> Powers:
    """What is certain beside policies that are not known: more may be allowed."""
    if found.administrator:
        return found
    return UNKNOWN
