"""Whom resource policies let in: everybody, other accounts, callers without TLS.

Read after IAM's evaluation logic and S3's meaning of "public" (S3 user guide, "Blocking public access"): an Allow for everybody is
public unless a condition that cannot hold for strangers stands on it, or a Deny shuts out everybody but some. Where a condition
is not understood, it counts as no limit: doubt never makes a resource private.
"""

import ipaddress
from collections.abc import Iterable

from collectors.aws.policies import POSITIVE
from collectors.aws.statements import Condition, Statement, account_of, everyone, matches

ACCOUNT_KEYS = frozenset({
    "aws:principalaccount", "aws:sourceaccount", "aws:sourceowner", "kms:calleraccount", "s3:dataaccesspointaccount",
})  # fmt: skip
ORGANIZATION_KEYS = frozenset({"aws:principalorgid", "aws:principalorgpaths", "aws:sourceorgid", "aws:sourceorgpaths"})
ARN_KEYS = frozenset({"aws:principalarn", "aws:sourcearn", "s3:dataaccesspointarn"})
NETWORK_KEYS = frozenset({"aws:sourcevpc", "aws:sourcevpce", "aws:sourcevpcarn"})
MOUNTED = frozenset({"elasticfilesystem:accessedviamounttarget"})
"""Holds for who comes over a mount target, which stands in a network."""

NEGATED = {
    "stringnotequals": "stringequals", "stringnotequalsignorecase": "stringequalsignorecase", "stringnotlike": "stringlike",
    "arnnotequals": "arnequals", "arnnotlike": "arnlike", "notipaddress": "ipaddress",
}  # fmt: skip
"""Negated operators -> what they deny the contrary of. They hold where the key is absent, so a Deny with one shuts strangers out."""


def public(policy: tuple[Statement, ...]) -> bool:
    """Some statement lets everybody in."""
    return any("*" in grantees(item, policy) for item in policy if item.allows)


def shared_with(policy: tuple[Statement, ...], account: str) -> frozenset[str]:
    """Accounts and organisations outside of an account, and canonical users, that some statement names; not everybody."""
    return frozenset(name for item in policy if item.allows for name in grantees(item, policy)) - {"*", account}


def grantees(item: Statement, policy: tuple[Statement, ...] = (), *, from_networks: bool = True) -> frozenset[str]:
    """Whom an Allow lets in: account ids, organisation ids, canonical user ids, or `*` for everybody.

    Services are nobody here, nor are principals that were deleted (`AROA...`) and the provider's own (`arn:aws:iam::cloudfront:...`).
    A limit to networks makes everybody nobody, unless `from_networks` is false: then strangers on them are still everybody.
    """
    named = frozenset(name for kind, value in item.principals or () for name in grantee(kind, value))
    if item.not_principals is not None:
        named |= {"*"}
    if "*" not in named:
        return named
    limit = narrowest(item, policy, from_networks=from_networks)
    return named if limit is None else (named - {"*"}) | limit


def grantee(kind: str, value: str) -> tuple[str, ...]:
    """Whom one `AWS` or `CanonicalUser` principal names."""
    if everyone(kind, value):
        return ("*",)
    if kind == "CanonicalUser":
        return (value,)
    account = account_of(value) if kind == "AWS" else None
    return (account,) if account else ()


def narrowest(item: Statement, policy: tuple[Statement, ...], *, from_networks: bool) -> frozenset[str] | None:
    """Those to whom a statement for everybody is limited, by its own conditions or by a Deny; `None` where it is not.

    A limit to the account's or organisation's own, or to networks, names nobody else and is empty.
    """
    limits = [limit(condition, condition.plain, from_networks=from_networks) for condition in item.conditions]
    limits += [spared(deny, from_networks=from_networks) for deny in policy if not deny.allows and shuts(deny, item)]
    known = [found for found in limits if found is not None]
    return min(known, key=lambda found: (len(found), sorted(found))) if known else None


def limit(condition: Condition, operator: str, *, from_networks: bool) -> frozenset[str] | None:
    """Those whom a condition lets through under a positive operator, if it lets only some through."""
    if not condition.values:
        return None
    if operator == "ipaddress" and condition.key == "aws:sourceip":
        return frozenset() if from_networks and all(map(narrow, condition.values)) else None
    if operator == "bool" and condition.key in MOUNTED:
        return frozenset() if from_networks and condition.values == ("true",) else None
    if operator not in POSITIVE:
        return None
    if condition.key in NETWORK_KEYS:
        return frozenset() if from_networks and not any(map(wild, condition.values)) else None
    named = [entity(condition.key, value, operator) for value in condition.values if not own(value)]
    return frozenset(name for name in named if name) if all(named) else None


def own(value: str) -> bool:
    """A policy variable for the resource's own account or organisation."""
    return value.lower() in {"${aws:resourceaccount}", "${aws:resourceorgid}"}


def entity(key: str, value: str, operator: str) -> str | None:
    """The account or organisation that a condition's value names; `None` where a stranger could have a value like it."""
    if key in ACCOUNT_KEYS:
        return None if wild(value) else value
    if key in ORGANIZATION_KEYS:
        organization = value.split("/", 1)[0]
        return None if wild(organization) else organization
    if key in ARN_KEYS:
        head = value.split(":")[:5]
        # ArnLike compares field by field; in StringLike a star runs across colons, so that nothing behind it is fixed.
        fixed = len(head) == 5 and not any(map(patterned, head[4:] if operator.startswith("arn") else head))
        return (account_of(value) or (None if wild(value) else value)) if fixed else None
    return None


def wild(value: str) -> bool:
    """The value fits many, or is empty."""
    return not value or patterned(value)


def patterned(value: str) -> bool:
    """The value holds a wildcard, or a policy variable, which may well be the caller's own."""
    return "*" in value or "?" in value or "${" in value


def narrow(network: str) -> bool:
    """An address range of somebody: no wider than a /8 of IPv4 or a /32 of IPv6."""
    try:
        parsed = ipaddress.ip_network(network, strict=False)
    except ValueError:
        return False
    return parsed.prefixlen >= (8 if parsed.version == 4 else 32)


def shuts(deny: Statement, allow: Statement) -> bool:
    """A Deny speaks of all that an Allow speaks of."""
    return subsumes(deny.actions, deny.not_actions, allow.actions) and subsumes(
        deny.resources, deny.not_resources, allow.resources
    )


def subsumes(
    patterns: tuple[str, ...] | None, exceptions: tuple[str, ...] | None, covered: tuple[str, ...] | None
) -> bool:
    """Each covered pattern lies inside one of the patterns; what is not spelled out lies only inside `*`."""
    if exceptions is not None:
        return False
    if patterns is None or "*" in patterns:
        return True
    return covered is not None and all(
        any(matches(pattern, inner) and ("?" not in pattern or "*" not in inner) for pattern in patterns)
        for inner in covered
    )


def spared(deny: Statement, *, from_networks: bool) -> frozenset[str] | None:
    """Those whom a Deny leaves; `None` where it does not shut out strangers.

    It applies where all of its conditions hold, so it leaves whoever is let through by any one of them.
    """
    if deny.not_principals is not None and not deny.conditions:
        return frozenset(name for kind, value in deny.not_principals for name in grantee(kind, value))
    if not deny.for_everyone:
        return None
    left: frozenset[str] = frozenset()
    for condition in deny.conditions:
        through = passing(condition, from_networks=from_networks)
        if through is None:
            return None
        left |= through
    return left


def passing(condition: Condition, *, from_networks: bool) -> frozenset[str] | None:
    """Those to whom a Deny's condition does not apply, if they are only some; services of the provider are nobody."""
    operator = condition.plain.removesuffix("ifexists")
    if operator == "bool" and condition.key in {"aws:principalisawsservice", "aws:viaawsservice"}:
        return frozenset() if condition.values == ("false",) else None
    return limit(condition, NEGATED[operator], from_networks=from_networks) if operator in NEGATED else None


def requires_tls(policy: tuple[Statement, ...], bucket: str) -> bool:
    """A Deny for everybody without TLS covers every action on the bucket (its ARN) and on its objects.

    A condition on the TLS version is not that: the key is absent without TLS.
    """
    probes = [
        (action, resource)
        for resource, actions in (
            (bucket, ("s3:ListBucket", "s3:zq7")),
            (f"{bucket}/zq7", ("s3:GetObject", "s3:PutObject", "s3:zq7")),
        )
        for action in actions
    ]
    return refuses_plain_text(policy, probes)


def refuses_plain_text(policy: tuple[Statement, ...], probes: Iterable[tuple[str, str]]) -> bool:
    """A Deny for everybody without TLS covers each of these actions on its resource."""
    denies = [item for item in policy if not item.allows and item.for_everyone and insecure(item.conditions)]
    return all(
        any(item.covers_action(action) and item.covers_resource(resource) for item in denies)
        for action, resource in probes
    )


def insecure(conditions: Iterable[Condition]) -> bool:
    """The one condition is that the call came without TLS."""
    lines = tuple(conditions)
    return len(lines) == 1 and lines[0].key == "aws:securetransport" and (
        lines[0].plain in {"bool", "boolifexists"} and lines[0].values == ("false",)
    )  # fmt: skip
