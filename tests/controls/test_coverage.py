"""The strict definition of coverage."""

from pathlib import Path

import msgspec
import pytest

import controls
from collectors.collector import collector
from collectors.resource import DataStore, Key
from controls import ccm
from controls.catalogue import CHECKS, by_name, links
from controls.check import check, full, part
from controls.coverage import CLOUDS, coverage, learnt, proven, proven_text
from controls.verdict import Verdict, holds


def seeing(name, sees, kinds, learns):
    @collector(name, sees=sees, kinds=kinds, learns=learns, grants=(), where="region")
    class Steps:
        def list(self, _session):
            yield from ()

        def describe(self, _session, _item):
            raise AssertionError

    return Steps


BUCKETS = seeing("aws.buckets", DataStore, ("object store",), ("encrypted", "transport_encrypted", "versioned"))
VOLUMES = seeing("aws.volumes", DataStore, ("volume",), ("encrypted",))
BLIND = seeing("aws.databases", DataStore, ("database",), ("multi_zone",))
KEYS = seeing("aws.keys", Key, ("key",), ("rotatable", "rotation_days", "state"))
DISKS = seeing("gcp.disks", DataStore, ("volume",), ("encrypted",))
EVERYTHING = {cloud: {each.name for each in CHECKS} for cloud in CLOUDS}


def row(found, bare):
    return next(each for each in found if each.specification.endswith(f":{bare}"))


@pytest.mark.parametrize(
    ("name", "collectors", "expected"),
    [
        ("data_is_encrypted_at_rest", (BUCKETS, VOLUMES), True),
        ("data_is_encrypted_at_rest", (BUCKETS, VOLUMES, BLIND), False),
        ("data_is_encrypted_at_rest", (DISKS,), False),
        ("object_stores_require_tls", (BUCKETS, VOLUMES), True),
        ("object_stores_require_tls", (VOLUMES,), False),
        ("data_access_is_logged", (BUCKETS,), False),
        ("keys_rotate", (KEYS,), True),
        ("keys_rotate", (), False),
    ],
)
def test_a_check_is_learnt_if_all_who_see_what_it_judges_learn_all_that_it_reads(name, collectors, expected):
    assert learnt(by_name(name), "aws", collectors) is expected


def test_a_check_counts_only_where_it_is_learnt_and_proven():
    found = coverage(
        "4.1", (BUCKETS, VOLUMES, DISKS, KEYS), {"aws": {"data_is_encrypted_at_rest"}, "gcp": {"keys_rotate"}}
    )
    assert len(found) == 207
    data = row(found, "CEK-03")
    assert (data.aws, data.gcp, data.azure, data.reach, data.metrics) == (
        ("data_is_encrypted_at_rest",),
        (),
        (),
        "part",
        (),
    )
    assert "certified" in data.unseen
    rotation = row(found, "CEK-12")
    assert (rotation.aws, rotation.gcp, rotation.reach) == ((), (), "none")
    assert rotation.unseen == "written, but not yet proven on any cloud: keys_rotate"
    assert row(found, "HRS-05").unseen.startswith("people")


def test_a_metric_stands_at_the_specification_that_it_measures_only():
    found = coverage("4.1", (BUCKETS, DISKS), EVERYTHING)
    assert row(found, "CEK-03").metrics == ("CEK-03-M3",)
    assert (row(found, "DSP-10").aws, row(found, "DSP-10").metrics) == (("object_stores_require_tls",), ())
    assert row(found, "CEK-03").gcp == ("data_is_encrypted_at_rest",)


def test_rows_of_4_0_come_through_the_crosswalk():
    trails = seeing(
        "aws.trails", by_name("audit_logs_arrive").judges, ("trail",), ("logging", "delivered", "delivery_failing")
    )
    found = coverage("4.0", (trails,), EVERYTHING)
    assert len(found) == 197
    assert (row(found, "LOG-13").aws, row(found, "LOG-13").metrics) == (("audit_logs_arrive",), ("LOG-13-M2",))
    assert row(found, "IAM-12").unseen.startswith("written, but not yet proven")
    assert row(coverage("4.1", (trails,), EVERYTHING), "LOG-14").metrics == ("LOG-13-M2",)


@check(
    full("CCM:4.1:CEK-12", "a made-up claim on words that stand in both versions"),
    full("CCM:4.1:CEK-03", "a made-up claim on words that were revised"),
    part("CCM:4.1:AIS-08", "a specification that 4.0 does not have"),
    judges=Key,
    severity="low",
    remediation="AWS: nothing, it is an example.",
)
def keys_are_enabled(key: Key) -> Verdict:
    """Keys are enabled."""
    return holds(None if key.state is None else key.state == "enabled", "not enabled")


def test_a_full_link_makes_a_row_full_until_its_words_were_revised():
    new = coverage("4.1", (KEYS,), {"aws": {"keys_are_enabled"}}, [keys_are_enabled])
    old = coverage("4.0", (KEYS,), {"aws": {"keys_are_enabled"}}, [keys_are_enabled])
    assert [row(new, bare).reach for bare in ("CEK-12", "CEK-03", "AIS-08")] == ["full", "full", "part"]
    assert [row(old, bare).reach for bare in ("CEK-12", "CEK-03")] == ["full", "part"]
    assert "word differently" in row(old, "CEK-03").unseen
    assert [link.specification for link in links(keys_are_enabled, "4.0")] == ["CCM:4.0:CEK-12", "CCM:4.0:CEK-03"]


def test_a_row_is_full_only_if_every_cloud_that_covers_it_covers_it_in_full():
    vaults = seeing("azure.keys", Key, ("key",), ("rotatable", "rotation_days", "state"))
    examples = {"aws": {"keys_are_enabled"}, "azure": {"keys_rotate"}}
    found = coverage("4.1", (KEYS, vaults), examples, [keys_are_enabled, by_name("keys_rotate")])
    assert (row(found, "CEK-12").reach, row(found, "CEK-12").azure) == ("part", ("keys_rotate",))


def test_what_is_printed_has_the_seven_fields():
    (first, *_) = coverage("4.1", (), {})
    assert list(first.public()) == ["specification", "title", "aws", "gcp", "azure", "reach", "metrics"]
    assert {each.reach for each in coverage("4.1", (), EVERYTHING)} == {"none"}


def test_every_row_that_is_none_says_why():
    for version in ccm.RELEASES:
        assert all(each.unseen for each in coverage(version, (), {}))


def test_the_proven_file_is_as_it_would_be_written_and_names_checks_only():
    file = Path(controls.__file__).parent / "proven.json"
    found = {cloud: proven(cloud) for cloud in CLOUDS}
    assert file.read_text() == proven_text(found)
    assert set(msgspec.json.decode(file.read_bytes())) == set(CLOUDS)
    assert set().union(*found.values()) <= {each.name for each in CHECKS}
    assert proven("oxide") == frozenset()


def test_a_proven_file_is_sorted_and_holds_every_cloud():
    text = proven_text({"aws": ["keys_rotate", "audit_logs_arrive", "keys_rotate"]})
    assert msgspec.json.decode(text) == {"aws": ["audit_logs_arrive", "keys_rotate"], "azure": [], "gcp": []}
