"""The auditor's report of a bundle drawn anew with what the user imported of CSA's: a file of the user's, outside of every bundle."""

from pathlib import Path

import msgspec

from agent.archive import Archive
from agent.csa.library import Library, load
from agent.csa.mapping import choose, others
from agent.edition import read
from agent.errors import UsageError
from agent.page import render
from agent.page.clauses import Table, tables
from agent.report import Report
from controls import ccm
from controls.crosswalk import of_specifications

LARGEST = 1 << 29


def redraw(bundle: Path, folder: Path) -> str:
    """The page of a bundle's report, with CSA's mapping and texts in its switch.

    Raises `UsageError` without an import, or for a bundle of another edition or of another version of ours.
    """
    if not any(load(folder, version) for version in ccm.RELEASES):
        raise UsageError(
            f"{folder}: nothing of CSA's was imported there; type `starcadence catalog import` with CSA's file"
        )
    with Archive.open(bundle) as archive:
        edition = read(archive)
        if "report.json" not in edition.tiers:
            raise UsageError(f"{bundle}: the {edition.tier} edition has no auditor's report; give the whole bundle")
        data = edition.read("report.json", LARGEST)
    try:
        report = msgspec.json.decode(data, type=Report)
    except msgspec.MsgspecError as error:
        raise UsageError(
            f"{bundle}: its report is of another version of Starcadence ({error}); install that version"
        ) from None
    return render(report, switch=switch(report, folder))


def switch(report: Report, folder: Path) -> tuple[Table, ...]:
    """The frameworks of the switch: CSA's where they were imported, with those that only CSA has, and last its words."""
    version = ccm.release(report.ccm)
    ids = [row.id for row in report.specifications]
    ours = {one.id: one for one in tables(report)}
    mapped = tuple(_mapped(name, ours.get(name), version, ids, folder) for name in (*ours, *others(folder)))
    return (*mapped, *_words(load(folder, version), ids))


def _mapped(name: str, own: Table | None, version: ccm.Version, ids: list[str], folder: Path) -> Table:
    chosen = choose(name, version, folder)
    if own is not None and not chosen.imported:
        return own
    clauses = of_specifications(one for one in chosen.links if one.confidence != "low")
    lines = "\n".join("; ".join(clauses.get(one, ())) for one in ids)
    return Table(id=name, name=chosen.framework.name, note=chosen.framework.note, lines=lines)


def _words(library: Library | None, ids: list[str]) -> tuple[Table, ...]:
    """CSA's own words as one more choice, a line for each specification."""
    if library is None or not library.texts:
        return ()
    lines = "\n".join(" ".join(library.texts.get(one, "").split()) for one in ids)
    return (
        Table(
            id="ccm-words", name=f"CCM {library.version} in CSA's own words", note="as you imported them", lines=lines
        ),
    )
