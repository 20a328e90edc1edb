"""The catalogue of specifications and the way between its two versions."""

import subprocess
import sys
from collections import Counter

import pytest

from controls import ccm
from controls.catalogue import CHECKS, linked, links
from controls.reasons import CONTACTS, REASONS, reason


def both():
    return [*ccm.specifications("4.0"), *ccm.specifications("4.1")]


def test_the_catalogue_counts_197_and_207():
    assert (len(ccm.specifications("4.0")), len(ccm.specifications("4.1"))) == (197, 207)
    assert len({one.id for one in both()}) == 404


def test_the_crosswalk_adds_up():
    forth = [ccm.translate(one.id, "4.1") for one in ccm.specifications("4.0")]
    back = [ccm.translate(one.id, "4.0") for one in ccm.specifications("4.1")]
    assert Counter(way.relation for way in forth) == {
        "same-id": 138,
        "renumbered": 49,
        "prefix-rename": 9,
        "removed": 1,
    }
    assert Counter(way.relation for way in back) == {"same-id": 138, "renumbered": 49, "prefix-rename": 9, "new": 11}
    assert sum(way.revised for way in forth) == sum(way.revised for way in back) == 103
    assert {way.source: way.target for way in back if way.target} == {
        way.target: way.source for way in forth if way.target
    }


def test_forty_nine_ids_mean_something_else_in_4_1():
    mine = {one.bare: one.id for one in ccm.specifications("4.1")}
    reused = [
        one
        for one in ccm.specifications("4.0")
        if one.bare in mine and ccm.translate(one.id, "4.1").target != mine[one.bare]
    ]
    assert len(reused) == 49


@pytest.mark.parametrize(
    ("source", "to", "target", "relation"),
    [
        ("CCM:4.0:IAM-13", "4.1", "CCM:4.1:IAM-12", "renumbered"),
        ("CCM:4.1:IAM-13", "4.0", "CCM:4.0:IAM-14", "renumbered"),
        ("CCM:4.0:IVS-03", "4.1", "CCM:4.1:I&S-03", "prefix-rename"),
        ("CCM:4.0:CEK-12", "4.1", "CCM:4.1:CEK-12", "same-id"),
        ("CCM:4.0:IAM-12", "4.1", None, "removed"),
        ("CCM:4.1:AIS-08", "4.0", None, "new"),
        ("CCM:4.1:AIS-08", "4.1", "CCM:4.1:AIS-08", "same-id"),
    ],
)
def test_a_specification_is_translated(source, to, target, relation):
    way = ccm.translate(source, to)
    assert (way.source, way.target, way.relation) == (source, target, relation)


def test_domains_stand_in_ccms_order():
    codes = "A&A AIS BCR CCC CEK DCS DSP GRC HRS IAM IPY {} LOG SEF STA TVM UEM"
    assert list(ccm.domains("4.0")) == codes.format("IVS").split()
    assert list(ccm.domains("4.1")) == codes.format("I&S").split()
    assert ccm.domains("4.1")["I&S"] == "Infrastructure Security"


@pytest.mark.parametrize(
    ("pattern", "version", "count"),
    [
        ("CCM:4.1:LOG-*", "4.1", 14),
        ("CCM:4.0:LOG-*", "4.0", 13),
        ("CCM:4.1:I&S-*", "4.1", 9),
        ("CCM:4.1:*", "4.1", 207),
        ("CCM:4.1:CEK-03", "4.1", 1),
    ],
)
def test_a_pattern_is_expanded_in_order(pattern, version, count):
    found = ccm.expand(pattern, version)
    order = [one.id for one in ccm.specifications(version)]
    assert len(found) == count
    assert list(found) == sorted(found, key=order.index)


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("CCM:4.0:LOG-*", "CCM:4.0:LOG-* is of CCM 4.0.13, but CCM 4.1.0"),
        ("CCM:4.1:IVS-*", "stands for nothing: the domains are A&A, AIS"),
        ("CCM:4.1:CEK-22", "not a specification of CCM 4.1.0; did you mean CCM:4.1:CEK-2"),
        ("CCM:4.1:XYZ-99", "CCM:4.1:XYZ-99 is not a specification"),
        ("LOG-*", "CCM:4.0:LOG-* or CCM:4.1:LOG-*"),
        ("CCM:4.1.0:CEK-03", "CCM:4.0:CEK-03 (Data Encryption) or CCM:4.1:CEK-03 (Data Protection)"),
        ("nonsense", "'nonsense' is not a specification"),
        ("", "is not a specification"),
    ],
)
def test_what_stands_for_nothing_is_refused(pattern, words):
    with pytest.raises(ValueError) as refused:
        ccm.expand(pattern, "4.1")
    assert words in str(refused.value)


def test_an_unqualified_id_is_refused_with_both_readings():
    """Law 6, for every id of either version: one that is not qualified names each thing that it could mean."""
    for one in both():
        with pytest.raises(ValueError) as refused:
            ccm.specification(one.bare)
        assert one.id in str(refused.value)
        other = ccm.translate(one.id, "4.0" if one.version == "4.1" else "4.1").target
        titles = {each.title for each in both() if each.bare == one.bare}
        if len(titles) > 1:
            assert all(f"({title})" in str(refused.value) for title in titles)
        elif other is not None and other.endswith(one.bare):
            assert other in str(refused.value)


def test_an_id_of_one_version_alone_names_its_counterpart():
    with pytest.raises(ValueError, match=r"CCM:4\.0:IVS-03 or CCM:4\.1:I&S-03 \(Network Security\)"):
        ccm.specification("IVS-03")
    with pytest.raises(ValueError, match=r"write CCM:4\.1:AIS-08 \(API Security\)$"):
        ccm.specification("AIS-08")


def test_a_search_needs_all_words_and_finds_both_versions():
    found = ccm.find("strong authentication")
    assert [one.id for one in found] == ["CCM:4.1:IAM-13", "CCM:4.0:IAM-14"]
    assert [one.id for one in ccm.find("cek-03")] == ["CCM:4.1:CEK-03", "CCM:4.0:CEK-03"]
    assert ccm.find("  ") == ()
    assert ccm.find("quantum") == ()


@pytest.mark.parametrize(("text", "version"), [("4.0", "4.0"), ("4.0.13", "4.0"), ("4.1", "4.1"), ("4.1.0", "4.1")])
def test_a_person_may_spell_a_version_as_its_release(text, version):
    assert ccm.release(text) == version


def test_a_version_that_is_not_here_is_refused():
    with pytest.raises(ValueError, match=r"'4\.0\.12' is not a version of the catalogue; write 4\.0\.13 or 4\.1\.0"):
        ccm.release("4.0.12")


def test_a_specification_has_a_reason_or_a_check_and_never_both():
    listed = Counter(bare for ids in REASONS.values() for bare in ids.split())
    assert max(listed.values()) == 1
    spoken = {one.bare for one in ccm.specifications("4.1") if linked(one.id)}
    assert spoken | set(listed) == {one.bare for one in ccm.specifications("4.1")}
    assert not spoken & set(listed)
    for one in both():
        assert (reason(one.id) is None) == bool(linked(one.id))


def test_a_reason_follows_the_crosswalk():
    assert reason("CCM:4.0:IAM-12") is None
    assert reason("CCM:4.0:SEF-08") == reason("CCM:4.1:SEF-10") == CONTACTS
    assert reason("CCM:4.1:CEK-03") is None


def test_a_check_of_all_credentials_says_nothing_of_the_passwords_of_4_0():
    names = [check.name for check, _ in linked("CCM:4.0:IAM-15")]
    assert names == ["passwords_are_long", "passwords_are_not_reused"]
    assert {"access_keys_are_young", "passwords_are_long"} <= {check.name for check, _ in linked("CCM:4.1:IAM-14")}


def test_links_are_the_same_by_check_and_by_specification():
    for version in ccm.RELEASES:
        by_check = {(check.name, link.specification, link.words) for check in CHECKS for link in links(check, version)}
        by_id = {
            (check.name, link.specification, link.words)
            for one in ccm.specifications(version)
            for check, link in linked(one.id)
        }
        assert by_check == by_id
        assert all(link[1].startswith(f"CCM:{version}:") for link in by_check)


def test_the_catalogue_loads_no_sdk_and_within_ten_milliseconds():
    script = (
        "import sys, time; from controls import ccm; began = time.process_time();"
        "[ccm.translate(one.id, '4.0') for one in ccm.specifications('4.1')];"
        "print(time.process_time() - began, 'boto3' in sys.modules or 'botocore' in sys.modules)"
    )
    seconds, loaded = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    ).stdout.split()
    assert float(seconds) < 0.01
    assert loaded == "False"
