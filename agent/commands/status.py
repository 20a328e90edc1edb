"""`starcadence status`: where the programme stands, from the store alone."""

import click

from agent.opening import now, open_for_reading, packs_of, read_programme
from agent.words import outlook_lines


@click.command()
@click.option(
    "--programme", metavar="PATH", help="The programme file; else STARCADENCE_PROGRAMME, else ./programme.yaml."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def status(programme: str | None, as_json: bool) -> None:  # noqa: FBT001 (click's signature)
    """Say where the programme stands and what is due next. Asks no cloud."""
    from agent.canonical import encode
    from agent.outlook import outlook
    from agent.packs import standing
    from controls.catalogue import CHECKS

    loaded = read_programme(programme)
    store, journal = open_for_reading(loaded)
    view = outlook(
        store, journal, standing(store, packs_of(journal), CHECKS), loaded.exceptions, now(), loaded.programme
    )
    if as_json:
        click.echo(encode(view))
        return
    for line in outlook_lines(view):
        click.echo(line)
