"""What the tables of the checks are written with. A row: facts (and kind, tags, ...), outcome, part of the reason."""

from datetime import UTC, datetime, timedelta

from collectors.resource import AccessKey, PortRange
from controls.verdict import Outcome

NOW = datetime(2026, 3, 31, 6, tzinfo=UTC)
PASSED, FAILED, UNKNOWN, APART = Outcome.PASSED, Outcome.FAILED, Outcome.UNKNOWN, Outcome.NOT_APPLICABLE


def ago(**span):
    return NOW - timedelta(**span)


def ahead(**span):
    return NOW + timedelta(**span)


def key(active=True, **span):
    return AccessKey(active=active, created=ago(**span) if span else None)


def ports(first, last=None, protocol="tcp"):
    return PortRange(protocol=protocol, first=first, last=last or first)


def switch(fact, wanted, words, kind=None, apart=None):
    """The rows of a check that reads one yes-or-no fact; of one that speaks of some kinds, `apart` is another."""
    of = {"kind": kind} if kind else {}
    rows = [
        ({**of, fact: wanted}, PASSED, ""),
        ({**of, fact: not wanted}, FAILED, words),
        (of, UNKNOWN, "not learned"),
        ({**of, fact: not wanted, "managed_by": "provider"}, APART, "inherited"),
        ({**of, fact: not wanted, "managed_by": "customer"}, FAILED, words),
    ]
    return [*rows, ({"kind": apart, fact: not wanted}, APART, "only")] if apart else rows


def inherited(facts):
    """What fails is nobody's failure of ours where the provider manages it."""
    return ({**facts, "managed_by": "provider"}, APART, "inherited")


def owned(words, tags=None):
    """The rows of a check that looks for a tag that names an owner, or what else `tags` names."""
    right = tags or {"owner": "payments"}
    (name,) = right
    return [
        ({"tags": right}, PASSED, ""),
        ({"tags": {"stage": "prod", f"acme:{name.title()}": "x"}}, PASSED, ""),
        ({"tags": {}}, FAILED, words),
        ({"tags": {name: " "}}, FAILED, words),
        ({"tags": {f"aws:{name}": "x"}}, FAILED, words),
        ({"tags": {"stage": "prod", "name": "db"}}, FAILED, words),
        ({"tags": None}, UNKNOWN, "tags not learned"),
        ({"tags": {}, "managed_by": "provider"}, APART, "inherited"),
    ]
