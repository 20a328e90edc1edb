"""One finding of another tool, and one export that holds many: the same value whatever format it came in."""

from datetime import datetime
from typing import Literal

import msgspec

Kind = Literal["vulnerability", "misconfiguration", "code", "other"]
Status = Literal["open", "passed", "mended", "suppressed", "not affected"]
Format = Literal["OCSF", "ASFF", "SARIF", "CycloneDX", "Trivy", "Grype"]
Severity = Literal["critical", "high", "medium", "low"]
OPEN = frozenset({"open", "suppressed"})
"""What still stands: a tool's own suppression mends nothing."""


class Foreign(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One thing that a tool says of one subject. Ids only: no text of the tool's is kept."""

    tool: str
    rule: str
    """The tool's own id of what it looks for: a CVE, a check, a rule."""
    subject: str
    """What it was found in: a resource's id, an image, a repository."""
    component: str = ""
    """Which part of the subject: a package, a file."""
    kind: Kind
    severity: Severity | None = None
    """`None` where the tool does not say it in a word that we know."""
    status: Status = "open"
    first_seen: datetime | None = None
    """By the tool, or the first import that held it, whichever is earlier."""
    last_seen: datetime | None = None
    published: datetime | None = None
    """When a vulnerability became public."""

    @property
    def id(self) -> str:
        """The same for the same finding in every export."""
        return f"{self.tool}:{self.rule}:{self.subject}" + (f":{self.component}" if self.component else "")


class Component(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True, order=True):
    """A part of what a bill of materials is of."""

    subject: str
    """What the bill is of."""
    name: str
    version: str = ""
    supplier: str = ""
    """As the bill says it: its supplier, else its publisher; empty where it says neither."""


class Export(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One file that a tool wrote."""

    file: str
    """Its path, seen from the programme's folder."""
    format: Format
    tool: str
    version: str
    digest: str
    """sha256 of the file."""
    taken: datetime | None
    """When the tool looked; from the first import on never `None`."""
    dated: bool
    """The file itself says when; otherwise `taken` is the instant of its first import."""
    subjects: tuple[str, ...]
    """All that it looked at, sorted, be it without any finding."""
    findings: tuple[Foreign, ...]
    """Each once, sorted by id."""
    components: tuple[Component, ...] = ()
    """Of bills of materials, sorted, each once."""
    ended: tuple[Foreign, ...] = ()
    """What earlier exports of this file held open and this one does not; `last_seen` is when it was gone."""
    services: tuple[str, ...] = ()
    """Services that it speaks for; none for all."""
    stale_after: str = "7d"
    """How old it may be at the end of a cycle."""
