"""Regions that the organisation closes: where its policies let nobody make what holds data, nor let our role look.

Looking there would be refused call by call. A region counts as closed only if a policy that discovery has read, and that binds the account,
says so by itself; where policies cannot be read no region is closed, and what is refused there is a gap. A policy that spares our role
leaves the region to be looked at.
"""

from collections.abc import Iterable

from collectors.aws.elsewhere import OrganizationSession
from collectors.aws.guardrails import REGIONAL, in_force, of_others, spares_some, standing
from collectors.aws.policies import INVENTED
from collectors.aws.statements import Condition, Statement, matches
from collectors.sighting import ClosedRegion

READING = ("ec2:DescribeInstances", "rds:DescribeDBInstances", "dynamodb:ListTables", "lambda:ListFunctions")
"""What looking at a region takes at the least."""


def closed(
    session: OrganizationSession, account: str, role: str | None, regions: Iterable[str]
) -> tuple[ClosedRegion, ...]:
    """The closed ones of an account's regions, for us as that role; none for the management account, which no policy binds."""
    management = session.management_account
    if role is None or management is None or account == management or not in_force(session, management):
        return ()
    policies = standing(session, management, account) or {}
    found = {
        region: [name for name, rules in sorted(policies.items()) if closes(rules or (), account, role, region)]
        for region in regions
    }
    return tuple(ClosedRegion(region=region, by=names[0]) for region, names in sorted(found.items()) if names)


def closes(rules: tuple[Statement, ...], account: str, role: str, region: str) -> bool:
    """One policy keeps everybody but named others from making, and from reading, in that region."""
    probe = f"arn:aws:{INVENTED}:{region}:{account}:{INVENTED}"
    return all(
        any(
            not one.allows
            and one.covers_action(action)
            and one.covers_resource(probe)
            and any(shuts(condition, region) for condition in one.conditions)
            and all(shuts(condition, region) or spares_others(condition, role) for condition in one.conditions)
            for one in rules
        )
        for action in (*REGIONAL, *READING)
    )


def shuts(condition: Condition, region: str) -> bool:
    """It holds in that region, being none of those that are named."""
    return of_others(condition, "aws:requestedregion") and not any(matches(value, region) for value in condition.values)


def spares_others(condition: Condition, role: str) -> bool:
    """It spares some that are named, and not our role."""
    ours = condition.key == "aws:principalarn" and any(matches(value, role) for value in condition.values)
    return spares_some(condition) and not ours
