"""How CSA's files name things, read liberally: columns and keys by words, frameworks by what their names hold, ids in any spelling."""

import re

from controls.crosswalk import Confidence

SPECIFICATION = re.compile(r"(?:CCM[ :_-]*(?:v?4\.\d(?:\.\d+)?)?[ :_-]*)?([A-Z]&?[A-Z]{1,2})[ _-](\d{1,2})")
QUESTION = re.compile(r"([A-Z]&?[A-Z]{1,2})-(\d\d)\.(\d{1,2})")
METRIC = re.compile(r"([A-Z]&?[A-Z]{1,2})-(\d\d)-M(\d{1,2})")

ID = frozenset({"control id", "ccm control id", "ccm id", "id", "control", "ccm v4 control id", "control number"})
TEXT = frozenset({"control specification", "ccm control specification", "updated control specification", "specification", "control text",
                  "description", "statement", "control description"})  # fmt: skip
QUESTION_ID = frozenset({"question id", "caiq question id", "caiq id", "ccm caiq question id"})
QUESTION_TEXT = frozenset({"question", "caiq question", "consensus assessment question", "consensus assessment questions",
                           "consensus assessments question", "consensus assessments questions", "assessment question", "caiq questions",
                           "question text", "body"})  # fmt: skip
MAPPING = frozenset(
    {"control mapping", "mapping", "mapped controls", "control mappings", "reference", "references", "controls", "ids"}
)
GAP = frozenset({"gap level", "gap", "gap analysis", "gap identification", "mapping gap"})
BESIDES = frozenset({"addendum", "compensating controls", "comment", "comments", "notes", "rationale"})
METRIC_TEXT = ("description", "metric description", "definition", "expression", "formula", "rules")
NOTHING = frozenset({"", "no mapping", "none", "n a", "na", "not applicable", "no match", "not mapped"})

FRAMEWORKS: tuple[tuple[str, str], ...] = (
    (r"\bccm v?3\b", "ccm-3.0.1"),
    (r"27017", "iso27017"), (r"27018", "iso27018"), (r"(27001|27002).*2013", "iso27001-2013"), (r"2700[12]", "iso27001"),
    (r"800 53.*(r4|rev 4|revision 4)", "800-53-r4"), (r"800 53", "800-53"), (r"800 161", "sp800-161"),
    (r"(csf|cybersecurity framework).*1 1", "csf-1.1"), (r"\bcsf\b|cybersecurity framework", "csf"),
    (r"aicpa|trust services|\btsc\b|\bsoc ?2\b", "soc2"), (r"pci.*3 2", "pci-3.2"), (r"\bpci\b", "pci"), (r"\bhipaa\b", "hipaa"),
    (r"fedramp.*high", "fedramp-high"), (r"fedramp.*moderate", "fedramp-moderate"), (r"fedramp.*low", "fedramp-low"),
)  # fmt: skip
"""What a framework's name holds, and our id of it: the first that fits."""
GAPS: tuple[tuple[str, Confidence], ...] = (("no gap", "high"), ("partial", "medium"), ("full", "low"))


COLUMN = re.compile(r"(?:scope applicability \(mappings\)_)?(.+?)[ _]control mapping", re.IGNORECASE)
"""A column of the mapping sheet with its two headers in one name, as tables that were made of the sheet have it."""
GAP_COLUMN = re.compile(r"(?:.*_)?gap level(?:\.\d+)?", re.IGNORECASE)
STANDARD = re.compile(r"(27001|27002|27017|27018):\s*(?=\S)")
"""How CSA says of which standard a clause is, where one column holds several."""
OSCAL = re.compile(
    r"(?:ccm[._-]*(?:v?4[._]\d+(?:[._]\d+)?)?[._-]*)?([a-z][a-z&._-]*?)[._-]*(\d{1,2})(?:\.(\d{1,2}))?", re.IGNORECASE
)
OWN_NAME = re.compile(r"\b(ccm|caiq\w*|cloud controls matrix|consensus assessments? initiative)\b")
SAID = re.compile(r"4 ([01])\b")


def said_version(text: str, *, alone: bool = False) -> str | None:
    """The CCM version, `4.0` or `4.1`, that a title says: beside a name of CSA's own, or `alone` as a value."""
    spoken = words(re.sub(r"(?i)v(?=4\.)", " ", text))
    match = SAID.match(spoken) if alone else SAID.search(spoken) if OWN_NAME.search(spoken) else None
    return f"4.{match[1]}" if match else None


def words(text: str) -> str:
    """A header by its words alone: `CCM Control-ID *` is `ccm control id`; `controlId` is `control id`."""
    apart = re.sub(r"([a-z])([A-Z])", r"\1 \2", text)
    return " ".join(re.sub(r"[^a-z0-9]+", " ", apart.casefold()).split())


def specification(text: str) -> str | None:
    """A specification's id without version, `IAM-01`, from any spelling of it; `None` from what is none."""
    match = SPECIFICATION.fullmatch(text.strip())
    return f"{match[1]}-{int(match[2]):02}" if match else None


def token(text: str) -> tuple[str, str | None] | None:
    """A specification, and a question's number within it, of an OSCAL token, which holds no `&`: `aa-01`, `A_A-01.2`, `A.and.A-01`."""
    match = OSCAL.fullmatch(text.strip())
    if match is None:
        return None
    letters = re.sub(r"(?i)and|[^a-z]", "", match[1]).upper()
    bare = specification(f"{ {'AA': 'A&A', 'IS': 'I&S'}.get(letters, letters) }-{match[2]}")
    return (bare, match[3]) if bare is not None else None


def framework(name: str) -> str:
    """Our id of a framework by its name, or one made of its words."""
    spoken = words(name)
    if re.search(r"2700\d.*(27017|\b17\b)", spoken):  # several standards in one column: none of ours
        return "iso27001-family"
    for pattern, known in FRAMEWORKS:
        if re.search(pattern, spoken):
            return known
    return re.sub(r" ", "-", spoken)[:40] or "unnamed"


def clauses(text: str) -> tuple[str, ...]:
    """The clauses of one cell: one per line, or between commas and semicolons; empty where it says that there are none.

    A comma within brackets parts nothing: `27002: 8.24 Key management (c,d)` is one.
    """
    found = (re.sub(r"\s+", " ", one).strip(" .•-–*") for one in re.split(r"[\n\r]+|[;,]+(?![^()\n]*\))", text))
    return tuple(dict.fromkeys(one[:120] for one in found if words(one) not in NOTHING))


def confidence(gap: str) -> Confidence:
    """CSA's gap level as a confidence."""
    spoken = words(gap)
    return next((sure for begins, sure in GAPS if spoken.startswith(begins)), "medium")
