"""`starcadence work`: what is to be done, by whom and by when."""

import csv
import io
import os
import time
from typing import TYPE_CHECKING

import click

from agent.errors import Incomplete, UsageError
from agent.opening import now, open_for_reading, packs_of, read_programme

if TYPE_CHECKING:
    from agent.reading import Loaded
    from agent.work import Item


@click.command()
@click.option("--owner", metavar="NAME", help="Only what is this owner's.")
@click.option(
    "--send", is_flag=True, help="Send each owner their digest, by webhook, chat or mail as the programme says."
)
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
    from agent.digesting import to_do
    from agent.packs import standing
    from controls.catalogue import CHECKS

    store, journal = open_for_reading(loaded)
    return to_do(store, journal, loaded, standing(store, packs_of(journal), CHECKS), now())


def _send(loaded: "Loaded", items: "tuple[Item, ...]") -> None:
    """By webhook or chat where an owner has one, else by mail."""
    from agent.digesting import Postbox, send_all

    done = send_all(loaded, items, now(), Postbox(environment=os.environ, sleep=time.sleep))
    if not done:
        click.echo("nothing to send: no owner with work has a webhook or is reached by mail")
        return
    for one in done:
        if one.ok:
            click.echo(f"{one.owner}: {sum(item.owner == one.owner for item in items)} items sent by {one.route}")
    failed = [f"{one.owner}: not sent by {one.route} {one.words}" for one in done if not one.ok]
    if failed:
        raise Incomplete("\n".join(failed))


def _list(items: "tuple[Item, ...]") -> None:
    from agent.digests import lines

    for line in lines(items):
        click.echo(line)
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
