"""The papers of the simulated provider: two policies, a register that is extracted twice, a supplier's report with its bridge letter.

What other tools found lies beside them (`agent.demo.scans`).

The incident plan's review falls due in October and nobody looks at it: its specification is missed then.
"""

from datetime import datetime
from pathlib import Path

from agent.demo import scans
from agent.demo.estate import day
from agent.extracts import SIDE

POLICY = """\
---
id: access-policy
title: Access policy
kind: policy
version: "3"
specifications: ["CCM:4.1:IAM-01"]
owner: security-lead
approver: Ada Beispiel
effective: 2026-02-02
review_every: 365d
publish: public
---
Nobody shares a credential. Whoever leaves loses access within a day. Rights are looked at every quarter.
"""
PLAN = """\
---
id: incident-plan
title: Incident response plan
kind: policy
version: "7"
specifications: ["CCM:4.1:SEF-03"]
owner: security-lead
approver: Ada Beispiel
effective: 2025-10-10
review_every: 365d
---
Who calls whom, and what is written down.
"""
SUPPLIER = """\
id: data-centres
name: Example Data Centres
kind: attested
scheme: SOC 2 Type II
opinion: unqualified
first: 2025-10-01
last: 2026-09-30
bridge: 2026-12-15
method: carve-out
services: [colocation]
regions: ["*"]
specifications: ["CCM:4.1:DCS-09"]
owner: platform-lead
user_controls:
  - {id: CUEC-4, words: Tell the data centre who may come in., record: access-policy}
"""
HEADER = """\
query: every account of the directory, with its last review
extractor: nightly job of the directory
extracted: {extracted}
first: 2026-06-01
last: {extracted}
rows: 4
"""
REVIEWS = """\
account,reviewed,correct,reviewer
ada@cloud.example,{reviewed},true,bo@cloud.example
bo@cloud.example,{reviewed},true,ada@cloud.example
cy@cloud.example,{reviewed},true,ada@cloud.example
build@cloud.example,{forgotten},true,ada@cloud.example
"""
EXTRACTS = (
    (day("2026-09-25"), {"reviewed": "2026-09-01", "forgotten": "2026-08-15"}),
    (day("2026-10-28"), {"reviewed": "2026-10-20", "forgotten": "2026-05-15"}),
)
"""When the register is extracted, and what it says then."""


def lay(folder: Path, now: datetime) -> bool:
    """Put every paper where the programme looks for it, as it is at an instant; whether any is another than before."""
    at, said = [extract for extract in EXTRACTS if extract[0] <= now or extract is EXTRACTS[0]][-1]
    papers = {
        "records/access-policy.md": POLICY, "records/incident-plan.md": PLAN, "suppliers/data-centres.yaml": SUPPLIER,
        "registers/access-reviews.csv": REVIEWS.format(**said),
        f"registers/access-reviews.csv{SIDE}": HEADER.format(extracted=f"{at:%Y-%m-%d}"),
    }  # fmt: skip
    papers |= {"scans/trivy.json": scans.trivy(at).decode(), "scans/prowler.ocsf.json": scans.prowler(at).decode()}
    return sum(_put(folder / name, text) for name, text in papers.items()) > 0


def _put(path: Path, text: str) -> bool:
    if path.is_file() and path.read_text() == text:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return True
