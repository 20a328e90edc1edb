"""Seeded samples with a known verdict: for each check facts that must pass and facts that must fail.

Every sweep judges them through the code that judges everything else (`agent.canaries`): a check that does not know its own samples any
more shows nothing in that sweep. They are samples, not the table of the checks' tests, which says what each fact does.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from collectors.resource import AccessKey, PortRange, Resource
from controls.check import Check

Facts = dict[str, Any]
LONG_AGO = timedelta(days=1000)
LATELY = timedelta(minutes=5)


def _switch(fact: str, *, wanted: bool) -> Callable[[datetime], tuple[Facts, Facts]]:
    """A check of one yes-or-no fact."""
    return lambda _: ({fact: wanted}, {fact: not wanted})


def _fixed(passing: Facts, failing: Facts) -> Callable[[datetime], tuple[Facts, Facts]]:
    return lambda _: (passing, failing)


def _keys(now: datetime) -> tuple[Facts, Facts]:
    young, old = (AccessKey(active=True, created=now - age) for age in (LATELY, LONG_AGO))
    return {"keys": (young,)}, {"keys": (young, old)}


def _dormant(now: datetime) -> tuple[Facts, Facts]:
    signs_in = {"console": True, "keys": ()}
    return {**signs_in, "last_active": now - LATELY}, {**signs_in, "last_active": now - LONG_AGO}


def _delivered(now: datetime) -> tuple[Facts, Facts]:
    logging = {"logging": True, "delivery_failing": False}
    return {**logging, "delivered": now - LATELY}, {**logging, "delivered": now - LONG_AGO}


SAMPLES: Mapping[str, Callable[[datetime], tuple[Facts, Facts]]] = {
    "databases_are_backed_up": _fixed({"backup_days": 35}, {"backup_days": 0}),
    "object_stores_keep_versions": _switch("versioned", wanted=True),
    "databases_survive_a_zone": _switch("multi_zone", wanted=True),
    "data_is_encrypted_at_rest": _switch("encrypted", wanted=True),
    "object_stores_require_tls": _switch("transport_encrypted", wanted=True),
    "volumes_are_encrypted_by_default": _switch("volumes_encrypted_by_default", wanted=True),
    "keys_rotate": _fixed(
        {"rotatable": True, "state": "enabled", "rotation_days": 30}, {"rotatable": True, "state": "enabled", "rotation_days": 0}
    ),
    "keys_are_not_about_to_be_lost": _fixed({"state": "enabled"}, {"state": "pending deletion"}),
    "data_stores_are_not_public": _switch("public", wanted=False),
    "account_blocks_public_data": _switch("public_data_blocked", wanted=True),
    "root_user_needs_mfa": _switch("root_mfa", wanted=True),
    "root_user_has_no_keys": _switch("root_keys", wanted=False),
    "passwords_are_long": _fixed({"password_length": 64}, {"password_length": 0}),
    "users_need_mfa": _fixed({"console": True, "mfa": True}, {"console": True, "mfa": False}),
    "access_keys_are_young": _keys,
    "dormant_identities_are_disabled": _dormant,
    "no_full_administrators": _switch("administrator", wanted=False),
    "privileged_planes_are_separated": _fixed(
        {"administrator": False, "planes": ("keys",)}, {"administrator": False, "planes": ("data", "keys", "logging")}
    ),
    "foreign_trust_is_guarded": _fixed({"foreign_trust": ()}, {"foreign_trust": ("*",)}),
    "key_policies_name_their_users": _switch("open_policy", wanted=False),
    "administration_ports_are_closed": _fixed(
        {"open_to_world": ()}, {"open_to_world": (PortRange(protocol="tcp", first=22, last=22),)}
    ),
    "default_firewalls_are_empty": _fixed({"default": True, "rules": 0}, {"default": True, "rules": 4}),
    "network_flows_are_logged": _switch("flow_logged", wanted=True),
    "activity_is_logged_everywhere": _switch("activity_logged", wanted=True),
    "data_access_is_logged": _switch("access_logged", wanted=True),
    "audit_trails_are_validated": _switch("validated", wanted=True),
    "audit_trails_use_our_keys": _fixed({"key_held_by": "customer"}, {"key_held_by": "none"}),
    "audit_logs_arrive": _delivered,
    "security_contact_is_registered": _switch("security_contact", wanted=True),
}  # fmt: skip
"""Check name -> its samples at an instant: what must pass, what must fail."""


def samples(check: Check, provider: str, kind: str, now: datetime) -> tuple[Resource, Resource] | None:
    """A resource that must pass and one that must fail, as a collector of that provider would see them; `None` for a check without."""
    made = SAMPLES.get(check.name)
    if made is None:
        return None
    passing, failing = (
        check.judges(
            id=f"canary:{check.name}:{word}",
            provider=provider,
            account="canary",
            region="global",
            kind=kind,
            tags={},
            **facts,
        )
        for word, facts in zip(("pass", "fail"), made(now), strict=True)
    )
    return passing, failing
