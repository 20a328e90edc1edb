"""Who may assume a role: the accounts outside of the organisation that its trust policy names, and what guards them."""

import re
from dataclasses import dataclass

from collectors.aws.exposure import ORGANIZATION_KEYS, grantees, passing, shuts, wild
from collectors.aws.policies import POSITIVE
from collectors.aws.statements import Condition, Statement

ASSUMING = ("sts:assumerole", "sts:assumerolewithsaml", "sts:assumerolewithwebidentity")

WEB_ISSUERS = frozenset(
    {"cognito-identity.amazonaws.com", "accounts.google.com", "graph.facebook.com", "www.amazon.com"}
)
"""Web identity providers that are named without an ARN."""

SHARED_ISSUERS = ("token.actions.githubusercontent.com", "gitlab.com", "app.terraform.io", "agent.buildkite.com")
"""Issuers of which everybody can have tokens for an audience of his own choice: only a claim about the subject tells callers apart."""


ANYBODYS = frozenset({
    "aud", "base_ref", "environment", "event_name", "head_ref", "ref", "ref_protected", "ref_type", "repository_visibility",
    "runner_environment", "workflow",
})  # fmt: skip
"""Claims that anybody can have from a shared issuer: whoever makes a repository chooses its branches, environments and workflows."""
NAMED = re.compile(r"[^:/*?]+[:/][^:/*?]+[:/]")
"""How the patterned subjects of shared issuers begin: a kind, and the whole name of somebody."""


@dataclass(frozen=True, kw_only=True)
class Trust:
    """The facts of an `Entitlement` of the same names."""

    foreign_trust: tuple[str, ...] | None
    foreign_trust_guarded: bool | None


NOBODY = Trust(foreign_trust=(), foreign_trust_guarded=None)
"""Of what nobody assumes."""
UNKNOWN = Trust(foreign_trust=None, foreign_trust_guarded=None)


def trust(policy: tuple[Statement, ...], *, account: str, organization_accounts: frozenset[str] | None) -> Trust:
    """Whom a trust policy lets in from outside. Without a known organisation every other account is outside.

    An organisation that a condition names (`aws:PrincipalOrgID`) is listed by its id, since its being ours is not known here; such a
    condition guards. Services, and identity providers of the account itself, are not foreign.
    """
    inside = (organization_accounts or frozenset()) | {account}
    foreign: set[str] = set()
    guarded = True
    for item in policy:
        if not item.allows or not any(item.covers_action(action) for action in ASSUMING):
            continue
        strangers = (grantees(item, policy, from_networks=False) | web_strangers(item)) - inside
        foreign |= strangers
        guarded = guarded and (not strangers or guards(item, policy))
    return Trust(foreign_trust=tuple(sorted(foreign)), foreign_trust_guarded=guarded if foreign else None)


def web_strangers(item: Statement) -> frozenset[str]:
    """`*` where a web identity provider's tokens are taken without saying whose."""
    issuers = [
        issuer
        for kind, value in item.principals or ()
        if kind == "Federated"
        for issuer in (web_issuer(value),)
        if issuer
    ]
    return frozenset() if all(names_subject(item, issuer) for issuer in issuers) else frozenset({"*"})


def web_issuer(value: str) -> str | None:
    """The issuer that a `Federated` principal names (`*` for any); `None` for a SAML provider, which is the account's own."""
    if value == "*" or value in WEB_ISSUERS:
        return value
    _, found, issuer = value.partition(":oidc-provider/")
    return issuer if found else None


def names_subject(item: Statement, issuer: str) -> bool:
    """A condition fixes the subject or, where an audience is somebody's own, the audience of the issuer's tokens."""
    return any(
        condition.plain in POSITIVE
        and condition.key.startswith(f"{issuer.lower()}:")
        and not (issuer.split("/", 1)[0] in SHARED_ISSUERS and condition.key.rpartition(":")[2] in ANYBODYS)
        and bool(condition.values)
        and all(map(somebody, condition.values))
        for condition in item.conditions
    )


def somebody(claim: str) -> bool:
    """A claim names somebody: it has no wildcard, or only behind a name: `repo:our-organisation/*`, but not `repo:*` or `repo:our*`."""
    return not set(claim) & set("*?") or NAMED.match(claim) is not None


def guards(item: Statement, policy: tuple[Statement, ...]) -> bool:
    """The caller must know an external id, belong to a named organisation or have used a second factor."""
    own_guard = any(guard(condition, condition.plain) for condition in item.conditions)
    denied_else = any(
        not deny.allows
        and deny.for_everyone
        and shuts(deny, item)
        and len(deny.conditions) == 1
        and (external_id_denied(deny.conditions[0]) or passing(deny.conditions[0], from_networks=False) is not None)
        for deny in policy
    )
    return own_guard or denied_else


def guard(condition: Condition, operator: str) -> bool:
    """A condition that a confused deputy cannot meet."""
    if condition.key == "aws:multifactorauthpresent":
        return operator == "bool" and condition.values == ("true",)
    if condition.key == "sts:externalid" or condition.key in ORGANIZATION_KEYS:
        fixed = [value.rstrip("*") if condition.key in ORGANIZATION_KEYS else value for value in condition.values]
        return operator in POSITIVE and bool(fixed) and not any(map(wild, fixed))
    return False


def external_id_denied(condition: Condition) -> bool:
    """A Deny for whoever does not bring the external id."""
    return condition.key == "sts:externalid" and condition.plain in {"stringnotequals", "stringnotequalsifexists"}
