"""Every check by its table: (facts, outcome, part of the reason); and what must hold of all of them together."""

import importlib
import inspect
import linecache
import re
import sys
from datetime import timedelta

import pytest

from collectors.resource import Resource
from controls import ccm
from controls.catalogue import CHECKS, by_name
from controls.check import Check, full, part
from controls.check import check as declare
from tests.controls.rows import APART, FAILED, NOW, PASSED, UNKNOWN
from tests.controls.tables import (
    ais,
    bcr,
    ccc,
    ccc_changes,
    cek,
    cek_held,
    cek_keys,
    cek_transit,
    dcs,
    dsp,
    grc,
    iam,
    iam_directory,
    iam_rights,
    iam_shares,
    iam_unused,
    ivs,
    ivs_clusters,
    ivs_containers,
    ivs_filters,
    ivs_hosts,
    log,
    log_alarms,
    log_kept,
    sef,
    tvm,
    uem,
    uem_devices,
)

TABLES = (
    ais,
    bcr,
    ccc,
    ccc_changes,
    cek,
    cek_held,
    cek_keys,
    cek_transit,
    dcs,
    dsp,
    grc,
    iam,
    iam_directory,
    iam_rights,
    iam_shares,
    iam_unused,
    ivs,
    ivs_containers,
    ivs_clusters,
    ivs_filters,
    ivs_hosts,
    log,
    log_alarms,
    log_kept,
    sef,
    tvm,
    uem,
    uem_devices,
)
TABLE = {name: rows for each in TABLES for name, rows in each.TABLE.items()}
TIMES = [row for each in TABLES for row in getattr(each, "TIMES", ())]
MOVED = [row for each in TABLES for row in getattr(each, "MOVED", ())]
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


@pytest.mark.parametrize(("name", "facts", "parameters", "outcome"), MOVED)
def test_a_parameter_moves_the_line(name, facts, parameters, outcome, make):
    check = by_name(name)
    assert set(parameters) == set(check.parameters)
    assert check.judge(example(check, make, facts), now=NOW, **parameters).outcome is outcome


@pytest.mark.parametrize(("name", "facts", "until"), TIMES)
def test_a_verdict_says_until_when_it_holds(name, facts, until, make):
    check = by_name(name)
    resource = example(check, make, facts)
    verdict = check.judge(resource, now=NOW)
    assert verdict.holds_until == until
    if until is not None:
        assert check.judge(resource, now=until - timedelta(microseconds=1)).outcome is verdict.outcome
        assert check.judge(resource, now=until) != verdict


@pytest.mark.parametrize("check", [each for each in CHECKS if each.timed], ids=lambda check: check.name)
def test_a_verdict_of_time_stands_until_it_says_and_no_longer(check, make):
    """Over all rows: some hold until an instant at which they turn."""
    ends = 0
    for facts, _, _ in TABLE[check.name]:
        resource = example(check, make, facts)
        verdict = check.judge(resource, now=NOW)
        if verdict.holds_until is not None:
            ends += 1
            assert check.judge(resource, now=verdict.holds_until - timedelta(microseconds=1)) == verdict
            assert check.judge(resource, now=verdict.holds_until) != verdict
    assert ends


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_every_parameter_moves_its_line_in_some_row(check):
    moved = [row[2] for row in MOVED if row[0] == check.name]
    assert set().union(*moved) == set(check.parameters)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_every_check_has_each_kind_of_example(check):
    outcomes = {row[1] for row in TABLE[check.name]}
    assert {PASSED, FAILED, UNKNOWN, APART} <= outcomes


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_every_fact_that_a_check_reads_is_missed_where_it_was_not_learned(check, make):
    """For each there is a row that is judged, and unknown without it."""
    missed = set()
    for facts, outcome, _ in TABLE[check.name]:
        for fact in set(check.reads) & set(facts) if outcome in {PASSED, FAILED, APART} else ():
            poorer = {**facts, fact: None}
            if check.judge(example(check, make, poorer), now=NOW).outcome is UNKNOWN:
                missed.add(fact)
    assert missed == set(check.reads)


def test_the_table_and_the_catalogue_name_the_same_checks():
    assert sorted(TABLE) == sorted(check.name for check in CHECKS)
    assert len({check.name for check in CHECKS}) == len(CHECKS)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_every_link_is_to_a_specification_of_4_1_or_one_that_it_removed_and_says_what_remains(check):
    assert len({link.specification for link in check.links}) == len(check.links)
    for link in check.links:
        linked = ccm.specification(link.specification)
        assert linked.version == "4.1" or ccm.translate(linked.id, "4.1").target is None
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
    assert re.match(r"(AWS|Google Cloud|Azure): ", check.remediation)
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
    with pytest.raises(ValueError, match=r"'CCM:4\.2:IAM-13' does not say its version: write CCM:4\.0:IAM-13 or"):
        part("CCM:4.2:IAM-13", "the rest")
    whole, some = full("CCM:4.1:IAM-13", "all of it"), part("CCM:4.0:IAM-13", "the rest")
    assert (whole.specification, whole.reach, whole.words) == ("CCM:4.1:IAM-13", "full", "all of it")
    assert (some.specification, some.reach, some.words) == ("CCM:4.0:IAM-13", "part", "the rest")


def test_a_declared_check_knows_its_title_its_parameters_and_whether_time_matters():
    def timeless(key, *, most=3):
        """Keys are few.

        The check counts them.
        """

    def timed(key, *, now, most=3):
        """Keys are few today."""

    declaration = {"judges": Resource, "severity": "low", "remediation": "AWS: nothing."}
    one, other = (declare(part("CCM:4.1:CEK-12", "the rest"), **declaration)(each) for each in (timeless, timed))
    assert (one.title, one.rationale, one.parameters, one.timed) == (
        "Keys are few.",
        "The check counts them.",
        {"most": 3},
        False,
    )
    assert (other.title, other.rationale, other.parameters, other.timed) == (
        "Keys are few today.",
        "",
        {"most": 3},
        True,
    )


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


CALLER = """
from collectors.resource import Key
from controls.check import check, part
from digested.wording import word

@check(part("CCM:4.1:CEK-12", "everything else that there is"), judges=Key, severity="low", remediation="AWS: nothing.")
def keys_are_there(key):
    \"\"\"Keys are there.\"\"\"
    return word(key)
"""


def test_the_digest_of_a_check_covers_what_it_calls(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    folder = tmp_path / "digested"
    folder.mkdir()
    (folder / "keys.py").write_text(CALLER)

    def digest(words):
        (folder / "wording.py").write_text(
            f"from controls.verdict import passed\n\ndef word(key):\n    return passed({words!r})\n"
        )
        importlib.invalidate_caches()
        linecache.clearcache()
        for name in ("digested", "digested.keys", "digested.wording"):
            monkeypatch.delitem(sys.modules, name, raising=False)
        return importlib.import_module("digested.keys").keys_are_there.digest

    assert digest("there") == digest("there") != digest("it is there")
