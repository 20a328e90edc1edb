"""CSA's own files, read liberally: what is known is taken, what is not is passed over and named, and nothing runs away."""

import io
import json
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.csa import headers
from agent.csa.library import Library, keep, load, merged
from agent.csa.reading import read
from agent.csa.workbook import sheets
from agent.errors import UsageError
from controls import ccm
from tests.fakes import csa

SIZES = {"4.0": 197, "4.1": 207}


@pytest.fixture
def imported(tmp_path):
    def make(data, asked=None, name="CCM.xlsx"):
        (tmp_path / name).write_bytes(data)
        return read(tmp_path / name, asked)

    return make


@pytest.mark.parametrize("shared", [True, False], ids=["shared strings", "inline strings"])
@pytest.mark.parametrize("version", ["4.0", "4.1"])
def test_a_workbook_of_the_ccm_gives_every_text_and_the_mapping(imported, version, shared):
    found = imported(csa.ccm_workbook(version, shared=shared))
    (library,) = found.libraries
    assert (library.version, len(library.texts)) == (version, SIZES[version])
    assert library.texts[f"CCM:{version}:A&A-01"] == csa.text_of("A&A-01")
    assert found.passed_over == ("Introduction", "Acknowledgments")
    iso = library.mappings["iso27001"]
    assert iso.name == "ISO/IEC 27001:2022"
    assert set(iso.mapped) == {f"CCM:{version}:IAM-01", f"CCM:{version}:LOG-06"}  # `No Mapping` maps nothing
    assert (iso.mapped[f"CCM:{version}:IAM-01"].clauses, iso.mapped[f"CCM:{version}:IAM-01"].confidence) == (
        ("A.5.15", "A.5.16"),
        "high",
    )
    assert library.mappings["soc2"].mapped[f"CCM:{version}:LOG-06"].clauses == ("CC7.2", "CC7.3")
    assert library.mappings["soc2"].mapped[f"CCM:{version}:LOG-06"].confidence == "medium"
    assert set(library.mappings) == {"iso27001", "soc2", "pci-3.2", "cis-v8-0"}


def test_a_mapping_of_another_edition_is_not_taken_for_the_one_that_we_know(imported):
    names = ["ISO/IEC 27001:2013", "ISO/IEC 27001/02/17/18", "NIST 800-53 rev 5", "NIST CSF v1.1", "PCI DSS v4.0"]
    (library,) = imported(csa.ccm_workbook("4.1", {name: {"IAM-01": ("X-1", "")} for name in names})).libraries
    assert set(library.mappings) == {"iso27001-2013", "iso27001-family", "800-53", "csf-1.1", "pci"}
    assert library.mappings["pci"].mapped["CCM:4.1:IAM-01"].confidence == "medium"  # no gap level is said


@pytest.mark.parametrize("version", ["4.0", "4.1"])
def test_a_workbook_of_the_caiq_gives_questions_and_texts(imported, version):
    (library,) = imported(csa.caiq_workbook(version)).libraries
    assert library.version == version
    assert len(library.questions) == SIZES[version] + len(ccm.domains(version))
    assert library.questions["A&A-01.2"].specification == f"CCM:{version}:A&A-01"
    assert library.questions["A&A-01.2"].text == "And is A&A-01 reviewed?"
    assert library.texts[f"CCM:{version}:LOG-06"] == csa.text_of("LOG-06")


@pytest.mark.parametrize("version", ["4.0", "4.1"])
def test_the_machine_readable_forms_give_the_same(imported, version):
    (texts,) = imported(csa.saved(csa.ccm_document(version)), name="ccm.json").libraries
    (sheet,) = imported(csa.ccm_workbook(version)).libraries
    (mapping,) = imported(csa.saved(csa.mapping_document(version)), name="map.json").libraries
    (caiq,) = imported(csa.saved(csa.caiq_document(version)), name="caiq.json").libraries
    assert texts.texts == sheet.texts
    assert mapping.mappings == sheet.mappings
    assert caiq.version == version
    assert caiq.questions["LOG-06.1"].text == "Is LOG-06 made up?"
    assert caiq.texts == {}


@pytest.mark.parametrize("version", ["4.0", "4.1"])
def test_a_workbook_with_stamps_groups_and_a_copyright_gives_the_same(imported, version):
    found = imported(csa.stamped(version))
    (library,) = found.libraries
    assert (library.version, len(library.texts), len(library.questions)) == (version, SIZES[version], SIZES[version])
    assert library.texts[f"CCM:{version}:IAM-01"] == csa.text_of("IAM-01")  # not the guidelines'
    assert (found.passed_over, found.unknown) == (("Introduction", "Implementation Guidelines", "Change Log"), ())
    clauses = {name: one.mapped[f"CCM:{version}:IAM-01"].clauses for name, one in library.mappings.items()}
    assert clauses == {
        "soc2": ("CC1.1", "CC2.2"), "ccm-3.0.1": ("GRM-06", "DCS - 01"), "iso27001-2013": ("5.1",), "iso27017": ("CLD.6.3.1",),
        "iso27018": ("A.3",), "iso27001": ("A.5.1", "27002: 8.24 Key management (c,d)"), "enisa": ("EN-1",),
    }  # fmt: skip
    assert library.mappings["soc2"].mapped[f"CCM:{version}:IAM-01"].confidence == "high"
    assert library.mappings["iso27001"].name == "ISO/IEC 27001:2022, 27002:2022"


def test_a_mapping_that_is_not_available_yet_is_passed_over(imported):
    found = imported(csa.stamped("4.1", mapped=False))
    assert found.libraries[0].mappings == {} and "Scope Applicability (Mappings)" in found.passed_over
    assert len(found.libraries[0].texts) == 207


@pytest.mark.parametrize("version", ["4.0", "4.1"])
def test_a_questionnaire_that_is_answered_gives_questions_and_no_answers(imported, version):
    (library,) = imported(csa.star_questionnaire(version)).libraries
    assert (library.version, len(library.texts), len(library.questions)) == (
        version,
        SIZES[version],
        2 * SIZES[version],
    )
    assert library.questions["LOG-06.2"].text == "And is LOG-06 reviewed?"
    assert "We do." not in str(library)


@pytest.mark.parametrize("version", ["4.0", "4.1"])
def test_an_archive_is_read_file_by_file(imported, version):
    found = imported(csa.bundle(version), name="bundle.zip")
    (library,) = found.libraries
    assert (library.version, len(library.texts), len(library.questions)) == (version, SIZES[version], SIZES[version])
    assert {name: one.mapped[f"CCM:{version}:A&A-01"].clauses for name, one in library.mappings.items()} == {
        "ccm-3.0.1": ("GRM-06",), "iso27001": ("A.5.1", "27002: 8.24 Key management (c,d)"),
    }  # fmt: skip
    assert [name.rpartition("/")[2] for name in found.passed_over] == ["ownership.json"]
    assert len(library.sources) == 4


def test_an_archive_without_anything_known_or_too_large_is_refused(imported):
    def archive(files):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as made:
            for name, data in files.items():
                made.writestr(name, data)
        return file.getvalue()

    with pytest.raises(UsageError, match=r"nothing in it is known \(passed over: a\.json\)"):
        imported(archive({"a.json": b"{}"}), name="x.zip")
    with pytest.raises(UsageError, match="more than any archive"):
        imported(archive({f"{number}.json": b"{}" for number in range(201)}), name="x.zip")


@pytest.mark.parametrize("version", ["4.0", "4.1"])
def test_sheets_side_by_side_give_texts_and_mappings(imported, version):
    (library,) = imported(csa.saved(csa.flattened(version)), name="x.json").libraries
    assert (library.version, len(library.texts)) == (version, SIZES[version])
    mapped = {name: one.mapped[f"CCM:{version}:LOG-06"] for name, one in library.mappings.items()}
    assert {name: (one.clauses, one.confidence) for name, one in mapped.items()} == {
        "soc2": (("CC2.2", "CC2.3"), "high"), "800-53": (("CM-3(2)", "SA-8(29)-(33)"), "medium"),
    }  # fmt: skip


@pytest.mark.parametrize("version", ["4.0", "4.1"])
def test_an_oscal_catalogue_gives_texts_and_questions(imported, version):
    (library,) = imported(csa.saved(csa.catalogue(version)), name="x.json").libraries
    assert (library.version, len(library.texts), len(library.questions)) == (version, SIZES[version], SIZES[version])
    assert library.texts[f"CCM:{version}:A&A-01"] == csa.text_of("A&A-01")
    assert library.questions["A&A-01.1"].text == "Is A&A-01 made up?"


@pytest.mark.parametrize(
    ("token", "known"),
    [
        ("iam-01", ("IAM-01", None)), ("A.and.A-01", ("A&A-01", None)), ("aa-01.2", ("A&A-01", "2")), ("I_S-09", ("I&S-09", None)),
        ("CCM_4.1_A.and.A-01", ("A&A-01", None)), ("ccm-v4.0.12-log-06", ("LOG-06", None)), ("ac-2.1", None), ("statement", None),
    ],
)  # fmt: skip
def test_ids_that_hold_no_ampersand_are_read(token, known):
    found = headers.token(token)
    assert found == known or (known is None and found is not None and found[0] not in ccm.domains("4.1"))


def test_the_catalogue_of_metrics_gives_formula_and_parameters_to_both_versions(imported):
    old, new = imported(csa.CATALOGUE_OF_METRICS.encode(), name="metrics.yml").libraries
    assert (
        old.metrics
        == new.metrics
        == {"AIS-06-M1": "How many made-up things are well made.\n(A/B)*100; A: Things well made; B: All things"}
    )
    assert (old.version, old.texts, new.texts) == ("4.0", {"CCM:4.0:AIS-06": "Words of our own."}, {})


@pytest.mark.parametrize(
    "document",
    [
        {"controls": {bare: {"text": 1, "Control Specification": csa.text_of(bare)} for bare in ("I&S-01", "LOG-14")}},
        {bare: csa.text_of(bare) for bare in ("I&S-01", "LOG-14")},
        [{"controlId": f"CCM-{bare}", "specification": csa.text_of(bare)} for bare in ("I&S-01", "LOG-14")],
    ],
    ids=["under ids", "id to text", "camel case and a prefix"],
)
def test_texts_are_found_in_other_shapes_too(imported, document):
    (library,) = imported(csa.saved(document), name="x.json").libraries
    assert library.texts == {f"CCM:4.1:{bare}": csa.text_of(bare) for bare in ("I&S-01", "LOG-14")}


@pytest.mark.parametrize(
    "mapping",
    [
        {"mappings": {"NIST CSF v2.0": ["PR.AA-01", "PR.AA-02"]}},
        {"mappings": {"NIST CSF v2.0": {"references": "PR.AA-01\nPR.AA-02", "gap": "Partial Gap"}}},
        {"mappings": [{"framework": "NIST CSF v2.0", "controls": [{"id": "PR.AA-01"}, {"id": "PR.AA-02"}]}]},
    ],
    ids=["lists by name", "objects by name", "a list of objects"],
)
def test_mappings_are_found_in_other_shapes_too(imported, mapping):
    (library,) = imported(csa.saved([{"id": "I&S-01", **mapping}]), name="x.json").libraries
    assert library.mappings["csf"].mapped["CCM:4.1:I&S-01"].clauses == ("PR.AA-01", "PR.AA-02")


def test_metrics_belong_to_both_versions(imported):
    found = imported(csa.METRICS.encode(), name="metrics.yaml")
    assert [one.version for one in found.libraries] == ["4.0", "4.1"]
    assert found.libraries[1].metrics == {
        "AIS-06-M1": "How many made-up things are well made.\n100 * A / B",
        "TVM-03-M1": "How soon they are mended.",
    }
    assert found.libraries[1].texts == {}


def test_ids_that_ccm_does_not_have_are_left_and_named(imported):
    document = csa.ccm_document("4.1")
    document["domains"][0]["controls"].append({"id": "A&A-77", "specification": "nothing"})
    found = imported(csa.saved(document), name="x.json")
    assert found.unknown == ("A&A-77",)
    assert len(found.libraries[0].texts) == 207


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\xd0\xcf\x11\xe0 an old workbook", "save it as .xlsx"),
        (b"\xff\xfe\x00binary", "neither XLSX, JSON or YAML"),
        (b"- [unclosed", "neither XLSX, JSON or YAML"),
        (b"{}", "nothing in it is known"),
        (b"some: words", "nothing in it is known"),
        (b"PK\x03\x04 no archive", "no workbook that can be read"),
        (csa.saved({"A&A-01": "Words."}), "its ids do not tell of which CCM version it is; say it: --ccm 4.0.13 or --ccm 4.1.0"),
        (csa.workbook({"Prices": [["Item", "Price"], ["Bread", "2"]]}), "there is no column and no key of ids such as A&A-01"),
    ],
    ids=["old form", "binary", "broken", "empty", "other", "no zip", "either version", "other sheet"],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_with_its_remedy(imported, data, words):
    with pytest.raises(UsageError) as refused:
        imported(data)
    assert words in str(refused.value)
    assert str(refused.value).count("CCM.xlsx: ") == 1


def test_the_sheets_that_were_passed_over_are_named_where_nothing_is_known(imported):
    with pytest.raises(UsageError, match=r"\(passed over: Prices\)"):
        imported(csa.workbook({"Prices": [["Item", "Price"]]}))


def test_a_version_that_is_asked_for_is_held_against_the_ids(imported):
    assert imported(csa.saved({"A&A-01": "Words."}), "4.0.13").libraries[0].version == "4.0"
    with pytest.raises(UsageError, match="are not of CCM"):
        imported(csa.saved({"I&S-01": "Words.", "LOG-14": "Words."}), "4.0.13")
    with pytest.raises(UsageError, match="is not a version"):
        imported(csa.saved({"A&A-01": "Words."}), "5")


def test_a_workbook_that_declares_a_document_type_or_grows_is_refused(imported):
    def with_part(text):
        file = io.BytesIO(csa.ccm_workbook("4.1"))
        with zipfile.ZipFile(file, "a") as book, pytest.warns(UserWarning, match="Duplicate name"):
            book.writestr("xl/workbook.xml", text)
        return file.getvalue()

    with pytest.raises(UsageError, match="document type"):
        imported(with_part('<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'))
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/sharedStrings.xml", b" " * (65 << 20))
    with pytest.raises(UsageError, match="unpacks to more than 64 MiB"):
        imported(file.getvalue())


def test_aliases_that_multiply_are_refused_in_bounded_time(imported):
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    with pytest.raises(UsageError, match="nests deeper, or is larger"):
        imported("\n".join(lines).encode(), name="x.yaml")


LEAVES = (
    st.none()
    | st.booleans()
    | st.text(max_size=12)
    | st.sampled_from(["A&A-01", "I&S-01", "IAM-01.1", "AIS-06-M1", "ISO 27001"])
)
KEYS = st.sampled_from(
    [
        "id",
        "mappings",
        "controls",
        "specification",
        "question",
        "name",
        "version",
        "A&A-01",
        "x",
        "parts",
        "props",
        "prose",
        "expression",
    ]
)
CELLS = st.sampled_from(
    [
        "",
        "Control ID",
        "Question ID",
        "IAM-01",
        "IAM-01.1",
        "Control Mapping",
        "ISO 27001:2022",
        "Gap Level",
        "CCM v4.1",
        "x",
    ]
)


@given(st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4)))
def test_any_document_is_read_or_refused(tmp_path_factory, document):
    path = tmp_path_factory.getbasetemp() / "any.json"
    path.write_text(json.dumps(document))
    try:
        found = read(path, "4.1")
    except UsageError:
        return
    assert all(not one.empty for one in found.libraries) or found.unknown


@given(st.lists(st.lists(CELLS, max_size=6), max_size=8))
def test_any_sheet_is_read_or_refused(tmp_path_factory, rows):
    data = csa.workbook({"S": rows})
    assert [list(row) for _, found in sheets(data) for row in found] == [_trimmed(row) for row in rows]
    path = tmp_path_factory.getbasetemp() / "any.xlsx"
    path.write_bytes(data)
    try:
        read(path, "4.1")
    except UsageError as refused:
        assert "any.xlsx" in str(refused)


def _trimmed(row):
    while row and not row[-1]:
        row = row[:-1]
    return row


def test_what_was_imported_later_replaces_what_was_there_name_by_name(tmp_path, imported):
    (sheet,) = imported(csa.ccm_workbook("4.1")).libraries
    (caiq,) = imported(csa.caiq_workbook("4.1"), name="CAIQ.xlsx").libraries
    assert load(tmp_path / "csa", "4.1") is None
    path = keep(tmp_path / "csa", merged(merged(Library(version="4.1"), sheet), caiq))
    found = load(tmp_path / "csa", "4.1")
    assert path == tmp_path / "csa/4.1.json"
    assert (len(found.texts), len(found.questions), len(found.mappings)) == (207, 224, 4)
    assert [one.name for one in found.sources] == ["CAIQ.xlsx", "CCM.xlsx"]
    assert list((tmp_path / "csa").iterdir()) == [path]
    path.write_text("{}")
    with pytest.raises(UsageError, match="import CSA's file again"):
        load(tmp_path / "csa", "4.1")
