"""`starcadence activity`: who did what and when, from the journal."""

import click

from agent.errors import UsageError
from agent.opening import open_for_reading, read_programme


@click.command()
@click.option(
    "--programme", metavar="PATH", help="The programme file; else STARCADENCE_PROGRAMME, else ./programme.yaml."
)
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def activity(*, programme: str | None, as_csv: bool, as_json: bool) -> None:
    """Say who did what and when: commitment, changes with digests before and after, seals, reviews, publications, submissions, lapses.

    An approval is proven where a person's own key signed it, declared where it was typed.
    """
    from agent.activity import activity as tell
    from agent.activity import as_csv as table
    from agent.canonical import encode

    if as_csv and as_json:
        raise UsageError("give --csv or --json")
    _, journal = open_for_reading(read_programme(programme))
    found = tell(journal.entries)
    if as_json:
        click.echo(encode(found))
    elif as_csv:
        click.echo(table(found), nl=False)
    else:
        for one in found:
            what = " ".join(filter(None, [one.what, one.service, one.cycle]))
            marks = "".join(f", {word}" for word in (one.approval, "late" if one.late else "") if word)
            click.echo(f"{one.at:%Y-%m-%d %H:%M}Z  {one.who or 'not said'}  {what}: {one.about}{marks}")
