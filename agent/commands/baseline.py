"""`starcadence baseline`: approve the settings of a service, and say what drifted since."""

from typing import TYPE_CHECKING

import click

from agent.errors import UsageError
from agent.opening import now, open_agent, open_for_reading, read_programme

if TYPE_CHECKING:
    from agent.journal import Journal
    from agent.programme import Programme, Service
    from agent.record import Part
    from agent.store import Store

PROGRAMME = click.option(
    "--programme", metavar="PATH", help="The programme file; else STARCADENCE_PROGRAMME, else ./programme.yaml."
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def baseline() -> None:
    """Approve settings as a versioned baseline, and say what drifted since."""


@baseline.command()
@click.argument("service")
@click.option("--by", metavar="NAME", required=True, help="Who approves it.")
@click.option("--note", metavar="TEXT", default="", help="Why, e.g. the change that it follows.")
@click.option(
    "--type",
    "types",
    metavar="TYPE",
    multiple=True,
    help="A resource type; may be repeated. Else the settings of whole accounts and firewalls.",
)
@PROGRAMME
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def approve(*, service: str, by: str, note: str, types: tuple[str, ...], programme: str | None, as_json: bool) -> None:
    """Sign what the last sweep saw of SERVICE as its next baseline.

    Every report of the service then holds each resource of these types against it, for CCC-07 and its metric, until the next one is
    approved.
    """
    from agent.baseline import CHOICES, USUAL
    from agent.baseline import approve as sign
    from agent.canonical import encode
    from agent.parts import read_plan
    from agent.running import require_commitment
    from agent.shape import meant

    for name in types:
        if name not in CHOICES:
            raise UsageError(
                f"{name!r} is no type with settings" + meant(name, CHOICES, f"; known are {', '.join(CHOICES)}")
            )
    agent = open_agent(read_programme(programme))
    require_commitment(agent)
    chosen = types or USUAL
    one, parts, stamp = _last(agent.store, agent.journal, agent.loaded.programme, service)
    plan = read_plan(agent.store, f"sweeps/{stamp}")
    judges = {check.name for check in agent.press.checks if check.judges.__name__ in chosen}
    seeing = frozenset(
        name for table in plan.concerned.values() for name, checks in table.items() if judges & set(checks)
    )
    entry = sign(
        agent.store, agent.journal, one, parts, sweep=stamp, types=chosen, seeing=seeing, by=by, note=note, now=now()
    )
    body = entry.body
    words = f"baseline {body['version']} of {body['resources']} resources, as the sweep {body['sweep']} saw them, by {body['by']}"
    click.echo(encode(body) if as_json else f"{body['service']}: {words}")


@baseline.command()
@click.argument("service")
@PROGRAMME
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def show(*, service: str, programme: str | None, as_json: bool) -> None:
    """Say what of SERVICE is not as its baseline has it, by the last sweep."""
    from agent.baseline import compared
    from agent.canonical import encode
    from agent.outlook import newest

    loaded = read_programme(programme)
    store, journal = open_for_reading(loaded)
    one, parts, _ = _last(store, journal, loaded.programme, service)
    opened = newest(journal)
    found = compared(store, journal.entries, one, parts, opened.start) if opened else None
    if found is None:
        raise UsageError(f"{service} has no baseline; type `starcadence baseline approve {service} --by NAME`")
    if as_json:
        click.echo(encode(found))
        return
    click.echo(f"baseline {found.version}, approved by {found.by} on {found.at:%Y-%m-%d}: {found.resources} resources")
    for each in found.drift:
        facts = "; ".join(f"{name}: {was!r} -> {now!r}" for name, (was, now) in each.facts.items())
        click.echo(f"  {each.how} {each.type} {each.resource}{': ' if facts else ''}{facts}")
    for cloud, tally in found.tallies.items():
        click.echo(f"{cloud}: {tally.passed} as approved, {tally.failed} not, {tally.unknown} unknown")


def _last(
    store: "Store", journal: "Journal", programme: "Programme", service: str
) -> "tuple[Service, list[Part], str]":
    """The service, and the parts of the last closed sweep with its stamp."""
    from agent.canonical import stamp
    from agent.explaining import last_of
    from agent.parts import read_part

    found = [one for one in programme.services if one.id == service]
    if not found:
        raise UsageError(
            f"there is no service {service!r}; known are {', '.join(one.id for one in programme.services)}"
        )
    sweep = last_of(store, journal)
    name = stamp(sweep.slot)
    return found[0], [read_part(store, f"sweeps/{name}", account) for account in sorted(sweep.parts)], name
