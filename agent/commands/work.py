"""`starcadence work`: what is to be done, by whom and by when."""

import csv
import io
import os
import time
from typing import TYPE_CHECKING

import click

from agent.errors import Incomplete, UsageError
from agent.opening import now, open_for_reading, read_programme

if TYPE_CHECKING:
    from agent.reading import Loaded
    from agent.work import Item


@click.command()
@click.option("--owner", metavar="NAME", help="Only what is this owner's.")
@click.option("--send", is_flag=True, help="Send each owner their digest, by the webhook that the programme names.")
@click.option(
    "--programme", metavar="PATH", help="The programme file; else STARCADENCE_PROGRAMME, else ./programme.yaml."
)
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def work(*, owner: str | None, send: bool, programme: str | None, as_csv: bool, as_json: bool) -> None:
    """List what is to be done: what fails, what stays unknown, exceptions that end, seals, reviews, publications and renewals due.

    One item per check, account and owner, under a key that stays the same. Asks no cloud.
    """
    from agent.canonical import encode

    if as_csv and as_json:
        raise UsageError("give --csv or --json")
    loaded = read_programme(programme)
    if owner is not None and owner not in loaded.programme.owners:
        raise UsageError(f"{owner!r} is not under `owners`; known are: {', '.join(sorted(loaded.programme.owners))}")
    items = tuple(one for one in gather(loaded) if owner in (None, one.owner))
    if send:
        _send(loaded, items)
    elif as_json:
        click.echo(encode(items))
    elif as_csv:
        click.echo(_table(items), nl=False)
    else:
        _list(items)


def gather(loaded: "Loaded") -> "tuple[Item, ...]":
    """The work of a programme as it stands in its store."""
    from agent.observed import observe
    from agent.renewal import renewals
    from agent.steps import lives
    from agent.work import work as listed
    from controls.catalogue import CHECKS

    store, journal = open_for_reading(loaded)
    at, said = now(), loaded.programme
    observed = observe(store, journal, said, loaded.exceptions)
    due = renewals(said, journal.entries, at)
    return listed(said, observed, lives(journal.entries, at), due, loaded.exceptions, CHECKS, at)


def _send(loaded: "Loaded", items: "tuple[Item, ...]") -> None:
    from agent.digests import deliver, letters

    waiting = letters(loaded.programme, items, now())
    if not waiting:
        click.echo("nothing to send: no owner with work has a webhook")
        return
    failed = []
    for letter, sent in deliver(waiting, os.environ, time.sleep):
        if sent.ok:
            click.echo(f"{letter.owner}: {len(letter.event.data['items'])} items sent by {letter.route}")
        else:
            failed.append(f"{letter.owner}: not sent by {letter.route} in {sent.tries} tries ({sent.words})")
    if failed:
        raise Incomplete("\n".join(failed))


def _list(items: "tuple[Item, ...]") -> None:
    for one in items:
        due = f", due {one.due:%Y-%m-%d}" if one.due else ""
        due += f", promised for {one.promised}" if one.promised else ""
        due += f", {' '.join(one.tickets)}" if one.tickets else ""
        again = ", reopened" if one.reopened else ""
        many = f" ({one.count} resources)" if one.count > 1 else f" ({one.resources[0]})" if one.resources else ""
        about = " ".join(filter(None, [one.severity, one.check, one.account])) or " ".join(one.services)
        click.echo(f"{one.key}  {one.state} {one.kind}{again}  {one.owner}{due}")
        click.echo(f"  {about}{many}: {one.words}")
    click.echo(f"{len(items)} items" if items else "nothing is to be done")


def _table(items: "tuple[Item, ...]") -> str:
    import msgspec

    from agent.activity import harmless
    from agent.work import Item

    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(Item.__struct_fields__)
    for one in items:
        values = msgspec.to_builtins(one)
        cells = (" ".join(value) if isinstance(value, tuple | list) else value for value in values.values())
        writer.writerow([harmless(cell) for cell in cells])
    return text.getvalue()
