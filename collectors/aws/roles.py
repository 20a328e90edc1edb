"""What a workload may do by the role that it runs as: joined with what is known of the account's roles."""

from collectors.aws.gathered import CellSession
from collectors.resource import Entitlement

ROLES = "aws.entitlements"
FAR_REACHING = frozenset({"*", "dynamodb", "iam", "organizations", "s3", "secretsmanager"})
"""Services of which everything on everything is too much for a workload: it gives itself the rest, or reads all that is kept."""


def privileged(session: CellSession, role: str) -> bool | None:
    """The role may administer its account, or read all of its data; it is cited. `role` is its ARN."""
    known = session.joined(ROLES)
    found = None if known is None else known.get(role)
    if not isinstance(found, Entitlement):
        return None
    session.cite(found)
    if found.administrator or FAR_REACHING & set(found.wildcards or ()):
        return True
    return None if found.administrator is None or found.wildcards is None else False
