"""The formats of others, held against the others themselves: what we write by their own models, what their tools write by our readers.

`python -m tests.bench.formats` installs them, pinned, into a throw-away environment (`STARCADENCE_FORMATS` names one that is there): NIST's
OSCAL as compliance-trestle has it, OCSF as Prowler's py-ocsf-models has it, openpyxl, and tools that write SARIF and CycloneDX. Ends with 1
where anything is refused, or where a judge lets pass what is broken on purpose.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from agent.archive import Archive
from agent.csa.reading import read
from agent.csa.workbook import sheets
from agent.errors import AgentError
from agent.exports.ocsf import compliance_findings
from agent.exports.oscal import assessment_results
from agent.foreign.reading import export
from agent.report import Report
from tests.agent.exports.test_exports import COMMITTED
from tests.agent.living import PROGRAMME, begin
from tests.fakes import csa

PINNED = (
    "compliance-trestle==5.2.0", "py-ocsf-models==0.10.0", "openpyxl==3.1.5", "bandit[sarif]==1.9.4", "ruff==0.17.6", "semgrep==1.182.0",
    "cyclonedx-bom==7.5.0",
)  # fmt: skip
UNMODELLED = {"cloud", "compliance.status"}
"""What OCSF 1.5.0 has and the models leave out: the profile `cloud`, and the word beside the status' id."""
JUDGE = """
import json, sys
from trestle.oscal.assessment_results import Model
from trestle.oscal import OSCAL_VERSION
from py_ocsf_models.events.findings.compliance_finding import ComplianceFinding

def gone(before, after, path=""):
    if isinstance(before, dict):
        for key, one in before.items():
            name = f"{path}.{key}" if path else key
            yield from gone(one, after[key], name) if isinstance(after, dict) and key in after else [name]
    elif isinstance(before, list):
        for one, other in zip(before, after):
            yield from gone(one, other, path)
    elif before != after:
        yield path

for line in sys.stdin:
    kind, text = json.loads(line)
    try:
        if kind == "oscal":
            said = Model.model_validate_json(text)
            version = json.loads(text)["assessment-results"]["metadata"]["oscal-version"]
            assert version == OSCAL_VERSION, f"OSCAL {version}, the models are of {OSCAL_VERSION}"
            print(json.dumps([]), flush=True)
        else:
            said = ComplianceFinding.model_validate_json(text).model_dump_json(exclude_none=False)
            print(json.dumps(sorted(set(gone(json.loads(text), json.loads(said))))), flush=True)
    except Exception as error:
        print(json.dumps(str(error)[:300]), flush=True)
"""
SOURCE = """\
import hashlib
import pickle
import subprocess


def run(command, data):
    subprocess.call(command, shell=True)
    eval(command)
    return pickle.loads(data), hashlib.md5(data).hexdigest()
"""
RULE = """\
rules:
  - {id: no-eval, languages: [python], message: no eval, severity: ERROR, pattern: eval(...)}
  - {id: no-md5, languages: [python], message: no md5, severity: WARNING, pattern: hashlib.md5(...)}
"""
VEX = """
import sys, warnings
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.impact_analysis import ImpactAnalysisJustification as Why, ImpactAnalysisState as State
from cyclonedx.model.vulnerability import BomTarget, Vulnerability, VulnerabilityAnalysis as Said
from cyclonedx.output.json import JsonV1Dot6

warnings.simplefilter("ignore")
said = {
    "CVE-1": Said(state=State.NOT_AFFECTED, justification=Why.CODE_NOT_REACHABLE), "CVE-2": Said(state=State.NOT_AFFECTED),
    "CVE-3": Said(state=State.EXPLOITABLE, detail="soon"), "CVE-4": None,
}
holes = [Vulnerability(id=name, analysis=one, affects=[BomTarget(ref="ws")]) for name, one in said.items()]
bom = Bom(components=[Component(name="ws", version="8.0.0", bom_ref="ws")], vulnerabilities=holes)
bom.metadata.component = Component(name="shop", version="1.4", type=ComponentType.APPLICATION, bom_ref="shop")
print(JsonV1Dot6(bom).output_as_string())
"""
SHEETS = """
import json, sys
import openpyxl

told, path = json.load(sys.stdin), sys.argv[1]
book = openpyxl.Workbook()
book.remove(book.active)
for name, rows in told:
    sheet = book.create_sheet(name)
    for row in rows:
        sheet.append(row)
    if name.startswith("Scope") and len(rows) > 3:
        for column in range(5, 17, 3):
            sheet.merge_cells(start_row=2, start_column=column, end_row=2, end_column=column + 2)
    sheet.freeze_panes = "A4"
book.save(path)
"""


def written(folder: Path) -> Iterator[tuple[str, str]]:
    """What bundles of a few lives hold in the formats of others: name of the kind, and the text."""
    for name, programme in (("committed", COMMITTED), ("daily", PROGRAMME)):
        life = begin(folder / name, programme=programme)
        life.cloud.volume("bad", encrypted=False)
        for _ in range(4):
            life.run()
            life.clock.now += timedelta(days=10)
        with Archive.open(life.bundles()[0]) as archive:
            report = msgspec.json.decode(archive.read("report.json", 1 << 26), type=Report)
        for one in (report, *unusual(report)):
            yield "oscal", assessment_results(one).decode()
            yield from (("ocsf", line) for line in compliance_findings(one).decode().split("\n") if line)


def unusual(report: Report) -> Iterator[Report]:
    """The same report of a programme that is called oddly, that committed to nothing, or that is of a cloud of others."""
    odd = " two\n lines\t\u2028 "
    bare = (replace(one, committed=False, objectives=()) for one in report.specifications)
    yield replace(report, provider=odd, service_name=odd, specifications=tuple(bare))
    yield replace(
        report, interim=True, state="partial", specifications=tuple(replace(one, unseen=odd) for one in report.specifications),
        deviations=tuple(replace(one, provider="acme", reason=odd, name=None, exception="one") for one in report.deviations),
    )  # fmt: skip


def broken(kind: str, text: str) -> str:
    """The same, wrong in one place: a judge that lets it pass judges nothing."""
    document: dict[str, Any] = json.loads(text)
    if kind == "oscal":
        document["assessment-results"]["results"][0]["title "] = "a key that OSCAL does not have"
    else:
        document["finding_info"].pop("uid")
    return json.dumps(document)


def judged(python: str, folder: Path) -> Iterator[str]:
    """A line for each thing that a model refuses, or lets pass though it is broken."""
    asked = list(written(folder))
    lines = [*asked, *((kind, broken(kind, text)) for kind, text in asked)]
    given = "".join(json.dumps(one) + "\n" for one in lines)
    done = subprocess.run([python, "-c", JUDGE], input=given, capture_output=True, text=True, check=True)
    told = [json.loads(line) for line in done.stdout.splitlines()]
    for (kind, _), said in zip(asked, told[: len(asked)], strict=True):
        if isinstance(said, str) or set(said) - UNMODELLED:
            yield f"ours: {kind} is refused: {said}"
    for (kind, _), said in zip(asked, told[len(asked) :], strict=True):
        if not isinstance(said, str):
            yield f"ours: broken {kind} passes"
    print(f"ours: {len(asked)} documents judged by NIST's and OCSF's models, and as many broken ones")


def tools(binaries: Path, folder: Path) -> Iterator[str]:
    """Let each tool write its export of a small project, and read it; a line for each that is refused or says nothing."""
    project = folder / "shop"
    project.mkdir()
    (project / "app.py").write_text(SOURCE)
    (project / "rule.yml").write_text(RULE)
    (project / "requirements.txt").write_text("jinja2==3.1.6\nrequests==2.32.3\n")
    out = folder / "exports"
    out.mkdir()
    commands: dict[str, list[str]] = {
        "bandit.sarif": ["bandit", "-q", "-f", "sarif", "-o", "{}", "app.py"],
        "ruff.sarif": ["ruff", "check", "--select", "S,D,F", "--output-format", "sarif", "-o", "{}", "app.py"],
        "semgrep.sarif": [
            "semgrep", "scan", "--quiet", "--metrics", "off", "--disable-version-check", "--config", "rule.yml", "--sarif", "-o", "{}",
            "app.py",
        ],
        "shop.cdx.json": ["cyclonedx-py", "requirements", "requirements.txt", "-o", "{}"],
        "environment.cdx.json": ["cyclonedx-py", "environment", str(binaries / "python"), "-o", "{}"],
    }  # fmt: skip
    for name, (tool, *arguments) in commands.items():
        path = out / name
        line = [str(binaries / tool), *(one.replace("{}", str(path)) for one in arguments)]
        done = subprocess.run(line, cwd=project, capture_output=True, text=True, check=False)
        if not path.is_file():
            yield f"theirs: {tool} wrote nothing ({done.stderr[-200:]})"
            continue
        try:
            found = export(path, out)
        except AgentError as error:
            yield f"theirs: {error}"
            continue
        print(
            f"theirs: {name}: {found.format} of {found.tool}, {len(found.findings)} findings, {len(found.components)} components"
        )
        if not found.findings and not found.components:
            yield f"theirs: {name} holds nothing that was read"


def statements(python: str, folder: Path) -> Iterator[str]:
    """A bill with statements (VEX) by CycloneDX's own library: one with its reason is believed, no other."""
    path = folder / "vex.cdx.json"
    path.write_text(subprocess.run([python, "-c", VEX], capture_output=True, text=True, check=True).stdout)
    told = {one.rule: one.status for one in export(path, folder).findings}
    if told != {"CVE-1": "not affected", "CVE-2": "open", "CVE-3": "open", "CVE-4": "open"}:
        yield f"statements: {told}"
    print(f"statements: {len(told)} of CycloneDX's own library read")


def downloads(python: str, folder: Path) -> Iterator[str]:
    """Workbooks in the layouts of CSA's, as openpyxl writes them; a line for each that is not read whole."""
    for name, data, texts, questions in (
        ("ccm-4.1.xlsx", csa.stamped("4.1"), 207, 207), ("ccm-4.0.xlsx", csa.stamped("4.0", mapped=False), 197, 197),
        ("caiq-4.0.xlsx", csa.star_questionnaire("4.0"), 197, 394),
    ):  # fmt: skip
        path = folder / name
        told = [(title, [[cell or None for cell in row] for row in rows]) for title, rows in sheets(data)]
        subprocess.run([python, "-c", SHEETS, str(path)], input=json.dumps(told), text=True, check=True)
        (library,) = read(path).libraries
        if (len(library.texts), len(library.questions)) != (texts, questions):
            yield f"downloads: {name}: {len(library.texts)} texts and {len(library.questions)} questions"
    print("downloads: 3 workbooks of openpyxl's read")


def installed(folder: Path) -> Path:
    """The environment with all of them, outside of the checkout."""
    subprocess.run([".ci/uv", "venv", "--quiet", str(folder)], check=True)
    environment = {**os.environ, "VIRTUAL_ENV": str(folder)}
    subprocess.run([".ci/uv", "pip", "install", "--quiet", *PINNED], check=True, env=environment)
    return folder


def main() -> int:
    """Print what was held against what; 1 where something is wrong."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environment = Path(os.environ.get("STARCADENCE_FORMATS") or installed(folder / "environment"))
        binaries = environment / "bin"
        python = str(binaries / "python")
        wrong = [
            *judged(python, folder),
            *tools(binaries, folder),
            *statements(python, folder),
            *downloads(python, folder),
        ]
    for line in wrong:
        print(line, file=sys.stderr)
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
