"""Each format as its tool writes it; what is junk is refused with file and remedy, what is new is stepped over."""

import copy
import json
from datetime import UTC, datetime

import pytest
from botocore.session import get_session
from botocore.validate import ParamValidator
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent.errors import ProgrammeError
from agent.foreign.reading import FORMATS, export
from tests.agent.foreign.samples import (
    ASFF,
    CYCLONEDX,
    GRYPE,
    HUB,
    NPM,
    PIP_AUDIT,
    PROWLER_ASFF,
    SARIF,
    SEMGREP,
    TRIVY,
    TRIVY_ASFF,
    VOLUME,
    prowler,
)

NIGHT = datetime(2026, 9, 28, tzinfo=UTC)


def read(folder, value, name="export.json"):
    path = folder / name
    path.write_text(value if isinstance(value, str) else json.dumps(value))
    return export(path, folder)


def rows(one):
    return [(each.rule, each.component, each.kind, each.severity, each.status) for each in one.findings]


def test_trivy(tmp_path):
    one = read(tmp_path, TRIVY)
    assert (one.format, one.tool, one.subjects) == ("Trivy", "Trivy", ("registry.example/shop:1.4",))
    assert (one.taken, one.dated) == (datetime(2026, 9, 28, 4, 10, tzinfo=UTC), True)
    assert rows(one) == [
        ("CVE-2026-0001", "openssl", "vulnerability", "critical", "open"),
        ("CVE-2026-0002", "zlib", "vulnerability", "low", "open"),
        ("CVE-2026-0003", "bash", "vulnerability", None, "open"),
        ("CVE-2026-0012", "ws", "vulnerability", "medium", "suppressed"),
        ("CVE-2026-0013", "tar", "vulnerability", "high", "not affected"),
        ("DS002", "Dockerfile", "misconfiguration", "high", "open"),
    ]
    assert one.findings[0].published == datetime(2026, 9, 1, tzinfo=UTC)


def test_grype_keeps_what_a_rule_of_the_user_ignores_and_believes_a_reasoned_vex(tmp_path):
    one = read(tmp_path, GRYPE)
    assert (one.tool, one.version, one.taken) == ("Grype", "0.90.0", datetime(2026, 9, 28, 4, tzinfo=UTC))
    assert [row[-1] for row in rows(one)] == ["open", "suppressed", "not affected"]
    assert read(tmp_path, {**GRYPE, "source": None}, "packages.json").subjects == ("packages",)


def test_cyclonedx_believes_a_statement_only_with_its_reason(tmp_path):
    one = read(tmp_path, CYCLONEDX)
    assert (one.tool, one.subjects) == ("cdxgen", ("shop@1.4",))
    assert rows(one) == [
        ("CVE-2026-0004", "log4j", "vulnerability", "critical", "open"),
        ("CVE-2026-0005", "log4j", "vulnerability", "high", "not affected"),
        ("CVE-2026-0006", "", "vulnerability", "high", "open"),
        ("CVE-2026-0007", "", "vulnerability", None, "mended"),
    ]


def test_a_bill_that_does_not_say_of_what_it_is_is_of_what_its_file_is_named_for(tmp_path):
    one = read(tmp_path, PIP_AUDIT, "shop.json")
    assert (one.tool, one.subjects, one.version) == ("CycloneDX", ("shop",), "1.4")
    assert rows(one) == [("PYSEC-2026-1", "jinja2", "vulnerability", None, "open")]
    assert [(each.name, each.version) for each in one.components] == [("jinja2", "2.10")]
    assert (read(tmp_path, NPM).tool, read(tmp_path, NPM).subjects) == ("npm cli", ("shop@1.4.0",))


def test_sarif_finds_the_rule_and_its_level_where_a_result_only_points_there(tmp_path):
    one = read(tmp_path, SEMGREP, "code.sarif")
    assert sorted(rows(one)) == [
        ("no-eval", "", "code", "high", "open"),
        ("no-eval/strict", "", "code", "high", "open"),
        ("no-md5", "", "code", "low", "open"),
    ]


def test_sarif_takes_a_security_severity_for_a_vulnerability(tmp_path):
    one = read(tmp_path, SARIF, "code.sarif")
    assert (one.tool, one.version, one.subjects, one.taken) == (
        "Semgrep OSS",
        "1.90.0",
        ("https://git.example/shop",),
        NIGHT,
    )
    assert rows(one) == [
        ("sqli", "src/db.py", "vulnerability", "critical", "open"),
        ("sqli", "src/new.py", "vulnerability", "critical", "passed"),
        ("sqli", "src/old.py", "vulnerability", "critical", "suppressed"),
        ("style", "", "code", "low", "open"),
    ]


def test_asff(tmp_path):
    one = read(tmp_path, ASFF)
    assert (one.format, one.tool, one.taken) == ("ASFF", "Security Hub", NIGHT)
    assert set(rows(one)) == {
        ("S3.5", "", "misconfiguration", "medium", "suppressed"),
        ("CVE-2026-0008", "kernel", "vulnerability", "high", "open"),
    }
    assert one.findings[0].first_seen == datetime(2026, 8, 1, tzinfo=UTC)


def test_asff_of_prowler_is_the_finding_that_its_ocsf_is(tmp_path):
    (asff,) = read(tmp_path, [PROWLER_ASFF]).findings
    (ocsf,) = read(tmp_path, [prowler()]).findings
    assert asff.id == ocsf.id == f"Prowler:ec2_ebs_volume_encryption:{VOLUME}"
    assert (asff.severity, asff.status, asff.kind) == (ocsf.severity, ocsf.status, ocsf.kind)
    assert read(tmp_path, [PROWLER_ASFF]).version == "5.46.0"


def test_asff_of_trivys_template_names_each_vulnerability(tmp_path):
    one = read(tmp_path, [TRIVY_ASFF])
    assert (one.tool, rows(one)) == ("Trivy", [("CVE-2026-0001", "openssl", "vulnerability", "medium", "open")])


def test_the_samples_of_asff_are_what_security_hub_takes():
    shape = get_session().get_service_model("securityhub").operation_model("BatchImportFindings").input_shape
    sent = [*ASFF["Findings"], PROWLER_ASFF, {**TRIVY_ASFF, "Severity": {"Product": 4.0, "Normalized": 40}}]
    plain = [{name: value for name, value in one.items() if name != "ProductName"} for one in sent]
    for one in plain:
        for resource in one["Resources"]:
            assert {"Type", "Id"} <= resource.keys()
    assert not ParamValidator().validate({"Findings": plain}, shape).generate_report()


def test_ocsf_of_prowler_and_of_security_hub(tmp_path):
    one = read(
        tmp_path, [prowler(), prowler("PASS", "kms_cmk_rotation_enabled", "arn:key"), prowler("MANUAL", "x", "y")]
    )
    assert (one.tool, one.version, one.taken) == ("Prowler", "5.46.0", NIGHT)
    assert [(row[0], row[-1]) for row in rows(one)] == [
        ("ec2_ebs_volume_encryption", "open"),
        ("kms_cmk_rotation_enabled", "passed"),
        ("x", "not affected"),
    ]
    lines = read(tmp_path, "\n".join(json.dumps(each) for each in (HUB, {**HUB, "activity_id": 3})) + "\n", "hub.jsonl")
    assert rows(lines) == [("CVE-2026-0010", "musl", "vulnerability", "critical", "open")]
    assert lines.findings[0].first_seen == datetime(2026, 9, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("{", "not JSON"),
        ('{"a": 1}', "no format that is known"),
        ("[[1]]", "no format that is known"),
        ({**TRIVY, "SchemaVersion": 1}, "SchemaVersion"),
        ({**TRIVY, "Results": [{"Target": "x", "Vulnerabilities": [{"PkgName": "y"}]}]}, "VulnerabilityID"),
        ({**TRIVY, "ArtifactName": " "}, "ArtifactName is empty"),
        ({**TRIVY, "CreatedAt": "yesterday"}, "CreatedAt is no instant"),
        ({**GRYPE, "source": {"target": None}}, "source.target is empty"),
        ("[{]", "not JSON"),
        ([prowler(), {**prowler(), "finding_info": 1}], "row 2: Expected `object`, got `int` - at `$.finding_info`"),
        ({"Findings": [{**ASFF["Findings"][0], "Resources": "x"}]}, "row 1: Expected `array`, got `str` - at `$.Resources`"),
        ({"Findings": "x"}, "no format that is known"),
        ([prowler(resource="r" * 2000)], "longer than 1024"),
    ],
)  # fmt: skip
def test_junk_is_refused_by_file_and_with_a_remedy(tmp_path, value, words):
    with pytest.raises(ProgrammeError, match="export it again") as refused:
        read(tmp_path, value)
    assert words in str(refused.value) and "export.json:1: " in str(refused.value)


def test_an_empty_answer_is_an_export_without_findings(tmp_path):
    assert read(tmp_path, "[]").findings == read(tmp_path, {"Findings": []}).findings == ()


SAMPLES = {
    "trivy": TRIVY,
    "grype": GRYPE,
    "cyclonedx": CYCLONEDX,
    "sarif": SARIF,
    "asff": ASFF,
    "ocsf": [prowler(), HUB],
}
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner, max_size=2), max_leaves=4,
)  # fmt: skip


def places(value, at=()):
    yield at
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(inner, (*at, key))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), name=st.sampled_from(sorted(SAMPLES)), junk=JUNK)
def test_junk_anywhere_is_read_or_refused_and_never_a_traceback(tmp_path, data, name, junk):
    value = copy.deepcopy(SAMPLES[name])
    path = data.draw(st.sampled_from([one for one in places(value) if one]))
    holder = value
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = junk
    try:
        read(tmp_path, value)
    except ProgrammeError as refused:
        assert "export.json:1: " in str(refused)


def test_every_format_knows_its_own_and_no_other():
    for name, value in SAMPLES.items():
        assert [reader.__name__ for known, reader in FORMATS if known(value)] == [name]
