"""What Defender for Cloud has found and nobody has closed: its alerts, and resources with vulnerabilities.

Azure says when a resource came to have vulnerabilities, not when each of them was found in it: so one finding is a resource with all
of them, as old as its state. In Resource Graph the fields of an alert begin with a capital, in Resource Manager they do not.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from collectors.azure.elements import inner, instant, listed, properties, text
from collectors.collector import Item, Session, collector
from collectors.watching import Finding

Severity = Literal["critical", "high", "medium", "low"]
CLOSED = frozenset({"resolved", "dismissed"})
SEVERITIES: Mapping[str, Severity] = {
    "critical": "critical", "high": "high", "medium": "medium", "low": "low", "informational": "low",
}  # fmt: skip


@collector(
    "azure.threats",
    sees=Finding,
    kinds=("threat",),
    learns=("severity", "first_seen", "in_progress", "subject"),
    readings=("in_progress",),
    moves=("status", "Status", "processingEndTimeUtc", "ProcessingEndTime", "endTimeUtc", "EndTimeUtc"),
    redacts=(
        "entities",
        "Entities",
        "extendedProperties",
        "ExtendedProperties",
        "compromisedEntity",
        "CompromisedEntity",
    ),
    grants=("Microsoft.ResourceGraph/resources/read", "Microsoft.Security/locations/alerts/read"),
    where="account",
)
class Threats:
    """Every alert that is open."""

    def list(self, session: Session) -> Iterator[Item]:
        """Rows of Resource Graph that nobody has closed."""
        for row in session.pages("graph.Alerts", "data"):
            if (text(lowered(properties(row)), "status") or "").lower() not in CLOSED:
                yield row

    def describe(self, session: Session, item: Item) -> Finding:
        """The row tells all; where it began is not said, when it was made is."""
        known = lowered(properties(item))
        state = text(known, "status")
        return Finding(
            id=item["id"].lower(), provider="azure", account=session.account, region=text(item, "location") or "global", kind="threat",
            name=text(known, "alertType"), tags={}, managed_by="customer", severity=severity(text(known, "severity")),
            first_seen=instant(known, "timeGeneratedUtc") or instant(known, "timeGenerated") or instant(known, "detectedTimeUtc"),
            in_progress=None if state is None else state.lower() == "inprogress", subject=subject(known),
        )  # fmt: skip


def lowered(known: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """The object with fields that begin with a small letter."""
    return None if known is None else {key[:1].lower() + key[1:]: value for key, value in known.items()}


def severity(word: str | None) -> Severity | None:
    """Azure's word as ours; what only informs is low."""
    return SEVERITIES.get(word.lower()) if word else None


def subject(known: Mapping[str, Any] | None) -> str | None:
    """The id of the resource in which it was found."""
    for one in listed(known, "resourceIdentifiers") or ():
        if found := text(lowered(one), "azureResourceId"):
            return found.lower()
    return None


@collector(
    "azure.vulnerabilities",
    sees=Finding,
    kinds=("vulnerability",),
    learns=("severity", "first_seen", "subject"),
    moves=("description", "additionalData"),
    grants=("Microsoft.ResourceGraph/resources/read", "Microsoft.Security/assessments/read"),
    where="account",
)
class Vulnerabilities:
    """Every resource in which Defender has found vulnerabilities."""

    def list(self, session: Session) -> Iterator[Item]:
        """Rows of Resource Graph that are not healthy."""
        for row in session.pages("graph.Vulnerabilities", "data"):
            if (text(inner(row, "properties", "status"), "code") or "").lower() not in {"healthy", "notapplicable"}:
                yield row

    def describe(self, session: Session, item: Item) -> Finding:
        """The row tells all."""
        known = properties(item)
        about = text(inner(known, "resourceDetails"), "Id") or text(inner(known, "resourceDetails"), "id")
        state, grade = inner(known, "status"), severity(text(inner(known, "metadata"), "severity"))
        return Finding(
            id=item["id"].lower(), provider="azure", account=session.account, region="global", kind="vulnerability",
            name=text(item, "name"), tags={}, managed_by="customer", severity=grade, subject=about.lower() if about else None,
            first_seen=instant(state, "statusChangeDate") or instant(state, "firstEvaluationDate"),
        )  # fmt: skip
