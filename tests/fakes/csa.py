"""Files of the same shape as CSA's downloads, with words of our own: the CCM and CAIQ workbooks, the machine-readable forms, the metrics.

Shapes by public knowledge of the files: names of sheets and columns, merged headers, rows that only name a domain, shared strings.
"""

import io
import json
import zipfile
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape, quoteattr

from controls import ccm

Rows = Sequence[Sequence[str]]
MAPPINGS = {
    "CIS v8.0": {"IAM-01": ("5.1\n6.1", "No Gap")},
    "ISO/IEC 27001:2022": {
        "IAM-01": ("A.5.15\nA.5.16", "No Gap"), "LOG-06": ("A.8.17", "Partial Gap"), "IAM-02": ("No Mapping", "Full Gap"),
    },
    "AICPA TSC 2017": {"LOG-06": ("CC7.2; CC7.3", "Partial Gap")},
    "PCI DSS v3.2.1": {"LOG-06": ("10.4", "No Gap")},
}  # fmt: skip


def text_of(bare: str) -> str:
    """What stands for a specification's words."""
    return f"Our own made-up words about {bare}, on one\nand another line & with <signs>."


def workbook(sheets: dict[str, Rows], *, shared: bool = True) -> bytes:
    """An XLSX file as spreadsheets write it, with shared strings or with inline ones."""
    strings: dict[str, int] = {}
    parts = {
        f"xl/worksheets/sheet{number}.xml": _sheet(rows, strings if shared else None)
        for number, rows in enumerate(sheets.values(), start=1)
    }
    main, relations = (
        "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    )
    listed = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(sheets, start=1)
    )
    targets = "".join(
        f'<Relationship Id="rId{n}" Type="x" Target="worksheets/sheet{n}.xml"/>' for n in range(1, len(sheets) + 1)
    )
    parts["xl/workbook.xml"] = f'<workbook xmlns="{main}" xmlns:r="{relations}"><sheets>{listed}</sheets></workbook>'
    parts["xl/_rels/workbook.xml.rels"] = (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{targets}</Relationships>'
    )
    if shared:
        items = "".join(f'<si><r><t xml:space="preserve">{escape(one)}</t></r></si>' for one in strings)
        parts["xl/sharedStrings.xml"] = f'<sst xmlns="{main}">{items}</sst>'
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("[Content_Types].xml", "<Types/>")
        for name, part in parts.items():
            book.writestr(name, f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{part}')
    return file.getvalue()


def _sheet(rows: Rows, strings: dict[str, int] | None) -> str:
    lines = []
    for number, row in enumerate(rows, start=1):
        cells = []
        for place, text in enumerate(row):
            name = f"{chr(65 + place // 26 - 1) if place >= 26 else ''}{chr(65 + place % 26)}{number}"
            if text and strings is not None:
                cells.append(f'<c r="{name}" t="s" s="3"><v>{strings.setdefault(text, len(strings))}</v></c>')
            elif text:
                cells.append(f'<c r="{name}" t="inlineStr"><is><t>{escape(text)}</t></is></c>')
        lines.append(f'<row r="{number}">{"".join(cells)}</row>')
    return f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{"".join(lines)}</sheetData></worksheet>'


def ccm_workbook(
    version: ccm.Version, mappings: dict[str, dict[str, tuple[str, str]]] | None = None, **how: bool
) -> bytes:
    """The CCM as a workbook."""
    return workbook(
        {
            "Introduction": [["CLOUD CONTROLS MATRIX"], ["", f"v{ccm.RELEASES[version]}"], ["Control", "what it is"]],
            "CCM": [
                [f"CLOUD CONTROLS MATRIX VERSION {ccm.RELEASES[version]}"],
                ["Control Domain", "Control Title", "Control ID", "Control Specification", "Typical Control Applicability and Ownership"],
                ["", "", "", "", "IaaS", "PaaS", "SaaS"],
                *_by_domain(version, lambda one: [one.domain, one.title, one.bare, text_of(one.bare), "Shared", "CSP-Owned", "CSP-Owned"]),
                ["End of Standard"],
            ],
            "Scope Applicability (Mappings)": _mapping_sheet(version, MAPPINGS if mappings is None else mappings),
            "Acknowledgments": [["Thanks to everybody"]],
        },
        **how,
    )  # fmt: skip


def _by_domain(version: ccm.Version, row: object) -> Iterable[list[str]]:
    domain = ""
    for one in ccm.specifications(version):
        if one.domain != domain:
            domain = one.domain
            yield [f"{domain} - {one.code}"]
        yield row(one)  # type: ignore[operator]


def _mapping_sheet(version: ccm.Version, mappings: dict[str, dict[str, tuple[str, str]]]) -> Rows:
    names = [cell for name in mappings for cell in (name, "", "")]
    heads = [cell for _ in mappings for cell in ("Control Mapping", "Gap Level", "Addendum")]
    lines = [
        [
            one.domain,
            one.title,
            one.bare,
            *(cell for mapped in mappings.values() for cell in (*mapped.get(one.bare, ("", "")), "")),
        ]
        for one in ccm.specifications(version)
    ]
    return [
        ["", "", "", "Scope applicability"],
        ["Control Domain", "Control Title", "Control ID", *names],
        ["", "", "", *heads],
        *lines,
    ]


def caiq_workbook(version: ccm.Version) -> bytes:
    """The CAIQ as a workbook: a question per row, the specification's cells merged over its questions."""
    rows = []
    for one in ccm.specifications(version):
        rows.append(
            [
                f"{one.bare}.1",
                f"Is {one.bare} made up?",
                "",
                "",
                "",
                "",
                one.bare,
                text_of(one.bare),
                one.title,
                one.domain,
            ]
        )
        if one.bare.endswith("-01"):
            rows.append([f"{one.bare}.2", f"And is {one.bare} reviewed?"])
    heads = [
        "Question ID", "Question", "CSP CAIQ Answer", "SSRM Control Ownership", "CSP Implementation Description (Optional/Recommended)",
        "CSC Responsibilities (Optional/Recommended)", "CCM Control ID", "CCM Control Specification", "CCM Control Title",
        "CCM Domain Title",
    ]  # fmt: skip
    return workbook(
        {
            "Introduction": [["CAIQ"]],
            f"CAIQv{ccm.RELEASES[version]}": [["CONSENSUS ASSESSMENT INITIATIVE QUESTIONNAIRE"], heads, *rows],
        }
    )


def ccm_document(version: ccm.Version) -> dict[str, object]:
    """The CCM as JSON: domains with their controls."""

    def controls(code: str) -> list[dict[str, str]]:
        found = (one for one in ccm.specifications(version) if one.code == code)
        return [{"id": one.bare, "title": one.title, "specification": text_of(one.bare)} for one in found]

    domains = [{"id": code, "title": name, "controls": controls(code)} for code, name in ccm.domains(version).items()]
    return {
        "name": "Cloud Controls Matrix",
        "version": ccm.RELEASES[version],
        "url": "https://csa.example",
        "domains": domains,
    }


def mapping_document(version: ccm.Version) -> dict[str, object]:
    """CSA's mapping as JSON: for each framework its controls, with references and gap level."""
    mappings = [
        {
            "name": name,
            "controls": [
                {"id": bare, "references": clauses.split("\n"), "gap_level": gap}
                for bare, (clauses, gap) in mapped.items()
            ],
        }
        for name, mapped in MAPPINGS.items()
    ]
    return {
        "version": ccm.RELEASES[version],
        "mappings": mappings,
        "all": [{"control_id": one.bare} for one in ccm.specifications(version)],
    }


def caiq_document(version: ccm.Version) -> dict[str, object]:
    """The CAIQ as JSON."""
    bare = [one.bare for one in ccm.specifications(version)]
    questions = [{"id": f"{one}.1", "control-id": one, "question": f"Is {one} made up?"} for one in bare]
    return {"version": ccm.RELEASES[version], "questions": questions}


def stamped(version: ccm.Version, *, mapped: bool = True) -> bytes:
    """The CCM as the bundles of 2024 and later have it: a stamp in the first cell of each sheet, groups over the headers, rows that name
    a domain, an end, and a line of copyright; where the mapping is not done yet, a sheet that says so."""  # fmt: skip
    stamp = [
        json.dumps({"specification_name": "Cloud Controls Matrix", "specification_version": ccm.RELEASES[version]})
    ]
    lead = ["Control Domain", "Control Title", "Control ID", "Control Specification"]
    end = [
        ["End of Standard"],
        ["Copyright 2026 somebody - all rights reserved. You may download IAM-01 and store it."],
    ]

    def rows(*more: str) -> list[list[str]]:
        return [
            *_by_domain(version, lambda one: [one.domain, one.title, one.bare, text_of(one.bare), *more]),
            *end,
        ]

    mapping = [
        stamp,
        ["", "", "", "", "AICPA TSC 2017", "", "", "CCM v3.0.1", "", "", "ISO/IEC 27001:2013,27002:2013,27017:2015,27018:2019", "", "",
         "ISO/IEC 27001:2022, 27002:2022", "", "", "ENISA"],
        [*lead, *("Control Mapping", "Gap Level", "Addendum") * 4, "Control Mapping"],
        *rows("CC1.1\nCC2.2", "No Gap", "N/A", "GRM-06\nDCS - 01", "Partial Gap", "Missing: 'x'",
              "27001: 5.1\n27017: CLD.6.3.1\n27018: A.3", "No Gap", "",
              "27001: A.5.1\n27002: 8.24 Key management (c,d)", "Partial Gap", "", "EN-1"),
    ]  # fmt: skip
    empty = [stamp, ["This dataset is not available yet"]]
    questions = [
        [one.domain, one.title, one.bare, text_of(one.bare), f"{one.bare}.1", f"Is {one.bare} made up?", "No"]
        for one in ccm.specifications(version)
    ]
    return workbook(
        {
            "Introduction": [stamp, ["What this is"], ["Control Domain: what a control belongs to"]],
            "CCM": [
                stamp,
                ["", "", "", "", "", "Typical Control Applicability and Ownership", "", "", "Architectural Relevance"],
                [*lead, "CCM Lite", "IaaS", "PaaS", "SaaS", "Phys"],
                *rows("No", "Shared", "Shared", "CSP-Owned", "TRUE"),
            ],
            "Implementation Guidelines": [
                stamp,
                ["", "", "", "", "CCM Implementation Guidelines v2.0"],
                [*lead, "CSP", "CSC"],
                *rows("Do it.", "Do it too."),
            ],
            "Scope Applicability (Mappings)": mapping if mapped else empty,
            "CAIQ": [stamp, [*lead, "Question ID", "CAIQ Question", "CAIQ Lite"], *questions, *end],
            "Change Log": [stamp, ["Version", "Change"], ["4.0.12", "IAM-01: a comma"]],
        }
    )  # fmt: skip


def star_questionnaire(version: ccm.Version) -> bytes:
    """The questionnaire that is handed in: answers beside questions, and the CCM's own columns merged over each control's questions."""
    heads = [
        "Question ID", "Question", "CSP CAIQ Answer", "SSRM Control Ownership", "CSP Implementation Description (Optional/Recommended)",
        "CSC Responsibilities (Optional/Recommended)", "", "", "CCM Control ID", "CCM Control Specification", "CCM Control Title",
        "CCM Domain Title",
    ]  # fmt: skip
    rows = []
    for one in ccm.specifications(version):
        merged = [one.bare, text_of(one.bare), one.title, one.domain]
        rows.append([f"{one.bare}.1", f"Is {one.bare} made up?", "Yes", "CSP-owned", "We do.", "", "", "", *merged])
        rows.append([f"{one.bare}.2", f"And is {one.bare} reviewed?", "NA"])
    return workbook({f"CAIQv{ccm.RELEASES[version]}": [[""], heads, *rows, ["End of Questionnaire"], ["Copyright"]]})


def bundle(version: ccm.Version) -> bytes:
    """The machine-readable archive: a file for the controls, for the questions, for what they are relevant to, and for each framework."""
    every = [one.bare for one in ccm.specifications(version)]
    caiq = {
        "name": "Consensus Assessments Initiative Questionnaire", "version": f"{version}.3",
        "questions": [{"id": f"{one}.1", "control_id": one, "body": f"Is {one} made up?\n"} for one in every],
    }  # fmt: skip

    def mapping(name: str, known: dict[str, list[str]]) -> list[dict[str, object]]:
        rows = [
            {"control_id": one, "references": known.get(one, ["No Mapping"]), "gap_level": "No Gap" if one in known else "Full Gap",
             "addendum": "N/A"}
            for one in every
        ]  # fmt: skip
        return [{"name": name, "mappings": rows}]

    owned = {
        "name": "Typical Control Applicability and Ownership",
        "content": [{"title": "IaaS", "content": [{"control_id": one, "value": "Shared"} for one in every]}],
    }
    folder = f"CCMv{ccm.RELEASES[version]}-JSON-Dataset"
    files = {
        "CCM/primary-dataset.json": ccm_document(version), "CAIQ/primary-dataset.json": caiq, "CCM/applicability/ownership.json": owned,
        "CCM/mappings/CCM_v3.0.1/mappings.json": mapping("CCM v3.0.1", {"A&A-01": ["GRM-06"]}),
        "CCM/mappings/ISO27001_2022/mappings.json": mapping(
            "ISO/IEC 27001:2022, 27002:2022", {"A&A-01": ["27001: A.5.1", "27002: 8.24 Key management (c,d)"]}
        ),
    }  # fmt: skip
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{folder}/", b"")
        archive.writestr(f"{folder}/License.pdf", b"%PDF")
        archive.writestr(f"__MACOSX/{folder}/CCM/._primary-dataset.json", b"\x00\x05")
        for name, document in files.items():
            archive.writestr(f"{folder}/{name}", saved(document))
    return file.getvalue()


def flattened(version: ccm.Version) -> list[dict[str, object]]:
    """The sheets side by side, the two headers of each column in one name."""
    return [
        {
            "Control Domain": one.domain, "Control Title": one.title, "Control ID": one.bare,
            "CCM_Control Specification": text_of(one.bare), "CCM_CCM Lite": "No", "CCM_Network": True,
            "Scope Applicability (Mappings)_AICPA TSC 2017 Control Mapping": "CC2.2\nCC2.3",
            "Scope Applicability (Mappings)_Gap Level": "No Gap", "Scope Applicability (Mappings)_Addendum": "",
            "Scope Applicability (Mappings)_NIST 800-53 rev 5 Control Mapping": "CM-3(2)\nSA-8(29)-(33)",
            "Scope Applicability (Mappings)_Gap Level.1": "Partial Gap", "Scope Applicability (Mappings)_Addendum.1": "Missing",
        }
        for one in ccm.specifications(version)
    ]  # fmt: skip


def catalogue(version: ccm.Version) -> dict[str, object]:
    """The CCM as an OSCAL catalog, whose ids hold no `&`; each control with its questions as parts."""

    def control(one: ccm.Specification) -> dict[str, object]:
        token = one.bare.replace("&", "_")
        return {
            "id": token, "class": "CCM", "title": one.title, "props": [{"name": "label", "value": one.bare}],
            "parts": [
                {"id": f"{token}_gdn", "name": "guidance", "prose": "Do it."},
                {"id": f"{token}_smt", "name": "statement", "prose": text_of(one.bare)},
                {"id": f"{token}.1", "name": "assessment-objective", "prose": f"Is {one.bare} made up?"},
            ],
        }  # fmt: skip

    groups = [
        {"id": code.replace("&", "_"), "title": name, "controls": [control(one) for one in ccm.specifications(version) if one.code == code]}
        for code, name in ccm.domains(version).items()
    ]  # fmt: skip
    metadata = {"title": "Cloud Controls Matrix", "version": ccm.RELEASES[version], "oscal-version": "1.0.4"}
    return {"catalog": {"uuid": "0", "metadata": metadata, "groups": groups}}


CATALOGUE_OF_METRICS = """\
---
name: Made-up catalogue
version: 1.0.0
ccm_version: 4.0.5
metrics:
- id: AIS-06-M1
  primaryControlId: AIS-06
  relatedControlIds: [DCS-06]
  metricDescription: How many made-up things
    are well made.
  expression:
    formula: "(A/B)*100"
    parameters:
    - {id: well, name: A, description: Things well made, unit: count}
    - {id: all, name: B, description: All things, unit: count}
  rules:
  sloRecommendations: {sloRangeMin: 95%, sloPeriod: P30D}
ccm_references:
- {id: AIS-06, title: Made up, specification: Words of our own.}
"""


METRICS = """\
- id: AIS-06-M1
  primaryControlId: AIS-06
  relatedControlIds: DCS-06, GRC-05
  metricDescription: How many made-up things are well made.
  expression: 100 * A / B
  sloRange_min: 95%
- id: TVM-03-M1
  primaryControlId: TVM-03
  metricDescription: |
    How soon
    they are mended.
"""


def saved(document: object) -> bytes:
    """A document as JSON."""
    return json.dumps(document, indent=2, ensure_ascii=False).encode()
