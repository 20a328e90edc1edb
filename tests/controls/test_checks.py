"""Every check by its table: (facts, outcome, part of the reason); and what must hold of all of them together."""

import inspect
import re
from datetime import UTC, datetime, timedelta

import pytest

from collectors.resource import AccessKey, PortRange, Resource
from controls import ccm
from controls.catalogue import CHECKS, by_name
from controls.check import Check, full, part
from controls.check import check as declare
from controls.verdict import Outcome

NOW = datetime(2026, 3, 31, 6, tzinfo=UTC)
PASSED, FAILED, UNKNOWN, APART = Outcome.PASSED, Outcome.FAILED, Outcome.UNKNOWN, Outcome.NOT_APPLICABLE


def ago(**span):
    return NOW - timedelta(**span)


def key(active=True, **span):
    return AccessKey(active=active, created=ago(**span) if span else None)


def ports(first, last=None, protocol="tcp"):
    return PortRange(protocol=protocol, first=first, last=last or first)


def switch(fact, wanted, words):
    """The rows of a check that reads one yes-or-no fact."""
    return [
        ({fact: wanted}, PASSED, ""),
        ({fact: not wanted}, FAILED, words),
        ({}, UNKNOWN, "not learned"),
        ({fact: not wanted, "managed_by": "provider"}, APART, "inherited"),
        ({fact: not wanted, "managed_by": "customer"}, FAILED, words),
    ]


TABLE = {
    "data_is_encrypted_at_rest": [
        *switch("encrypted", True, "not encrypted"),
        *(({"kind": kind, "encrypted": False}, FAILED, "not encrypted") for kind in ("snapshot", "database", "database snapshot")),
        ({"kind": "object store", "encrypted": True}, PASSED, ""),
        ({"kind": "archive", "encrypted": False}, APART, "speaks of volume, snapshot, image, database"),
    ],
    "data_stores_are_not_public": [
        *switch("public", False, "open to everybody"),
        ({"kind": "volume", "public": True}, APART, "speaks of object store"),
        *(({"kind": kind, "public": True}, FAILED, "open") for kind in ("database", "image", "dataset")),
    ],
    "object_stores_require_tls": [
        *switch("transport_encrypted", True, "without TLS"),
        ({"kind": "database", "transport_encrypted": False}, APART, "object store only"),
    ],
    "object_stores_keep_versions": [
        *switch("versioned", True, "not kept"),
        ({"kind": "volume", "versioned": False}, APART, "object store only"),
    ],
    "data_access_is_logged": [
        *switch("access_logged", True, "no access log"),
        ({"kind": "snapshot", "access_logged": False}, APART, "object store only"),
    ],
    "databases_are_backed_up": [
        ({"backup_days": 7}, PASSED, ""),
        ({"backup_days": 35}, PASSED, ""),
        ({"backup_days": 6}, FAILED, "kept 6 days; at least 7"),
        ({"backup_days": 0}, FAILED, "no automatic backups"),
        ({}, UNKNOWN, "retention not learned"),
        ({"kind": "volume", "backup_days": 0}, APART, "database only"),
    ],
    "databases_survive_a_zone": [
        *switch("multi_zone", True, "one zone"),
        ({"kind": "object store", "multi_zone": False}, APART, "database only"),
    ],
    "keys_rotate": [
        ({"rotatable": True, "state": "enabled", "rotation_days": 365}, PASSED, ""),
        ({"rotatable": True, "state": "enabled", "rotation_days": 366}, FAILED, "every 366 days; at most 365"),
        ({"rotatable": True, "state": "enabled", "rotation_days": 0}, FAILED, "does not rotate"),
        ({"rotatable": True, "state": "enabled"}, UNKNOWN, "rotation not learned"),
        ({"rotatable": True, "rotation_days": 0}, UNKNOWN, "rotation not learned"),
        ({"state": "enabled", "rotation_days": 0}, UNKNOWN, "rotation not learned"),
        ({"rotatable": False}, APART, "cannot rotate"),
        ({"state": "disabled", "rotation_days": 0}, APART, "not in use: disabled"),
        ({"rotatable": True, "state": "pending deletion", "rotation_days": 0}, APART, "pending deletion"),
        ({"rotation_days": 0, "rotatable": True, "state": "enabled", "managed_by": "provider"}, APART, "inherited"),
    ],
    "keys_are_not_about_to_be_lost": [
        ({"state": "enabled"}, PASSED, ""),
        ({"state": "disabled"}, PASSED, ""),
        ({"state": "pending deletion"}, FAILED, "scheduled for destruction"),
        ({}, UNKNOWN, "state not learned"),
        ({"state": "pending deletion", "managed_by": "provider"}, APART, "inherited"),
    ],
    "key_policies_name_their_users": switch("open_policy", False, "anybody may use it"),
    "root_user_needs_mfa": switch("root_mfa", True, "no second factor"),
    "root_user_has_no_keys": switch("root_keys", False, "access keys"),
    "passwords_are_long": [
        ({"password_length": 14}, PASSED, ""),
        ({"password_length": 13}, FAILED, "13 characters are enough; at least 14"),
        ({"password_length": 0}, FAILED, "no password policy"),
        ({}, UNKNOWN, "not learned"),
        ({"password_length": 0, "managed_by": "provider"}, APART, "inherited"),
    ],
    "account_blocks_public_data": switch("public_data_blocked", True, "no complete account-wide block"),
    "security_contact_is_registered": switch("security_contact", True, "no security contact"),
    "users_need_mfa": [
        ({"console": True, "mfa": True}, PASSED, ""),
        ({"console": True, "mfa": False}, FAILED, "password alone"),
        ({"console": True}, UNKNOWN, "not learned"),
        ({"mfa": False}, UNKNOWN, "not learned"),
        ({"console": False}, APART, "no password"),
        ({"console": False, "mfa": False}, APART, "no password"),
    ],
    "access_keys_are_young": [
        ({"keys": (key(days=89),)}, PASSED, ""),
        ({"keys": (key(days=89), key(active=False, days=900))}, PASSED, ""),
        ({"keys": (key(days=90),)}, FAILED, "active key of 2025-12-31: 90 days old or more"),
        ({"keys": (key(days=120), key())}, FAILED, "2025-12-01"),
        ({"keys": (key(days=120), key(days=150))}, FAILED, "2025-11-01, 2025-12-01"),
        ({"keys": (key(), key(days=120))}, FAILED, "2025-12-01"),
        ({"keys": (key(days=5), key())}, UNKNOWN, "age of an active key"),
        ({"keys": (key(),)}, UNKNOWN, "age of an active key"),
        ({}, UNKNOWN, "access keys not learned"),
        ({"keys": ()}, APART, "no active access key"),
        ({"keys": (key(active=False),)}, APART, "no active access key"),
    ],
    "dormant_identities_are_disabled": [
        ({"console": True, "keys": (), "last_active": ago(days=89)}, PASSED, ""),
        ({"console": False, "keys": (key(active=False),)}, PASSED, "cannot sign in"),
        ({"last_active": ago(days=3)}, PASSED, ""),
        ({"console": True, "never_active": True, "created": ago(days=10)}, PASSED, ""),
        ({"console": True, "last_active": ago(days=90)}, FAILED, "not used since 2025-12-31"),
        ({"keys": (key(),), "last_active": ago(days=200)}, FAILED, "can sign in"),
        ({"console": True, "never_active": True, "created": ago(days=100)}, FAILED, "never used since 2025-12-21"),
        ({"console": True, "keys": ()}, UNKNOWN, "last use"),
        ({"console": True, "never_active": True}, UNKNOWN, "last use"),
        ({"console": True, "never_active": False, "created": ago(days=900)}, UNKNOWN, "last use"),
        ({"console": False, "last_active": ago(days=200)}, UNKNOWN, "whether it can sign in"),
        ({"keys": (), "last_active": ago(days=200)}, UNKNOWN, "whether it can sign in"),
        ({"console": True, "last_active": ago(days=200), "managed_by": "provider"}, APART, "inherited"),
    ],
    "no_full_administrators": switch("administrator", False, "every action on every resource"),
    "privileged_planes_are_separated": [
        ({"administrator": False, "planes": ()}, PASSED, ""),
        ({"administrator": False, "planes": ("keys",)}, PASSED, ""),
        ({"administrator": False, "planes": ("data", "keys")}, FAILED, "data and keys together"),
        ({"planes": ("data", "keys", "logging")}, FAILED, "data and keys and logging"),
        ({"administrator": True}, FAILED, "everything"),
        ({"administrator": True, "planes": ()}, FAILED, "everything"),
        ({"planes": ("keys",)}, UNKNOWN, "not learned"),
        ({"administrator": False}, UNKNOWN, "not learned"),
        ({"administrator": True, "managed_by": "provider"}, APART, "inherited"),
    ],
    "foreign_trust_is_guarded": [
        ({"foreign_trust": ()}, PASSED, "trusts nobody"),
        ({"foreign_trust": ("444455556666",), "foreign_trust_guarded": True}, PASSED, ""),
        ({"foreign_trust": ("777788889999", "444455556666"), "foreign_trust_guarded": False}, FAILED, "444455556666, 777788889999"),
        ({"foreign_trust": ("*",), "foreign_trust_guarded": True}, FAILED, "anybody"),
        ({"foreign_trust": ("*",)}, FAILED, "anybody"),
        ({"foreign_trust": ("444455556666",)}, UNKNOWN, "not learned"),
        ({"foreign_trust_guarded": True}, UNKNOWN, "trust not learned"),
        ({"kind": "service account", "foreign_trust": ("*",)}, FAILED, "anybody"),
        ({"kind": "policy", "foreign_trust": ("*",)}, APART, "role, service account, principal only"),
    ],
    "activity_is_logged_everywhere": switch("activity_logged", True, "no trail that is logging"),
    "volumes_are_encrypted_by_default": switch("volumes_encrypted_by_default", True, "not encrypted by default"),
    "audit_trails_are_validated": switch("validated", True, "would not be noticed"),
    "audit_trails_use_our_keys": [
        ({"key_held_by": "customer"}, PASSED, ""),
        ({"key_held_by": "provider"}, FAILED, "provider's key"),
        ({"key_held_by": "none"}, FAILED, "not encrypted"),
        ({}, UNKNOWN, "whose key"),
        ({"key_held_by": "none", "managed_by": "provider"}, APART, "inherited"),
    ],
    "audit_logs_arrive": [
        ({"logging": True, "delivery_failing": False, "delivered": ago(hours=1)}, PASSED, ""),
        ({"logging": True, "delivery_failing": False, "delivered": ago(hours=24)}, FAILED, "since 2026-03-30 06:00 UTC; at most 24 hours"),
        ({"delivered": ago(days=9)}, FAILED, "nothing delivered since"),
        ({"logging": False}, FAILED, "not logging"),
        ({"delivery_failing": True}, FAILED, "delivery failed"),
        ({"logging": True, "delivery_failing": False}, UNKNOWN, "delivery not learned"),
        ({"logging": True, "delivered": ago(hours=1)}, UNKNOWN, "delivery not learned"),
        ({"delivery_failing": False, "delivered": ago(hours=1)}, UNKNOWN, "delivery not learned"),
        ({"logging": False, "managed_by": "provider"}, APART, "inherited"),
    ],
    "administration_ports_are_closed": [
        ({"open_to_world": ()}, PASSED, ""),
        ({"open_to_world": (ports(80), ports(443))}, PASSED, ""),
        ({"open_to_world": (ports(443), ports(22))}, FAILED, "open to any address: 22 (SSH)"),
        ({"open_to_world": (ports(3389, 5432),)}, FAILED, "3389 (RDP), 5432 (PostgreSQL)"),
        ({"open_to_world": (ports(27017, protocol="udp"),)}, FAILED, "27017 (MongoDB)"),
        ({"open_to_world": (ports(0, 0, protocol="any"),)}, FAILED, "every port"),
        ({}, UNKNOWN, "rules not learned"),
        ({"open_to_world": (ports(22),), "managed_by": "provider"}, APART, "inherited"),
    ],
    "default_firewalls_are_empty": [
        ({"default": True, "rules": 0}, PASSED, ""),
        ({"default": True, "rules": 2}, FAILED, "has 2 rules"),
        ({"default": True}, UNKNOWN, "not learned"),
        ({"rules": 0}, UNKNOWN, "not learned"),
        ({"default": False, "rules": 2}, APART, "not a default"),
    ],
    "network_flows_are_logged": switch("flow_logged", True, "no flow log"),
}  # fmt: skip
ROWS = [
    pytest.param(by_name(name), *row, id=f"{name}-{number}")
    for name, rows in TABLE.items()
    for number, row in enumerate(rows)
]


def example(check: Check, make, facts) -> Resource:
    return make(check.judges, **{"kind": check.kinds[0] if check.kinds else "thing", **facts})


@pytest.mark.parametrize(("check", "facts", "outcome", "reason"), ROWS)
def test_a_check_judges_its_table(check, facts, outcome, reason, make):
    verdict = check.judge(example(check, make, facts), now=NOW)
    assert (verdict.outcome, reason in verdict.reason) == (outcome, True), verdict


@pytest.mark.parametrize(
    ("name", "facts", "parameters", "outcome"),
    [
        ("keys_rotate", {"rotatable": True, "state": "enabled", "rotation_days": 100}, {"max_days": 90}, FAILED),
        ("databases_are_backed_up", {"backup_days": 7}, {"min_days": 14}, FAILED),
        ("passwords_are_long", {"password_length": 8}, {"min_length": 8}, PASSED),
        ("access_keys_are_young", {"keys": (key(days=120),)}, {"max_age_days": 180}, PASSED),
        (
            "dormant_identities_are_disabled",
            {"console": True, "last_active": ago(days=50)},
            {"max_idle_days": 45},
            FAILED,
        ),
        (
            "audit_logs_arrive",
            {"logging": True, "delivery_failing": False, "delivered": ago(hours=3)},
            {"max_silence_hours": 2},
            FAILED,
        ),
    ],
)
def test_a_parameter_moves_the_line(name, facts, parameters, outcome, make):
    check = by_name(name)
    assert set(parameters) == set(check.parameters)
    assert check.judge(example(check, make, facts), now=NOW, **parameters).outcome is outcome


@pytest.mark.parametrize(
    ("name", "facts", "until"),
    [
        ("access_keys_are_young", {"keys": (key(days=80), key(days=60))}, ago(days=80) + timedelta(days=90)),
        ("access_keys_are_young", {"keys": (key(days=80), key())}, ago(days=80) + timedelta(days=90)),
        ("access_keys_are_young", {"keys": (key(days=100), key(days=60))}, ago(days=60) + timedelta(days=90)),
        ("access_keys_are_young", {"keys": (key(days=100), key(days=95))}, None),
        (
            "dormant_identities_are_disabled",
            {"console": True, "last_active": ago(days=80)},
            ago(days=80) + timedelta(days=90),
        ),
        ("dormant_identities_are_disabled", {"console": False, "keys": ()}, None),
        (
            "audit_logs_arrive",
            {"logging": True, "delivery_failing": False, "delivered": ago(hours=3)},
            ago(hours=3) + timedelta(days=1),
        ),
        ("audit_logs_arrive", {"logging": True, "delivered": ago(hours=3)}, ago(hours=3) + timedelta(days=1)),
        ("audit_logs_arrive", {"logging": False, "delivered": ago(hours=3)}, None),
    ],
)
def test_a_verdict_says_until_when_it_holds(name, facts, until, make):
    check = by_name(name)
    resource = example(check, make, facts)
    verdict = check.judge(resource, now=NOW)
    assert verdict.holds_until == until
    if until is not None:
        assert check.judge(resource, now=until - timedelta(microseconds=1)).outcome is verdict.outcome
        assert check.judge(resource, now=until) != verdict


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_every_check_has_each_kind_of_example(check):
    outcomes = {row[1] for row in TABLE[check.name]}
    assert {PASSED, FAILED, UNKNOWN, APART} <= outcomes


def test_the_table_and_the_catalogue_name_the_same_checks():
    assert sorted(TABLE) == sorted(check.name for check in CHECKS)
    assert len({check.name for check in CHECKS}) == len(CHECKS)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_every_link_is_to_a_real_specification_of_4_1_and_says_what_remains(check):
    assert len({link.specification for link in check.links}) == len(check.links)
    for link in check.links:
        assert ccm.specification(link.specification).version == "4.1"
        assert len(link.words) > 20


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_every_check_reads_what_it_says_it_reads(check, make):
    """The facts really asked for, over all of its examples, are the ones that coverage counts with."""
    asked = set()

    class Recording:
        def __init__(self, resource):
            self.resource = resource

        def __getattr__(self, name):
            asked.add(name)
            return getattr(self.resource, name)

    for facts, _, _ in TABLE[check.name]:
        timed = {"now": NOW} if check.timed else {}
        check.function(Recording(example(check, make, facts)), **timed)
    assert tuple(sorted(asked - set(Resource.__struct_fields__))) == check.reads


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_every_check_explains_itself(check):
    lines = inspect.cleandoc(check.function.__doc__).split("\n")
    assert check.title.endswith(".")
    assert check.title[0].isupper()
    assert lines[1] == ""
    rationale = " ".join(check.rationale.split())
    assert re.search(r"[Tt]he check (reads|compares|looks|asks|counts)", rationale), "how it tests"
    assert re.search(r"(does not see|does not weigh|says nothing)", rationale), "what it does not see"
    assert len(check.remediation) > 30
    assert check.remediation.startswith("AWS: ")
    assert check.severity in {"critical", "high", "medium", "low"}
    assert len(check.digest) == 64


METRICS = """
    AIS-05-M1 AIS-05-M2 AIS-05-M3 AIS-06-M1 AIS-07-M3 AIS-07-M6 BCR-06-M1 BCR-08-M1 BCR-08-M2 CCC-03-M1 CCC-07-M1 CEK-03-M2 CEK-03-M3
    CEK-04-M1 DCS-06-M1 DCS-06-M2 DSP-04-M2 DSP-04-M3 DSP-05-M1 DSP-05-M2 GRC-04-M1 IAM-07-M1 IAM-08-M2 IAM-09-M1 IPY-03-M2 IVS-04-M1
    LOG-03-M1 LOG-05-M1 LOG-10-M1 LOG-13-M2 SEF-05-M1 SEF-06-M1 SEF-06-M2 STA-07-M3 STA-07-M5 TVM-03-M1 TVM-07-M1 TVM-10-M1 UEM-04-M1
    UEM-05-M1 UEM-09-M1 UEM-09-M2
""".split()  # noqa: SIM905 (read as words)


@pytest.mark.parametrize("check", [check for check in CHECKS if check.metric], ids=lambda check: check.name)
def test_a_metric_is_one_of_csas_and_measures_a_specification_that_the_check_speaks_of(check):
    assert check.metric in METRICS
    measured = ccm.translate(f"CCM:4.0:{check.metric.rpartition('-')[0]}", "4.1").target
    assert measured in {link.specification for link in check.links}


def test_at_least_fifteen_checks_speak_of_at_least_six_domains():
    assert len(CHECKS) >= 15
    assert len({link.specification.split(":")[2][:3] for check in CHECKS for link in check.links}) >= 6


def test_a_link_without_its_version_is_refused():
    with pytest.raises(ValueError, match=r"CCM:4\.0:IAM-13 or CCM:4\.1:IAM-13"):
        part("IAM-13", "the rest")
    assert full("CCM:4.1:IAM-13", "all of it").reach == "full"


def test_a_name_that_no_check_has_is_refused_with_the_nearest():
    with pytest.raises(ValueError, match="did you mean keys_rotate"):
        by_name("keys_rotates")
    with pytest.raises(ValueError, match=r"there is no check 'xyzzy'$"):
        by_name("xyzzy")


def test_a_check_without_a_docstring_or_a_link_is_refused():
    def silent(key):
        raise AssertionError

    def unlinked(key):
        """Speaks of nothing."""
        raise AssertionError

    declaration = {"judges": Resource, "severity": "low", "remediation": "AWS: nothing."}
    with pytest.raises(TypeError, match="silent needs a docstring and at least one link"):
        declare(part("CCM:4.1:CEK-12", "the rest"), **declaration)(silent)
    with pytest.raises(TypeError, match="unlinked needs a docstring and at least one link"):
        declare(**declaration)(unlinked)
