"""`starcadence requests`: which papers are needed, from whom and by when."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from agent.errors import UsageError
from agent.opening import now, open_agent, open_for_reading, read_programme

if TYPE_CHECKING:
    from agent.requests import Request, State

PROGRAMME = click.option(
    "--programme", metavar="PATH", help="The programme file; else STARCADENCE_PROGRAMME, else ./programme.yaml."
)


@click.group(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--owner", metavar="NAME", help="Only what is needed from this owner.")
@PROGRAMME
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def requests(context: click.Context, *, owner: str | None, programme: str | None, as_json: bool) -> None:
    """List which papers are needed, from whom and by when: what the programme shows to be missing, and what auditors ask for."""
    if context.invoked_subcommand is not None:
        return
    from agent.canonical import encode
    from agent.dossier import last_kept
    from agent.requests import requests as listed

    loaded = read_programme(programme)
    if owner is not None and owner not in loaded.programme.owners:
        raise UsageError(f"{owner!r} is not under `owners`; known are: {', '.join(sorted(loaded.programme.owners))}")
    store, journal = open_for_reading(loaded)
    kept = last_kept(store, journal.entries)
    every = listed(loaded.programme, loaded.desk.present(kept), kept, journal.entries, now())
    found = tuple(one for one in every if owner in (None, one.owner))
    if as_json:
        click.echo(encode(found))
        return
    for one in found:
        _say(one)
    click.echo(f"{len(found)} requests" if found else "nothing is needed")


@requests.command("import")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--by", metavar="NAME", required=True, help="Who asks.")
@PROGRAMME
def import_(*, file: Path, by: str, programme: str | None) -> None:
    """Take in an auditor's list, a CSV FILE with the columns id, what, owner, due, specifications.

    A row whose id is known replaces it; the same list again changes nothing.
    """
    from agent.requests import take_in
    from agent.running import require_commitment

    loaded = read_programme(programme)
    try:
        text = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file} cannot be read ({error}); give a CSV file in UTF-8") from error
    agent = open_agent(loaded)
    require_commitment(agent)
    news = take_in(agent.journal, str(file), text, by=by, owners=loaded.programme.owners, now=now())
    click.echo(f"{len(news)} requests of {by} taken in" if news else "nothing new")


@requests.command()
@click.argument("identity", metavar="ID")
@click.argument("state", type=click.Choice(["provided", "accepted", "returned"]))
@click.option("--by", metavar="NAME", required=True, help="Who says so.")
@click.option("--note", metavar="TEXT", default="", help="What is to be said with it.")
@PROGRAMME
def mark(*, identity: str, state: "State", by: str, note: str, programme: str | None) -> None:
    """Write down that the request ID of an auditor was provided, accepted or returned."""
    from agent.requests import mark as write_down
    from agent.running import require_commitment

    agent = open_agent(read_programme(programme))
    require_commitment(agent)
    write_down(agent.journal, identity, state, by=by, note=note, now=now())
    click.echo(f"{identity} is {state}")


def _say(one: "Request") -> None:
    due = f", due {one.due}" if one.due else ""
    late = " overdue" if one.overdue(now().date()) else ""
    click.echo(f"{one.id}  {one.state}{late}  {one.owner or 'nobody yet'}{due}  ({one.origin})")
    click.echo(f"  {' '.join(one.specifications)}: {one.what}" if one.specifications else f"  {one.what}")
    if one.note:
        click.echo(f"  said: {one.note}")
