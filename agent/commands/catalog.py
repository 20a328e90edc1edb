"""`starcadence catalog`: specifications, checks, and what the one says of the other. Reads nothing but the installed package."""

import textwrap
from collections.abc import Iterable, Sequence

import click
import msgspec

from agent.errors import UsageError
from controls import ccm
from controls.catalogue import CHECKS, linked, links
from controls.check import Check
from controls.coverage import CLOUDS, Row, proven
from controls.coverage import coverage as rows_of
from controls.reasons import reason

WIDTH = 80
DEFAULT = "4.1.0"
Line = tuple[str, ...]


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def catalog() -> None:
    """List, search and translate specifications and checks."""


@catalog.command("list")
@click.option("--ccm", "version", default=DEFAULT, show_default=True, metavar="VERSION", help="4.0.13 or 4.1.0.")
@click.option("--domain", metavar="CODE", help="One domain only, such as CEK or I&S.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_(version: str, domain: str | None, as_json: bool) -> None:  # noqa: FBT001 (click's signature)
    """Every specification, with the checks that speak of it or why none does."""
    edition = _release(version)
    codes = ccm.domains(edition)
    if domain is not None and domain not in codes:
        raise UsageError(f"CCM {ccm.RELEASES[edition]} has no domain {domain!r}; it has {', '.join(codes)}")
    _print_specifications([one for one in ccm.specifications(edition) if domain in {None, one.code}], as_json)


@catalog.command()
@click.argument("text", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def search(text: tuple[str, ...], as_json: bool) -> None:  # noqa: FBT001 (click's signature)
    """Specifications of either version whose id, title or domain holds all words of TEXT."""
    found = ccm.find(" ".join(text))
    if not found and not as_json:
        click.echo(f"nothing holds {' '.join(text)!r}; titles are CCM's own words: try fewer", err=True)
    _print_specifications(found, as_json)


@catalog.command()
@click.argument("reference", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def translate(reference: str, as_json: bool) -> None:  # noqa: FBT001 (click's signature)
    """What became of a specification in the other version: CCM:4.0:IAM-13, CCM:4.1:LOG-12."""
    source = _known(reference)
    way = ccm.translate(source.id, "4.0" if source.version == "4.1" else "4.1")
    target = ccm.specification(way.target) if way.target else None
    if as_json:
        _print_json({**msgspec.to_builtins(way), "titles": [source.title, target.title if target else None]})
        return
    _print_table(
        [
            (source.id, source.title),
            (target.id, target.title) if target else ("none", "the other version has none such"),
        ]
    )
    click.echo(
        f"{way.relation}; {'its words were revised' if way.revised else 'its words stand'}" if target else way.relation
    )


@catalog.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def checks(as_json: bool) -> None:  # noqa: FBT001 (click's signature)
    """Every check: what it judges and reads, how it tests, and how far it reaches into which specification."""
    if as_json:
        _print_json([_described(each) for each in CHECKS])
        return
    for each in CHECKS:
        kinds = f" ({', '.join(each.kinds)})" if each.kinds else ""
        parameters = "".join(f", {name} {value}" for name, value in each.parameters.items())
        click.echo(f"{each.name}\n  {each.title}")
        _print_table(
            [
                ("  judges", f"{each.judges.__name__}{kinds}"),
                ("  reads", f"{', '.join(each.reads)}{parameters}"),
                ("  severity", f"{each.severity}{f', feeds {each.metric}' if each.metric else ''}"),
                *(("  speaks of", f"{link.specification} ({link.reach}): {link.words}") for link in links(each, "4.1")),
            ]
        )
        click.echo()


@catalog.command()
@click.option("--ccm", "version", default=DEFAULT, show_default=True, metavar="VERSION", help="4.0.13 or 4.1.0.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def coverage(version: str, as_json: bool) -> None:  # noqa: FBT001 (click's signature)
    """What counts as covered: facts that a collector learns, judged by a check that has been seen passing and failing."""
    from collectors.aws.catalogue import COLLECTORS

    edition = _release(version)
    rows = rows_of(edition, COLLECTORS, {cloud: proven(cloud) for cloud in CLOUDS})
    if as_json:
        _print_json([row.public() for row in rows])
        return

    def cell(row: Row) -> str:
        clouds = "; ".join(f"{cloud}: {', '.join(names)}" for cloud in CLOUDS if (names := getattr(row, cloud)))
        return "\n".join(
            each for each in (row.title, clouds, f"unseen: {row.unseen}" if clouds else row.unseen) if each
        )

    _print_table([(row.specification, row.reach, cell(row)) for row in rows])
    reached = sum(row.reach != "none" for row in rows)
    click.echo(f"{reached} of {len(rows)} specifications of CCM {ccm.RELEASES[edition]} are covered in full or in part")


def _described(check: Check) -> dict[str, object]:
    """A check as JSON; its links in both versions."""
    spoken = [msgspec.to_builtins(link) for version in ccm.RELEASES for link in links(check, version)]
    return {
        "name": check.name, "title": check.title, "rationale": check.rationale, "judges": check.judges.__name__, "kinds": check.kinds,
        "reads": check.reads, "parameters": check.parameters, "severity": check.severity, "remediation": check.remediation,
        "metric": check.metric, "observes": check.observes, "links": spoken, "digest": check.digest,
    }  # fmt: skip


def _print_specifications(found: Sequence[ccm.Specification], as_json: bool) -> None:  # noqa: FBT001 (a format, as the option is)
    names = {one.id: [check.name for check, _ in linked(one.id)] for one in found}
    if as_json:
        _print_json([{**msgspec.to_builtins(one), "checks": names[one.id], "reason": reason(one.id)} for one in found])
        return
    heading = ""
    for one in found:
        if heading != (heading := f"{one.domain} (CCM {ccm.RELEASES[one.version]})"):
            click.echo(f"\n{heading}")
        _print_table([(f"  {one.id}", f"{one.title}\n{', '.join(names[one.id]) or f'none: {reason(one.id)}'}")])


def _known(reference: str) -> ccm.Specification:
    """The specification that a person means, who may spell the version as a release."""
    for version, name in ccm.RELEASES.items():
        reference = reference.replace(f"CCM:{name}:", f"CCM:{version}:", 1)
    try:
        return ccm.specification(reference)
    except ValueError as refused:
        raise UsageError(str(refused)) from refused


def _release(text: str) -> ccm.Version:
    try:
        return ccm.release(text)
    except ValueError as refused:
        raise UsageError(str(refused)) from refused


def _print_json(value: object) -> None:
    click.echo(msgspec.json.format(msgspec.json.encode(value), indent=2))


def _print_table(lines: Iterable[Line]) -> None:
    """Columns as wide as their widest cell; the last one wrapped, so that a line fits a terminal of 80 columns."""
    rows = list(lines)
    widths = [max(len(row[column]) for row in rows) + 2 for column in range(len(rows[0]) - 1)] if rows else []
    for row in rows:
        start = "".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False))
        room = max(WIDTH - len(start), 20)
        wrapped = [line for part in row[-1].split("\n") for line in textwrap.wrap(part, room, break_on_hyphens=False)]
        click.echo("\n".join((" " * len(start) if number else start) + line for number, line in enumerate(wrapped)))
