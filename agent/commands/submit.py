"""`starcadence submit`: write down what was submitted to the STAR registry."""

from datetime import date, datetime

import click

from agent.errors import UsageError
from agent.opening import now, open_agent, read_programme


@click.command()
@click.argument("cycle", required=False)
@click.option("--service", metavar="ID", help="The service, where the programme has several.")
@click.option("--reference", metavar="TEXT", required=True, help="The registry's number or address of the submission.")
@click.option("--by", metavar="NAME", help="Who submitted it.")
@click.option("--on", metavar="DAY", type=click.DateTime(["%Y-%m-%d"]), help="When, YYYY-MM-DD; else today.")
@click.option(
    "--programme", metavar="PATH", help="The programme file; else STARCADENCE_PROGRAMME, else ./programme.yaml."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def submit(
    *, cycle: str | None, service: str | None, reference: str, by: str | None, on: datetime | None, programme: str | None, as_json: bool
) -> None:  # fmt: skip
    """Write down that a published CYCLE was submitted to the registry; without CYCLE, the level 1 questionnaire alone.

    Nothing is sent: the registry has no interface for it. The next questionnaire falls due 30 days later.
    """
    from agent.canonical import encode
    from agent.running import require_commitment
    from agent.submitting import submit as write_down

    loaded = read_programme(programme)
    services = [one.id for one in loaded.programme.services]
    if (service is None and len(services) > 1) or service not in (None, *services):
        raise UsageError(f"give --service: {', '.join(services)}")
    agent = open_agent(loaded)
    require_commitment(agent)
    at = now()
    day: date = on.date() if on else at.date()
    entry = write_down(
        agent.journal, service or services[0], cycle, reference=reference, by=by, on=day, now=at
    )  # fmt: skip
    what = entry.body["cycle"] or "the questionnaire"
    words = f"{entry.body['service']}: {what} submitted on {entry.body['on']}, {entry.body['reference']}"
    click.echo(encode(entry.body) if as_json else words)
