"""Binary Authorization: whether a project's policy lets only images run that somebody signed, or none but named ones.

A project has one policy; where the inventory has none, that of the project was not learned.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from collectors.gcp.elements import at, text
from collectors.gcp.session import RESOURCE, GcpSession

POLICY = "binaryauthorization.googleapis.com/Policy"
STRICT = frozenset({"REQUIRE_ATTESTATION", "ALWAYS_DENY"})


def demanded(session: GcpSession, scope: str | None = None) -> bool | None:
    """The rule in force demands signatures and blocks what has none; `scope` is a cluster (`europe-west1.main`) with a rule of its own."""
    found = session.worked_out("rules", POLICY, RESOURCE, _rules)
    if not found:
        return None
    name, policy = found
    session.notes.cites.append(name)
    own = at(policy, "clusterAdmissionRules", scope) if scope else None
    rule = own if isinstance(own, Mapping) else at(policy, "defaultAdmissionRule")
    mode = text(rule, "evaluationMode")
    if mode is None:
        return None
    return mode in STRICT and text(rule, "enforcementMode") != "DRYRUN_AUDIT_LOG_ONLY"


def _rules(assets: Iterator[dict[str, Any]]) -> tuple[str, Mapping[str, Any]] | tuple[()]:
    for asset in assets:
        found = at(asset, "resource", "data")
        if isinstance(found, Mapping):
            return asset["name"], found
    return ()
