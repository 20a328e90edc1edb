"""CSA's own mapping as crosswalk links: where a user imported it, it takes the place of our tables."""

from pathlib import Path

import msgspec

from agent.csa.library import Library, load
from controls import ccm
from controls import crosswalk as tables
from controls.crosswalk import Framework, Link, lowered

ORIGIN = "CSA's mapping"


class Chosen(msgspec.Struct, frozen=True, kw_only=True):
    """A framework with the links that count, and the clauses in order."""

    framework: Framework
    clauses: tuple[str, ...]
    links: tuple[Link, ...]
    imported: bool
    """They are CSA's own, from the user's import."""


def choose(name: str, version: ccm.Version, folder: Path) -> Chosen:
    """The links of a framework: CSA's where they were imported, else ours. `ValueError` for a framework that neither has."""
    imported = _imported(name, version, folder)
    if imported is not None:
        return imported
    return Chosen(
        framework=tables.framework(name),
        clauses=tables.clauses(name),
        links=tables.links(name, version),
        imported=False,
    )


def others(folder: Path) -> dict[str, str]:
    """Frameworks that only an import has: id -> name as CSA writes it."""
    ours = {one.id for one in tables.FRAMEWORKS}
    found = (load(folder, version) for version in ccm.RELEASES)
    return {
        name: one.name for library in found if library for name, one in library.mappings.items() if name not in ours
    }


def text_of(folder: Path, specification: ccm.Specification) -> str | None:
    """CSA's own words of a specification; `None` where they were not imported."""
    library = load(folder, specification.version)
    return library.texts.get(specification.id) if library else None


def _imported(name: str, version: ccm.Version, folder: Path) -> Chosen | None:
    """CSA's links for the version; those of the other version by the way between them, where only that was imported."""
    other: ccm.Version = "4.0" if version == "4.1" else "4.1"
    for one in (version, other):
        library = load(folder, one)
        if library is not None and name in library.mappings:
            return _chosen(name, library, version)
    return None


def _chosen(name: str, library: Library, version: ccm.Version) -> Chosen:
    known = {one.id: one for one in tables.FRAMEWORKS}
    mapping = library.mappings[name]
    note = f"by {ORIGIN} of CCM {library.version}, from {', '.join(one.name for one in library.sources)}"
    framework = Framework(id=name, name=known[name].name if name in known else mapping.name, via="", note=note)
    links = []
    for source, mapped in mapping.mapped.items():
        way = ccm.translate(source, version)
        if way.target is not None:
            sure = lowered(mapped.confidence) if way.revised else mapped.confidence
            links += [
                Link(clause=clause, specification=way.target, confidence=sure, origin=ORIGIN)
                for clause in mapped.clauses
            ]
    order = {one.id: place for place, one in enumerate(ccm.specifications(version))}
    clauses = tuple(sorted({one.clause for one in links}, key=tables.natural))
    return Chosen(
        framework=framework,
        clauses=clauses,
        links=tuple(sorted(links, key=lambda one: order[one.specification])),
        imported=True,
    )
