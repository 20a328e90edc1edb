"""`starcadence review`: read the deviations of a sealed cycle, answer each of them, and sign. No result is changed."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from agent.errors import UsageError
from agent.opening import now, open_agent, open_for_reading, read_programme

if TYPE_CHECKING:
    from agent.journal import Entry
    from agent.reading import Loaded
    from agent.reviewing import SealedCycle


@click.command()
@click.argument("cycle")
@click.option("--service", metavar="ID", help="The service, where the cycle is sealed for several.")
@click.option("--reviewer", metavar="NAME", help="Who has reviewed it; else as the answers say.")
@click.option(
    "--answers", metavar="FILE", type=click.Path(path_type=Path), help="The answers; with them the review is signed."
)
@click.option("--template", is_flag=True, help="Print an answers file to fill in.")
@click.option(
    "--key", metavar="PEM", type=click.Path(path_type=Path),
    help="The reviewer's own private key: the approval is proven, not declared.",
)  # fmt: skip
@click.option(
    "--programme", metavar="PATH", help="The programme file; else STARCADENCE_PROGRAMME, else ./programme.yaml."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def review(
    *, cycle: str, service: str | None, reviewer: str | None, answers: Path | None, template: bool, key: Path | None,
    programme: str | None, as_json: bool,
) -> None:  # fmt: skip
    """Show the deviations of a sealed CYCLE; with --answers, sign the management assertion over it.

    `review 2026-09 --template > answers.yaml`, fill it in, then `review 2026-09 --answers answers.yaml --reviewer "Ada Beispiel"`.
    A cycle without deviations is signed with --reviewer alone.
    """
    from agent.answers import template as print_template
    from agent.reviewing import sealed_cycle, standing

    if template and (answers or reviewer):
        raise UsageError("--template prints an empty answers file; give it without --answers and --reviewer")
    loaded = read_programme(programme)
    store, journal = open_for_reading(loaded)
    sealed = sealed_cycle(store, journal, cycle, service)
    report = sealed.report
    if template:
        click.echo(
            print_template(
                sealed.past.service, cycle, report.deviations, report.exceptions, tuple(loaded.programme.owners)
            ),
            nl=False,
        )
    elif answers is None and (reviewer is None or report.deviations):
        if reviewer is not None:
            raise UsageError(
                f"{len(report.deviations)} deviations are to be answered: `starcadence review {cycle} --template` prints a file to fill in"
            )
        _show(sealed, standing(journal, sealed), as_json=as_json)
    else:
        _say(_sign(loaded, sealed, answers, reviewer, key), as_json=as_json)


def _sign(
    loaded: "Loaded", sealed: "SealedCycle", answers: Path | None, reviewer: str | None, key: Path | None
) -> "Entry":
    from agent.answers import Response, read
    from agent.keys import load_signer
    from agent.reviewing import sign
    from agent.running import require_commitment

    given: tuple[Response, ...] = ()
    if answers is not None:
        said, given = read(
            answers, sealed.past.service, sealed.past.cycle, sealed.report.deviations, loaded.programme.owners
        )
        reviewer = reviewer or said.reviewer
    agent = open_agent(loaded)
    require_commitment(agent)
    own = load_signer(key) if key else None
    return sign(
        agent.store, agent.journal, sealed, given, reviewer=reviewer or "", programme=agent.press.signer, own=own, now=now()
    )  # fmt: skip


def _show(sealed: "SealedCycle", entry: "Entry | None", *, as_json: bool) -> None:
    from agent.answers import deviation_key
    from agent.canonical import encode

    past, found = sealed.past, sealed.report.deviations
    if as_json:
        rows = [{"key": deviation_key(one.check, one.resource), "deviation": one} for one in found]
        value: dict[str, Any] = {"service": past.service, "cycle": past.cycle, "manifest": past.manifest}
        click.echo(encode({**value, "reviewed": entry.body if entry else None, "deviations": rows}))
        return
    click.echo(f"{past.service} {past.cycle}, sealed {past.state}: {len(found)} deviations")
    for one in found:
        covered = f", under the approved exception {one.exception}" if one.exception else ""
        click.echo(f"{deviation_key(one.check, one.resource)}  {one.severity}  {one.check}{covered}")
        click.echo(
            f"  {one.resource} ({one.account} {one.region}), failing since {one.failing_by:%Y-%m-%d}: {one.reason}"
        )
    if entry is None:
        click.echo(f"not reviewed yet: `starcadence review {past.cycle} --template` prints an answers file")
    else:
        click.echo(_words(entry))


def _say(entry: "Entry", *, as_json: bool) -> None:
    from agent.canonical import encode

    click.echo(encode(entry.body) if as_json else _words(entry))


def _words(entry: "Entry") -> str:
    body = entry.body
    return (
        f"{body['service']} {body['cycle']}: reviewed by {body['reviewer']} on {entry.at:%Y-%m-%d}"
        f"{', late' if body['late'] else ''} ({body['approval']}), {body['deviations']} deviations answered, {body['disputed']} disputed"
    )
