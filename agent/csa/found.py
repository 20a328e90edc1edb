"""What one file of CSA's holds, by bare ids; and of which CCM version that is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from agent.csa import headers
from agent.csa.library import Framework, Library, Mapped, Question, Source
from agent.errors import UsageError
from controls import ccm

FAMILY = "iso27001-family"
"""One column of several standards; each clause says of which."""
EDITIONS = {
    "27001": ("iso27001-2013", "ISO/IEC 27001:2013"), "27017": ("iso27017", "ISO/IEC 27017:2015"),
    "27018": ("iso27018", "ISO/IEC 27018:2019"),
}  # fmt: skip
"""What that column's clauses are of, by CSA's name of it: the editions before those of 2022."""


@dataclass(kw_only=True)
class Found:
    """A file's content as it is read; names are bare: `IAM-01`."""

    texts: dict[str, str] = field(default_factory=dict)
    questions: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Question id -> specification and text."""
    metrics: dict[str, str] = field(default_factory=dict)
    mappings: dict[str, tuple[str, dict[str, Mapped]]] = field(default_factory=dict)
    """Framework id -> its name as CSA writes it, and what is mapped."""
    seen: set[str] = field(default_factory=set)
    """Every id that stood where ids stand, be it with nothing known beside it."""
    said: set[str] = field(default_factory=set)
    """CCM versions that titles say, `4.0` or `4.1`: they count only where the ids do not tell."""
    passed_over: list[str] = field(default_factory=list)
    """Sheets in which nothing was known."""

    @property
    def size(self) -> int:
        """How many things were found."""
        mapped = sum(len(mapped) for _, mapped in self.mappings.values())
        return len(self.texts) + len(self.questions) + len(self.metrics) + mapped

    def question(self, name: str, text: str) -> None:
        """Take a question, if this is the name of one."""
        match = headers.QUESTION.fullmatch(name.strip())
        if match and text.strip():
            self.questions.setdefault(match[0], (f"{match[1]}-{match[2]}", text.strip()))

    def text(self, specification: str, text: str) -> None:
        """Take a specification's own words; the first that a file gives count."""
        if text.strip():
            self.texts.setdefault(specification, text.strip())

    def mapping(self, specification: str, name: str, clauses: Iterable[str], gap: str = "") -> None:
        """Take the clauses of a framework for a specification; what comes twice is put together."""
        known, told = headers.framework(name), " ".join(name.split())
        for standard, found in _by_standard(tuple(each for one in clauses for each in headers.clauses(one))).items():
            if known == FAMILY and standard in EDITIONS:
                self._mapped(specification, *EDITIONS[standard], found, gap)
            elif standard in {"", "27001"}:
                self._mapped(specification, known, told, found, gap)
            else:
                self._mapped(specification, known, told, tuple(f"{standard}: {one}" for one in found), gap)

    def _mapped(self, specification: str, known: str, name: str, found: tuple[str, ...], gap: str) -> None:
        _, mapped = self.mappings.setdefault(known, (name, {}))
        before = mapped.get(specification)
        if before is not None:
            found = tuple(dict.fromkeys((*before.clauses, *found)))
        mapped[specification] = Mapped(clauses=found, confidence=headers.confidence(gap))

    def specifications(self) -> set[str]:
        """Every specification that something speaks of, but for the metrics, whose ids did not change with the version."""
        mapped = {name for _, names in self.mappings.values() for name in names}
        return {*self.texts, *mapped, *(name for name, _ in self.questions.values())}


def _by_standard(found: tuple[str, ...]) -> Mapping[str, tuple[str, ...]]:
    """Clauses by the standard that each says it is of; by nothing where it says none."""
    parted: dict[str, dict[str, None]] = {}
    for one in found:
        match = headers.STANDARD.match(one)
        parted.setdefault(match[1] if match else "", {})[one[match.end() :] if match else one] = None
    return {standard: tuple(clauses) for standard, clauses in parted.items()}


def versions_of(found: Found, asked: str | None) -> tuple[ccm.Version, ...]:
    """The CCM version of a file: as asked, or the only one that has all its ids; both for metrics alone, whose ids are the same in both.

    Raises `UsageError` where neither tells.
    """
    names = found.specifications()
    names |= found.seen if names else set()
    lacking = {version: names - {one.bare for one in ccm.specifications(version)} for version in ccm.RELEASES}
    if asked is not None:
        return (_asked(asked, len(names), lacking),)
    if not names:
        return tuple(ccm.RELEASES)
    near, far = sorted(lacking, key=lambda version: len(lacking[version]))
    if len(lacking[near]) * 2 < len(lacking[far]):
        return (near,)
    hinted = tuple(version for version in ccm.RELEASES if version in found.said)
    if len(hinted) == 1:
        return hinted
    raise UsageError(
        f"its ids do not tell of which CCM version it is; say it: --ccm {' or --ccm '.join(ccm.RELEASES.values())}"
    )


def _asked(asked: str, names: int, lacking: Mapping[ccm.Version, set[str]]) -> ccm.Version:
    try:
        version = ccm.release(asked)
    except ValueError as error:
        raise UsageError(str(error)) from None
    if len(lacking[version]) * 2 > names:
        raise UsageError(
            f"of its {names} specifications {len(lacking[version])} are not of CCM {asked}; leave --ccm out, or give the other version"
        )
    return version


def library(found: Found, version: ccm.Version, source: Source) -> tuple[Library, tuple[str, ...]]:
    """What was found as a library of a version, and the ids that the version does not have."""
    ids = {one.bare: one.id for one in ccm.specifications(version)}
    kept = Library(
        version=version, sources=(source,), metrics=dict(found.metrics),
        texts={ids[name]: text for name, text in found.texts.items() if name in ids},
        questions={
            number: Question(specification=ids[name], text=text) for number, (name, text) in found.questions.items() if name in ids
        },
        mappings={
            one: Framework(name=name, mapped={ids[bare]: what for bare, what in mapped.items() if bare in ids})
            for one, (name, mapped) in found.mappings.items()
        },
    )  # fmt: skip
    return kept, tuple(sorted(found.specifications() - set(ids)))
