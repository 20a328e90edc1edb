"""`starcadence crosswalk`: the same evidence, read by the clauses of another framework."""

import csv
import io
import textwrap
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from agent.errors import UsageError
from controls import ccm
from controls import crosswalk as tables
from controls.crosswalk_results import RULE, Clause, Line, clauses

if TYPE_CHECKING:
    from agent.clauses import Sealed

WIDTH = 100
COLUMNS = (
    "service", "cycle", "ccm", "clause", "clause_result", "specification", "title", "state", "basis", "reach", "result", "confidence",
    "origin", "through",
)  # fmt: skip
UNVERIFIED = "what was read is what its manifest says; who signed it says `starcadence verify`"


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """One bundle read by the clauses of one framework."""

    framework: str
    name: str
    note: str
    rule: str
    bundle: str
    service: str
    cycle: str
    interim: bool
    simulated: bool
    ccm: str
    clauses: tuple[Clause, ...]


@click.command()
@click.option("--to", "to", metavar="NAME", help="Which framework: iso27001, csf, soc2 ...; without, all are listed.")
@click.option("--bundle", type=click.Path(path_type=Path), metavar="ZIP", help="This bundle.")
@click.option(
    "--store", metavar="PATH", help="The newest cycle of each service in this store; else in the programme's."
)
@click.option("--service", metavar="ID", help="Of a store: this service only.")
@click.option("--clause", metavar="ID", help="This clause only.")
@click.option(
    "--csa",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="The folder of CSA's own mapping; else csa beside the programme.",
)
@click.option(
    "--report",
    type=click.Path(path_type=Path),
    metavar="HTML",
    help="Write the auditor's report of the bundle anew, with CSA's mapping in its switch.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV: a row for each clause and specification.")
@click.option(
    "--programme", metavar="PATH", help="The programme file; else STARCADENCE_PROGRAMME, else ./programme.yaml."
)
def crosswalk(
    *, to: str | None, bundle: Path | None, store: str | None, service: str | None, clause: str | None, csa: Path | None,
    report: Path | None, as_json: bool, as_csv: bool, programme: str | None,
) -> None:  # fmt: skip
    """Read sealed evidence by the clauses of another framework, worst first.

    Clauses are ids only. A clause is its worst committed specification; specifications that are not committed are listed and count for
    nothing, and where none speaks of a clause nothing is shown.
    """
    from agent.commands.importing import folder_of

    if as_json and as_csv:
        raise UsageError("--json or --csv: give one of them")
    if bundle is not None and (store is not None or service is not None):
        raise UsageError(
            "--bundle names one bundle, --store and --service look for the newest; give the one or the other"
        )
    folder = csa or folder_of(programme)
    if report is not None:
        _redraw(bundle, report, folder)
    elif to is None:
        _list(folder, as_json=as_json)
    else:
        with ExitStack() as held:
            found = [_told(to, one, clause, folder) for one in _read(bundle, store, service, programme, held)]
        _print(found, as_json=as_json, as_csv=as_csv)


def _print(found: Sequence[Told], *, as_json: bool, as_csv: bool) -> None:
    click.echo(UNVERIFIED, err=True)
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(found), indent=2))
    elif as_csv:
        click.echo(_as_csv(found), nl=False)
    else:
        for line in (line for one in found for line in _lines(one)):
            click.echo(line)


def _redraw(bundle: Path | None, report: Path, folder: Path) -> None:
    """Write the report of a bundle anew, as a file of the user's."""
    from agent.csa.page import redraw

    if bundle is None:
        raise UsageError("--report draws the report of one bundle; name it (--bundle)")
    page = redraw(bundle, folder)
    try:
        report.write_text(page, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{report}: cannot be written ({error.strerror}); give another path") from None
    click.echo(
        f"{report}: the report of {bundle}, with CSA's own mapping and texts; it stands in no bundle, and CSA's terms hold for it"
    )


def _list(folder: Path, *, as_json: bool) -> None:
    """Every framework, and by which tables it is reached."""
    from agent.csa.mapping import ORIGIN, choose, others

    chosen = [choose(name, "4.1", folder) for name in (*(one.id for one in tables.FRAMEWORKS), *others(folder))]
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode([one.framework for one in chosen]), indent=2))
        return
    for one in chosen:
        how = "our own table" if one.framework.via == "" else "our table to SP 800-53, and from there"
        said = [ORIGIN if one.imported else how, one.framework.note if not one.imported else ""]
        head = f"{one.framework.id:<18}{one.framework.name} ({len(one.clauses)} clauses)"
        click.echo(_wrapped(f"{head}: {'; '.join(filter(None, said))}", 18))


def _read(
    bundle: Path | None, store: str | None, service: str | None, programme: str | None, held: ExitStack
) -> tuple["Sealed", ...]:
    """The bundles that the command line asks for."""
    from agent.clauses import newest, sealed

    if bundle is not None:
        return (sealed(bundle),)
    if store is None:
        from agent.opening import read_programme

        store = read_programme(programme).store
    from agent.stores.naming import is_remote

    if not is_remote(store):
        return newest(Path(store), service)
    from agent.stores.mirror import fetched

    return newest(held.enter_context(fetched(store)), service)


def _told(name: str, one: "Sealed", clause: str | None, folder: Path) -> Told:
    from agent.csa.mapping import choose

    try:
        chosen = choose(name, one.version, folder)
    except ValueError as error:
        raise UsageError(str(error)) from None
    found = clauses(
        chosen.clauses, chosen.links, {row.specification: row for row in one.rows},
        {each.id: each.title for each in ccm.specifications(one.version)},
    )  # fmt: skip
    if clause is not None and clause not in chosen.clauses:
        raise UsageError(
            f"{chosen.framework.name} has no clause {clause!r} in this table; `starcadence crosswalk --to {name}` lists them"
        )
    return Told(
        framework=name, name=chosen.framework.name, note=chosen.framework.note, rule=RULE, bundle=one.path.name, service=one.service,
        cycle=one.cycle, interim=one.interim, simulated=one.simulated, ccm=one.ccm,
        clauses=tuple(each for each in found if clause in {None, each.clause}),
    )  # fmt: skip


def _lines(told: Told) -> Iterator[str]:
    marks = [word for word, said in (("SIMULATED", told.simulated), ("INTERIM", told.interim)) if said]
    yield f"{told.name}, by the evidence of {told.service} {told.cycle} (CCM {told.ccm}){''.join(f', {one}' for one in marks)}"
    yield from (
        _wrapped(text, 2)
        for text in (f"  {told.rule}", f"  {told.note[:1].upper()}{told.note[1:]}.")
        if text.strip(" .")
    )
    silent = [one.clause for one in told.clauses if not one.specifications]
    for one in told.clauses:
        if one.specifications:
            said = one.result.value if one.result else "nothing shown"
            yield f"{one.clause}: {said}; {one.committed} of {len(one.specifications)} specifications committed"
            yield from map(_line, one.specifications)
    if silent:
        yield _wrapped(f"No specification speaks of {', '.join(silent)}.", 2)
    yield ""


def _line(line: Line) -> str:
    said = (
        f"{line.result.value if line.result else 'no result'}, {line.basis}"
        if line.state == "committed"
        else line.state
    )
    through = f", by {' '.join(line.through)}" if line.through else ""
    return f"  {line.specification:<16}{said} ({line.confidence}{through}) {line.title}"


def _as_csv(found: Sequence[Told]) -> str:
    from agent.activity import harmless

    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for told in found:
        for one in told.clauses:
            start = (told.service, told.cycle, told.ccm, one.clause, one.result or "")
            for line in one.specifications:
                writer.writerow(
                    [harmless(cell) for cell in (
                        *start, line.specification, line.title, line.state, line.basis, line.reach, line.result or "", line.confidence,
                        line.origin, " ".join(line.through),
                    )]
                )  # fmt: skip
            if not one.specifications:
                writer.writerow([*start, *("" for _ in COLUMNS[len(start) :])])
    return text.getvalue()


def _wrapped(text: str, indent: int) -> str:
    return textwrap.fill(text, WIDTH, subsequent_indent=" " * indent, break_on_hyphens=False)
