"""From CCM specifications to the clauses of other frameworks, by id: our table to NIST SP 800-53 r5, public tables from there, and our own.

The CSV files under `crosswalks/` hold ids only, each row with its origin. What comes through a second table is never of high
confidence, and what comes through the control of which ours is an enhancement is of low confidence. All is authored for CCM 4.1; a
specification of 4.0 has the links of its successor, less sure where its words changed.
"""

import csv
import difflib
import functools
import io
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

import msgspec

from controls import ccm

Confidence = Literal["high", "medium", "low"]
CONFIDENCES: tuple[Confidence, ...] = ("high", "medium", "low")
"""Surest first."""
OWN = "our own"
"""The origin of what we authored ourselves; any other origin names who published the table."""
BASE = "800-53"


class Framework(msgspec.Struct, frozen=True, kw_only=True):
    """One framework whose clauses can be read."""

    id: str
    """As `--to` takes it, and the name of its CSV file, but for 800-53 itself."""
    name: str
    via: Literal["", "800-53", "same"] = "800-53"
    """How specifications reach it: by a table of ours, through SP 800-53 and its table, or as those of its controls that it selects."""
    note: str = ""
    """What a reader must know of its ids."""


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """A specification that speaks of a clause."""

    clause: str
    specification: str
    confidence: Confidence
    origin: str
    """`our own`, or both tables: `our own; NIST OLIR 186`."""
    through: tuple[str, ...] = ()
    """The SP 800-53 controls by which it was found, if it was."""


NIST = "NIST's Online Informative References program"
FRAMEWORKS = (
    Framework(id="800-53", name="NIST SP 800-53 r5", via=""),
    Framework(id="csf", name="NIST CSF 2.0", note=f"by {NIST}, reference 186, which NIST does not call comprehensive"),
    Framework(id="iso27001", name="ISO/IEC 27001:2022 Annex A", note=f"by {NIST}, reference 155; four clauses by rows of our own besides"),
    Framework(id="hipaa", name="HIPAA Security Rule, 45 CFR 164", note="by NIST SP 800-66 r2; clauses as the rule numbers them since 2013"),
    Framework(id="fedramp-ksi", name="FedRAMP 20x Key Security Indicators", note="by FedRAMP's own reference to SP 800-53"),
    Framework(id="fedramp-low", name="FedRAMP Rev 5 Low baseline", via="same"),
    Framework(id="fedramp-moderate", name="FedRAMP Rev 5 Moderate baseline", via="same"),
    Framework(id="fedramp-high", name="FedRAMP Rev 5 High baseline", via="same"),
    Framework(id="sp800-161", name="NIST SP 800-161 r1", via="same", note="our own selection of its controls: NIST's table is not in here"),
    Framework(id="soc2", name="AICPA Trust Services Criteria 2017", via=""),
    Framework(id="pci", name="PCI DSS 4.0", via=""),
    Framework(id="iso27017", name="ISO/IEC 27017:2015", via=""),
    Framework(id="iso27018", name="ISO/IEC 27018:2019 Annex A", via=""),
    Framework(id="ffiec", name="FFIEC IT Handbook, Information Security", via="", note="sections of the booklet of 2016"),
    Framework(id="eba", name="EBA guidelines on ICT risk and on outsourcing", via="", note="sections of GL/2019/04 and GL/2019/02"),
    Framework(id="mas-trm", name="MAS Technology Risk Management Guidelines 2021", via=""),
    Framework(id="apra-cps-234", name="APRA CPS 234", via="", note="paragraphs"),
    Framework(id="rbi", name="RBI Master Direction on IT governance 2023", via="", note="whole chapters"),
    Framework(id="hkma", name="HKMA Supervisory Policy Manual", via="", note="sections of TM-G-1; TM-G-2 and SA-2 as a whole"),
)  # fmt: skip
"""In the order in which they are listed."""


def framework(text: str) -> Framework:
    """The framework that a person names. `ValueError` with all of them, or with the one that was probably meant."""
    known = {one.id: one for one in FRAMEWORKS}
    if text in known:
        return known[text]
    near = difflib.get_close_matches(text.casefold(), known, n=1)
    meant = f" (did you mean {near[0]}?)" if near else ""
    raise ValueError(f"{text!r} is no framework that we have a crosswalk to{meant}; there are {', '.join(known)}")


@functools.cache
def clauses(name: str) -> tuple[str, ...]:
    """Every clause of a framework that its table names, in the framework's own order."""
    if name == BASE:
        return tuple(sorted({one.clause for one in links(BASE, "4.1")}, key=natural))
    return tuple(dict.fromkeys(row[0] for row in _rows(name)))


@functools.cache
def links(name: str, version: ccm.Version) -> tuple[Link, ...]:
    """Every link of a framework's clauses with the specifications of a CCM version, by clause and specification, in CCM's order."""
    found = _authored(name) if framework(name).via == "" else tuple(_through(name))
    if version == "4.0":
        found = tuple(_of_before(found))
    order = {one.id: place for place, one in enumerate(ccm.specifications(version))}
    ranks = {clause: place for place, clause in enumerate(dict.fromkeys(one.clause for one in found))}
    if name != BASE:
        ranks = {clause: place for place, clause in enumerate(clauses(name))}
    return tuple(sorted(found, key=lambda one: (ranks[one.clause], order[one.specification])))


def of_specifications(found: Iterable[Link]) -> dict[str, tuple[str, ...]]:
    """Specification -> its clauses, the surest first and then in the framework's order; only those that some link names."""
    grouped: dict[str, list[Link]] = {}
    for link in found:
        grouped.setdefault(link.specification, []).append(link)
    return {
        name: tuple(one.clause for one in sorted(mine, key=lambda one: CONFIDENCES.index(one.confidence)))
        for name, mine in grouped.items()
    }


def base_of(control: str) -> str:
    """The control that an enhancement enhances: `AC-2` for `AC-2(1)`; a control itself is its own."""
    return control.partition("(")[0]


def lowered(confidence: Confidence, steps: int = 1) -> Confidence:
    """A confidence some steps less sure, `low` at the least."""
    return CONFIDENCES[min(CONFIDENCES.index(confidence) + steps, len(CONFIDENCES) - 1)]


def _authored(name: str) -> tuple[Link, ...]:
    """The links of a table of our own."""
    if name == BASE:
        return tuple(
            Link(clause=control, specification=specification, confidence=_confidence(sure), origin=origin)
            for specification, controls, sure, origin in _rows("nist-800-53")
            for control in controls.split()
        )
    return tuple(
        Link(clause=clause, specification=specification, confidence=_confidence(sure), origin=origin)
        for clause, named, sure, origin in _rows(name)
        for specification in named.split()
    )


def _through(name: str) -> Iterable[Link]:
    """The links that our table and the framework's own make together: one for each clause and specification, the surest."""
    same = framework(name).via == "same"
    by_control: dict[str, list[Link]] = {}
    for link in links(BASE, "4.1"):
        by_control.setdefault(link.clause, []).append(link)
    found: dict[tuple[str, str], Link] = {}
    for clause, named, origin in _rows(name):
        wanted = set(named.split())
        for control, reaching in by_control.items():
            steps = _steps(control, wanted, same=same)
            for link in reaching if steps is not None else ():
                said = f"{OWN}; {origin}" if origin != OWN else OWN
                made = Link(
                    clause=clause, specification=link.specification, confidence=lowered(link.confidence, steps or 0), origin=said,
                    through=(control,),
                )  # fmt: skip
                key = (clause, link.specification)
                found[key] = _surer(found[key], made) if key in found else made
    return found.values()


def _steps(control: str, wanted: set[str], *, same: bool) -> int | None:
    """How much less sure a link becomes that goes through this control; `None` where the clause does not name it."""
    if control in wanted:
        return 0 if same else 1
    return 2 if not same and base_of(control) in wanted else None


def _surer(one: Link, other: Link) -> Link:
    """Two ways to the same clause as one link."""
    first = min(one, other, key=lambda link: CONFIDENCES.index(link.confidence))
    through = tuple(sorted({*one.through, *other.through}, key=natural))
    return msgspec.structs.replace(first, through=through)


def _of_before(found: Iterable[Link]) -> Iterable[Link]:
    """The links of 4.0: those of each specification's successor in 4.1."""
    before = {
        way.target: way for one in ccm.specifications("4.0") if (way := ccm.translate(one.id, "4.1")).target is not None
    }
    for link in found:
        old = before.get(link.specification)
        if old is not None:
            sure = lowered(link.confidence) if old.revised else link.confidence
            yield msgspec.structs.replace(link, specification=old.source, confidence=sure)


def _confidence(text: str) -> Confidence:
    return next(one for one in CONFIDENCES if one == text)


def natural(text: str) -> tuple[tuple[int, str], ...]:
    """A key to sort ids by, numbers by their size: `AC-2` before `AC-10`."""
    return tuple((int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", text))


@functools.cache
def _rows(name: str) -> tuple[tuple[str, ...], ...]:
    text = (Path(__file__).parent / "crosswalks" / f"{name}.csv").read_text(encoding="utf-8")
    return tuple(tuple(row) for row in csv.reader(io.StringIO(text)))[1:]
