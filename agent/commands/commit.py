"""`starcadence commit`: sign the opening entry."""

import click

from agent.opening import open_agent, read_programme


@click.command()
@click.option(
    "--programme", metavar="PATH", help="The programme file; else STARCADENCE_PROGRAMME, else ./programme.yaml."
)
def commit(programme: str | None) -> None:
    """Sign the opening entry with the programme's digest: from here on the cadence counts.

    A first cycle that begins in the middle of a month or quarter is judged on its days. Changes of the programme after this take
    effect with the next cycle; approved exceptions at once.
    """
    from agent.running import commit as open_programme

    agent = open_agent(read_programme(programme))
    standing = agent.journal.find("commitment")
    opened = open_programme(agent)
    said = f"already committed on {standing.at:%Y-%m-%d}" if standing else "committed"
    click.echo(f"{agent.loaded.path}: {said}; signed by {agent.press.signer.fingerprint}")
    click.echo(
        f"cycle {opened.cycle} is open until {opened.end:%Y-%m-%d %H:%M}Z; type `starcadence run`, and run it on a timer"
    )
