"""Deviations as compliance findings of the Open Cybersecurity Schema Framework (class 2003), one JSON object a line.

Source: OCSF 1.5.0, class `compliance_finding`, profile `cloud`. An approved exception suppresses nothing: it is named under `unmapped`.
"""

from datetime import datetime
from typing import Any

from agent.canonical import lines
from agent.report import Deviation, Report

VERSION = "1.5.0"
CLASS, CATEGORY = 2003, 2
CREATE, UPDATE = (1, "Create"), (2, "Update")
SEVERITIES = {"low": (2, "Low"), "medium": (3, "Medium"), "high": (4, "High"), "critical": (5, "Critical")}
CLOUDS = {"aws": "AWS", "gcp": "GCP", "azure": "Azure"}
FAIL = 3


def compliance_findings(report: Report) -> bytes:
    """One line for each deviation that stands, in the report's order."""
    return lines(_finding(report, one) for one in report.deviations)


def _finding(report: Report, one: Deviation) -> dict[str, Any]:
    activity, named = CREATE if one.new else UPDATE
    severity, severe = SEVERITIES[one.severity]
    uid = f"{one.check}:{one.resource}"
    return {
        "activity_id": activity, "activity_name": named, "category_name": "Findings", "category_uid": CATEGORY,
        "class_name": "Compliance Finding", "class_uid": CLASS, "type_name": f"Compliance Finding: {named}",
        "type_uid": CLASS * 100 + activity, "time": _milliseconds(one.last_seen), "severity": severe, "severity_id": severity,
        "status": "New", "status_id": 1, "message": one.reason,
        "metadata": {
            "version": VERSION, "profiles": ["cloud"], "uid": uid,
            "product": {"name": "Starcadence", "vendor_name": "The Starcadence authors", "version": report.tool},
        },
        "cloud": {"provider": CLOUDS.get(one.provider, one.provider), "account": {"uid": one.account}, "region": one.region},
        "compliance": {
            "control": one.check, "requirements": list(one.specifications), "standards": [f"CSA CCM {report.ccm}"], "status": "Fail",
            "status_id": FAIL,
        },
        "finding_info": {
            "uid": uid, "title": one.title, "desc": one.reason, "types": ["Deviation"], "created_time": _milliseconds(one.failing_by),
            "first_seen_time": _milliseconds(one.failing_by), "last_seen_time": _milliseconds(one.last_seen),
        },
        "remediation": {"desc": one.remediation},
        "resources": [{"uid": one.resource, "name": one.name or one.resource, "type": one.kind, "region": one.region}],
        "unmapped": {"service": report.service, "cycle": report.cycle, "simulated": report.simulated, "approved_exception": one.exception},
    }  # fmt: skip


def _milliseconds(instant: datetime) -> int:
    return int(instant.timestamp() * 1000)
