"""Which checks judge a resource, under which parameters, and which unseen cells they would have needed."""

import msgspec
import pytest

from collectors.collector import Cell, collector
from collectors.resource import DataStore, Entitlement, Key, Trail
from collectors.serving import Workload
from controls.assess import Judge, relevant, unseen
from controls.catalogue import CHECKS, by_name
from controls.verdict import Outcome


def seeing(name, sees, *kinds):
    @collector(name, sees=sees, kinds=kinds, learns=(), grants=(), where="region")
    class Steps:
        def list(self, _session):
            yield from ()

        def describe(self, _session, _item):
            raise AssertionError

    return Steps


COLLECTORS = (
    seeing("aws.volumes", DataStore, "volume"),
    seeing("aws.buckets", DataStore, "object store"),
    seeing("aws.keys", Key, "key"),
    seeing("aws.entitlements", Entitlement, "user", "group", "role", "policy"),
)


def cells(*collectors, provider="aws"):
    return [Cell(provider=provider, account="111122223333", region="eu-west-1", collector=name) for name in collectors]


def test_a_judge_runs_every_check_of_the_type_in_catalogue_order(make, now):
    judged = [check for check, _ in Judge(CHECKS)(make(DataStore, "volume", encrypted=True), now)]
    assert judged == [check for check in CHECKS if check.judges is DataStore]


def test_a_judge_of_other_types_says_nothing(make, now):
    assert list(Judge([by_name("keys_rotate")])(make(DataStore, "volume"), now)) == []


def test_a_judge_tells_instants_kinds_and_managers_apart(make, now):
    judge = Judge([by_name("data_is_encrypted_at_rest")])

    def outcome(kind, **facts):
        ((_, verdict),) = judge(make(DataStore, kind, encrypted=False, **facts), now)
        return verdict.outcome

    assert outcome("volume") is Outcome.FAILED
    assert outcome("archive") is Outcome.NOT_APPLICABLE
    assert outcome("volume", managed_by="provider") is Outcome.NOT_APPLICABLE
    assert outcome("volume") is Outcome.FAILED


@pytest.mark.parametrize(
    ("provider", "facts", "outcome"),
    [
        ("aws", {}, Outcome.NOT_APPLICABLE),
        ("aws", {"boot_verified": False}, Outcome.FAILED),
        ("gcp", {}, Outcome.UNKNOWN),
        ("example", {}, Outcome.UNKNOWN),
    ],
)
def test_what_a_cloud_tells_nobody_does_not_apply_there_and_may_fail(make, now, provider, facts, outcome):
    machine = msgspec.structs.replace(make(Workload, "machine", **facts), provider=provider)
    ((_, verdict),) = Judge([by_name("machines_verify_their_boot")])(machine, now)
    assert verdict.outcome is outcome
    assert ("aws does not tell" in verdict.reason) == (outcome is Outcome.NOT_APPLICABLE)


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [({"logging": True}, Outcome.NOT_APPLICABLE), ({"logging": False}, Outcome.FAILED), ({}, Outcome.UNKNOWN)],
)
def test_what_a_cloud_does_tell_and_was_not_learned_stays_unknown(make, now, facts, outcome):
    trail = msgspec.structs.replace(make(Trail, "trail", **facts), provider="gcp")
    ((_, verdict),) = Judge([by_name("audit_logs_arrive")])(trail, now)
    assert verdict.outcome is outcome


def test_a_parameter_reaches_the_check(make, now):
    key = make(Key, "key", rotatable=True, state="enabled", rotation_days=100)
    ((_, verdict),) = Judge([by_name("keys_rotate")], {"keys_rotate": {"max_days": 90}})(key, now)
    assert verdict.reason == "rotates every 100 days; at most 90"


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"keys_rotate": {"max_hours": 1}}, r"keys_rotate has no parameter max_hours; it takes \['max_days'\]"),
        ({"keys_rotates": {"max_days": 1}}, "parameters for checks that are not judged: keys_rotates"),
    ],
)
def test_a_parameter_that_no_check_takes_is_refused(parameters, words):
    with pytest.raises(ValueError, match=words):
        Judge(CHECKS, parameters)


@pytest.mark.parametrize(
    ("name", "names"),
    [
        ("data_is_encrypted_at_rest", ("aws.volumes", "aws.buckets")),
        ("object_stores_require_tls", ("aws.buckets",)),
        ("databases_are_backed_up", ()),
        ("keys_rotate", ("aws.keys",)),
        ("foreign_trust_is_guarded", ("aws.entitlements",)),
        ("no_full_administrators", ("aws.entitlements",)),
        ("users_need_mfa", ()),
    ],
)
def test_collectors_are_relevant_by_type_and_kind(name, names):
    assert relevant(by_name(name), COLLECTORS) == names


@pytest.mark.parametrize(
    ("name", "missing", "count"),
    [
        ("object_stores_require_tls", cells("aws.buckets", "aws.buckets", "aws.volumes"), 2),
        ("data_is_encrypted_at_rest", cells("aws.buckets", "aws.volumes", "aws.keys"), 2),
        ("object_stores_require_tls", cells("aws.organization"), 1),
        ("users_need_mfa", cells("aws.enabled_regions", "aws.organization"), 2),
        ("object_stores_require_tls", cells("gcp.organization", provider="gcp"), 0),
        ("object_stores_require_tls", [], 0),
    ],
)
def test_unseen_cells_count_where_the_check_would_have_needed_them(name, missing, count):
    assert unseen(by_name(name), "aws", COLLECTORS, missing) == count
