"""What the organisation's policies withhold: service control policies from all in an account, resource control policies from strangers.

A policy binds the account that it stands on and all that stand under that root or unit; a Deny of any of them holds. Policies are read
once for the whole organisation, in its management account, which no such policy binds: nothing is withheld there, though it cannot leave. A
Deny that spares named roles counts, one that spares any role does not. Where the programme names no organisation, nothing is learned.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from collectors.aws.elements import arn, statements_of, text
from collectors.aws.elsewhere import OrganizationSession
from collectors.aws.policies import INVENTED
from collectors.aws.statements import Condition, Statement, matches
from collectors.collector import Item, collector
from collectors.resource import Trail
from collectors.watching import Guardrail

TRAILS = "aws.trails"
KIND = "SERVICE_CONTROL_POLICY"
OF_RESOURCES = "RESOURCE_CONTROL_POLICY"
READING = "s3:GetObject"
"""What strangers do with data that they were let in to."""
UNEQUAL = frozenset({"stringnotequals", "stringnotequalsignorecase", "stringnotlike", "arnnotequals", "arnnotlike"})
REGIONAL = (
    "ec2:RunInstances",
    "s3:CreateBucket",
    "rds:CreateDBInstance",
    "dynamodb:CreateTable",
    "lambda:CreateFunction",
)
"""Makings of things that live in a region: where all of them are withheld outside of named ones, so is what holds data."""
STOPPING = ("cloudtrail:StopLogging", "cloudtrail:DeleteTrail")
ANYBODY = (f"role/{INVENTED}", f"role/aws-reserved/sso.amazonaws.com/{INVENTED}", f"user/{INVENTED}")
"""Roles and users that nobody names: a pattern that fits one of them spares whoever wants to be spared."""
LEAVING = "organizations:LeaveOrganization"


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """What binds one account."""

    denies: tuple[Statement, ...]
    whole: bool
    """All policies that bind it were learned."""


@collector(
    "aws.guardrails",
    sees=Guardrail,
    kinds=("guardrail",),
    learns=("regions_limited", "audit_protected", "leaving_denied", "organization", "strangers_denied"),
    redacts=("Email",),
    grants=(
        "organizations:ListRoots", "organizations:ListParents", "organizations:ListPolicies", "organizations:ListTargetsForPolicy",
        "organizations:DescribePolicy",
    ),
    needs=(TRAILS,),
    where="account",
)  # fmt: skip
class Guardrails:
    """The guardrail of the account, once."""

    def list(self, session: OrganizationSession) -> Iterator[Item]:
        """One item, made from the cell."""
        yield {"AccountId": session.account}

    def describe(self, session: OrganizationSession, item: Item) -> Guardrail:  # noqa: ARG002 - the item is the cell
        """One call for the account; the rest is read once."""
        management = session.management_account
        force = in_force(session, management) if management else None
        bounds = bound(session, management, KIND, force)
        outside = bound(
            session, management, OF_RESOURCES, in_force(session, management, OF_RESOURCES) if management else None
        )
        leaving = withheld(bounds.denies, LEAVING, "*")
        return Guardrail(
            id=arn(session, "organizations", "guardrail", region=""), provider="aws", account=session.account, region="global",
            kind="guardrail", name=session.account, managed_by="customer", organization=force,
            regions_limited=said(bounds, regions_limited(session, bounds.denies)),
            audit_protected=said(bounds, audit_protected(session, bounds.denies)),
            # AWS lets no management account leave its organisation.
            leaving_denied=said(bounds, leaving or (session.account == management and force)),
            strangers_denied=said(outside, strangers_denied(session, outside.denies)),
        )  # fmt: skip


def said(bounds: Bounds, found: bool | None) -> bool | None:  # noqa: FBT001 - a fact
    """What policies withhold they withhold; that they do not is certain only if all were learned."""
    return found or (found if bounds.whole else None)


def in_force(session: OrganizationSession, management: str, kind: str = KIND) -> bool | None:
    """Policies of that kind are switched on in the organisation."""
    answer = session.elsewhere(management, "organizations.ListRoots", "Roots", region="global")
    if answer is None:
        return None
    return any(
        text(one, "Type") == kind and text(one, "Status") == "ENABLED"
        for root in answer["Roots"]
        for one in root.get("PolicyTypes") or ()
    )


def bound(session: OrganizationSession, management: str | None, kind: str, force: bool | None) -> Bounds:  # noqa: FBT001 - a fact
    """What policies of a kind bind the account, if they are in force: the management account is bound by none."""
    if management is None or session.account == management or not force:
        return Bounds(denies=(), whole=force is not None)
    return binding(session, management, kind)


def binding(session: OrganizationSession, management: str, kind: str = KIND) -> Bounds:
    """The denying statements of all policies of a kind on the account's path."""
    found = standing(session, management, session.account, kind)
    if found is None:
        return Bounds(denies=(), whole=False)
    denies = tuple(one for rules in found.values() for one in rules or () if not one.allows)
    return Bounds(denies=denies, whole=None not in found.values())


def standing(
    session: OrganizationSession, management: str, account: str, kind: str = KIND
) -> dict[str, tuple[Statement, ...] | None] | None:
    """The statements of each policy on an account's path, by the policy's id; `None` for what was not learned."""
    path = above(session, management, account)
    listed = session.elsewhere(management, "organizations.ListPolicies", "Policies", region="global", Filter=kind)
    if path is None or listed is None:
        return None
    # AWS's own policy allows everything.
    ours = [str(one["Id"]) for one in listed["Policies"] if one.get("AwsManaged") is not True]
    return {policy: statements(session, management, policy, path) for policy in ours}


def above(session: OrganizationSession, management: str, account: str) -> frozenset[str] | None:
    """The account, the units above it, and the root."""
    path = [account]
    while not path[-1].startswith("r-"):
        answer = session.elsewhere(
            management, "organizations.ListParents", "Parents", region="global", ChildId=path[-1]
        )
        parents = [text(one, "Id") for one in (answer or {}).get("Parents") or ()]
        if not parents or parents[0] is None or parents[0] in path:
            return None
        path.append(parents[0])
    return frozenset(path)


def statements(
    session: OrganizationSession, management: str, policy: str, path: frozenset[str]
) -> tuple[Statement, ...] | None:
    """The statements of a policy if it stands somewhere on the path."""
    targets = session.elsewhere(
        management, "organizations.ListTargetsForPolicy", "Targets", region="global",
        mine=lambda one: one.get("TargetId") in path, PolicyId=policy,
    )  # fmt: skip
    if targets is None or not targets["Targets"]:
        return None if targets is None else ()
    answer = session.elsewhere(management, "organizations.DescribePolicy", region="global", PolicyId=policy)
    return None if answer is None else statements_of(answer.get("Policy", {}).get("Content"))


def regions_limited(session: OrganizationSession, denies: tuple[Statement, ...]) -> bool:
    """What lives in a region cannot be made outside of named ones."""
    probe = arn(session, INVENTED, INVENTED, region=INVENTED)
    return all(withheld(denies, action, probe, elsewhere=True) for action in REGIONAL)


def audit_protected(session: OrganizationSession, denies: tuple[Statement, ...]) -> bool | None:
    """No trail can be stopped or removed; or none of those that the account has, where policies name some."""
    if all(withheld(denies, action, arn(session, "cloudtrail", f"trail/{INVENTED}")) for action in STOPPING):
        return True
    if not all(any(one.covers_action(action) for one in denies) for action in STOPPING):
        return False
    trails = session.seen(TRAILS)
    if trails is None:
        return None
    own = [
        one for one in trails if isinstance(one, Trail) and one.account == session.account and one.logging is not False
    ]
    return bool(own) and all(withheld(denies, action, one.id) for one in own for action in STOPPING)


def strangers_denied(session: OrganizationSession, denies: tuple[Statement, ...]) -> bool:
    """Objects of any bucket are denied to whoever is of no organisation that is named; named accounts or roles may be spared."""
    probe = f"arn:{session.partition}:s3:::{INVENTED}/{INVENTED}"
    return any(
        one.covers_action(READING) and one.covers_resource(probe) and any(map(of_strangers, one.conditions))
        and all(of_strangers(condition) or spares_some(condition) or spares_accounts(condition) for condition in one.conditions)
        for one in denies
    )  # fmt: skip


def of_strangers(condition: Condition) -> bool:
    """It holds for everybody outside of organisations that are named."""
    named = of_others(condition, "aws:principalorgid") or of_others(condition, "aws:principalorgpaths")
    return named and not any(value.startswith(("*", "?")) or value == "o-*" for value in condition.values)


def spares_accounts(condition: Condition) -> bool:
    """It holds for everybody but accounts that are named."""
    return of_others(condition, "aws:principalaccount") and not any(
        set(value) & set("*?") for value in condition.values
    )


def withheld(denies: tuple[Statement, ...], action: str, resource: str, *, elsewhere: bool = False) -> bool:
    """Some Deny keeps everybody but named roles from the action on that resource; `elsewhere`: at least outside of named regions."""
    return any(
        one.covers_action(action) and one.covers_resource(resource) and all(map(spares_some, rest))
        for one in denies
        for rest in [[condition for condition in one.conditions if not (elsewhere and names_regions(condition))]]
        if len(rest) < len(one.conditions) or not elsewhere
    )


def names_regions(condition: Condition) -> bool:
    """It holds in every region but some that are named."""
    return of_others(condition, "aws:requestedregion") and not any(
        matches(value, INVENTED) for value in condition.values
    )


def spares_some(condition: Condition) -> bool:
    """It holds for everybody but some roles that are named, or but AWS's own services."""
    if condition.plain.removesuffix("ifexists") == "bool" and condition.key == "aws:principalisawsservice":
        return condition.values == ("false",)
    named = [value.split(":", 5)[-1] for value in condition.values]
    return of_others(condition, "aws:principalarn") and not any(matches(name, who) for name in named for who in ANYBODY)


def of_others(condition: Condition, key: str) -> bool:
    """It holds for all but some values of a key."""
    return condition.key == key and condition.plain.removesuffix("ifexists") in UNEQUAL and bool(condition.values)
