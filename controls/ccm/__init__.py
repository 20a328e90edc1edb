"""The catalogue of CCM specifications: ids, titles and domains of 4.0.13 and 4.1.0, and the way between the two.

CCM 4.1 re-used 49 ids of 4.0 for other specifications, so that every reference carries its version, `CCM:4.1:IAM-13`; one without
is a `ValueError` that names both readings (law 6). The CSV files beside this module hold facts only, none of CSA's texts; they are
read when first asked for.
"""

import csv
import difflib
import functools
import io
import re
from pathlib import Path
from typing import Literal

import msgspec

Version = Literal["4.0", "4.1"]
RELEASES: dict[Version, str] = {"4.0": "4.0.13", "4.1": "4.1.0"}
"""Each version as references spell it, with the release that its data is of."""
REFERENCE = re.compile(r"CCM:(?P<version>4\.[01]):(?P<bare>[A-Z&]{3}-(\d{2}|\*)|\*)")


class Specification(msgspec.Struct, frozen=True, kw_only=True):
    """One CCM control specification."""

    id: str
    """Version-qualified: `CCM:4.1:CEK-03`."""
    version: Version
    domain: str
    """The domain's full name."""
    title: str

    @property
    def bare(self) -> str:
        """The id without its version, `CEK-03`: for titles and tables only, never a reference."""
        return self.id.rpartition(":")[2]

    @property
    def code(self) -> str:
        """The domain's code: `CEK`, `I&S`."""
        return self.bare.partition("-")[0]


class Translation(msgspec.Struct, frozen=True, kw_only=True):
    """A specification and what became of it in the other version."""

    source: str
    target: str | None
    """`None` where the other version has no such specification."""
    relation: str
    """`same-id`, `renumbered`, `prefix-rename`, `removed` (in 4.1) or `new` (in 4.1)."""
    revised: bool
    """Its words changed, be it a little: what holds for one need not hold for all of the other."""


def release(text: str) -> Version:
    """The version that a person's spelling means: 4.0 or 4.0.13, 4.1 or 4.1.0. For the edge: references are spelled one way only."""
    for version, name in RELEASES.items():
        if text in {version, name}:
            return version
    raise ValueError(f"{text!r} is not a version of the catalogue; write {' or '.join(RELEASES.values())}")


@functools.cache
def specifications(version: Version) -> tuple[Specification, ...]:
    """Every specification of a version, in CCM's own order."""
    return tuple(
        Specification(id=f"CCM:{version}:{bare}", version=version, domain=domain, title=title)
        for bare, domain, title in _rows(f"{RELEASES[version]}.csv")
    )


@functools.cache
def domains(version: Version) -> dict[str, str]:
    """Each domain's code with its name, in CCM's own order."""
    return {one.code: one.domain for one in specifications(version)}


def specification(reference: str) -> Specification:
    """The specification that a reference names. `ValueError` if it is unqualified or names none, with what was probably meant."""
    version, _ = _parsed(reference)
    known = _by_id(version)
    if reference not in known:
        near = difflib.get_close_matches(reference, known, n=1)
        raise ValueError(f"{reference} is not a specification of CCM {RELEASES[version]}{_meant(near)}")
    return known[reference]


def expand(pattern: str, version: Version) -> tuple[str, ...]:
    """The ids that a reference or a pattern such as `CCM:4.1:LOG-*` (or `CCM:4.1:*`) stands for, in order.

    `ValueError` for an unqualified one, one of another version than asked, and one that stands for nothing.
    """
    written, bare = _parsed(pattern)
    if written != version:
        raise ValueError(
            f"{pattern} is of CCM {RELEASES[written]}, but CCM {RELEASES[version]} is what this stands under"
        )
    if not bare.endswith("*"):
        return (specification(pattern).id,)
    found = tuple(one.id for one in specifications(version) if one.id.startswith(pattern[:-1]))
    if not found:
        raise ValueError(f"{pattern} stands for nothing: the domains are {', '.join(domains(version))}")
    return found


def find(text: str) -> tuple[Specification, ...]:
    """Every specification of either version whose id, title or domain holds all words of the text; 4.1 first."""
    words = text.casefold().split()
    return tuple(
        one
        for version in reversed(RELEASES)
        for one in specifications(version)
        if words and all(word in f"{one.id} {one.title} {one.domain}".casefold() for word in words)
    )


def translate(reference: str, to: Version) -> Translation:
    """What became of a specification in the other version (or itself, in its own). `ValueError` as `specification`."""
    source = specification(reference)
    if source.version == to:
        return Translation(source=source.id, target=source.id, relation="same-id", revised=False)
    return _crosswalk(to)[source.id]


def _parsed(reference: str) -> tuple[Version, str]:
    match = REFERENCE.fullmatch(reference)
    if match is None:
        raise ValueError(_readings(reference))
    version: Version = "4.0" if match["version"] == "4.0" else "4.1"
    return version, match["bare"]


def _readings(reference: str) -> str:
    """Why a reference is refused, with each thing that it could mean."""
    bare = reference.rpartition(":")[2]
    found = [one for version in RELEASES for one in specifications(version) if one.bare == bare]
    if not found:
        return (
            f"{reference!r} is not a specification: write it with its version, such as CCM:4.0:{bare} or CCM:4.1:{bare}"
        )
    if len(found) == 1:
        other = translate(found[0].id, "4.1" if found[0].version == "4.0" else "4.0")
        found += [specification(other.target)] if other.target else []
    titles = {one.title for one in found}
    named = [one.id if len(titles) == 1 else f"{one.id} ({one.title})" for one in found]
    which = f" ({found[0].title})" if len(titles) == 1 else ""
    return f"{reference!r} does not say its version as CCM references do: write {' or '.join(named)}{which}"


def _meant(near: list[str]) -> str:
    return f"; did you mean {near[0]}, {specification(near[0]).title}?" if near else ""


@functools.cache
def _by_id(version: Version) -> dict[str, Specification]:
    return {one.id: one for one in specifications(version)}


@functools.cache
def _crosswalk(to: Version) -> dict[str, Translation]:
    """From every id of the other version to its translation."""
    found = {}
    for old, new, note in _rows("crosswalk.csv"):
        relation, _, change = note.partition(";")
        ends = {"4.0": f"CCM:4.0:{old}" if old else None, "4.1": f"CCM:4.1:{new}" if new else None}
        source, target = ends["4.0" if to == "4.1" else "4.1"], ends[to]
        if source is not None:
            found[source] = Translation(source=source, target=target, relation=relation, revised=bool(change))
    return found


def _rows(name: str) -> list[list[str]]:
    text = (Path(__file__).parent / name).read_text(encoding="utf-8")
    return list(csv.reader(io.StringIO(text)))[1:]
