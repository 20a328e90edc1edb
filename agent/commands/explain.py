"""`starcadence explain`: from a specification down to the provider's own answer."""

import textwrap
from collections import Counter

import click
import msgspec

from agent.errors import UsageError
from agent.opening import now, open_for_reading, packs_of, read_programme
from agent.record import Sweep
from agent.store import Store
from controls import ccm
from controls.catalogue import CHECKS, linked
from controls.check import Check, Link
from controls.reasons import reason

SHOWN = 10
WIDTH = 96


@click.command()
@click.argument("specification")
@click.option("--resource", metavar="ID", help="Follow one resource down to the provider's answers.")
@click.option(
    "--programme", metavar="PATH", help="The programme file; else STARCADENCE_PROGRAMME, else ./programme.yaml."
)
def explain(specification: str, resource: str | None, programme: str | None) -> None:
    """Print the chain behind a specification: commitment, checks, results, resources, and what the provider answered.

    SPECIFICATION carries its version: CCM:4.1:IAM-13.
    """
    try:
        found = ccm.specification(specification)
    except ValueError as error:
        raise UsageError(str(error)) from None
    loaded = read_programme(programme)
    store, journal = open_for_reading(loaded)
    from agent.csa.library import FOLDER
    from agent.csa.mapping import text_of
    from agent.explaining import in_force, last_of, papers_of
    from agent.packs import standing

    checks = standing(store, packs_of(journal), CHECKS)

    sweep = last_of(store, journal)
    click.echo(f"{found.id}  {found.title}  ({found.domain})")
    if words := text_of(loaded.beside(FOLDER), found):  # CSA's own, from the user's import
        _wrapped(words)
    for papers in papers_of(store, journal, in_force(store, journal), sweep, now()):
        _service(papers.service, found, sweep, checks)
        for line in papers.lines(found.id):
            click.echo(f"  {line}")
    links = linked(found.id, checks)
    if not links:
        _wrapped(f"No check speaks of it: {reason(found.id)}.")
    for check, link in links:
        _check(store, sweep, check, link, resource)


def _service(service: object, found: ccm.Specification, sweep: Sweep, checks: tuple[Check, ...]) -> None:
    from agent.committed import committed
    from agent.period import result
    from agent.programme import Service
    from agent.units import share

    assert isinstance(service, Service)
    commitment = committed(service).get(found.id)
    if commitment is None:
        click.echo(f"{service.id}: not committed")
        return
    click.echo(f"{service.id}: committed, {commitment.responsibility}, SLO {commitment.slo}, owner {commitment.owner}")
    for check, _ in linked(found.id, checks):
        for provider in sorted(sweep.looked.get(service.id, {})):
            tally = sweep.tallies.get(service.id, {}).get(check.name, {}).get(provider)
            outcome = result(sweep, service.id, check.name, provider, share(commitment.slo))
            counts = "" if tally is None else (
                f": {tally.passed} passed, {tally.failed} failed ({tally.excepted} excepted, {tally.carried} carried), "
                f"{tally.unknown} unknown, {tally.not_applicable} inherited, {tally.unseen} cells unseen"
            )  # fmt: skip
            click.echo(f"  {provider} {check.name}: {outcome}{counts}")


def _check(store: Store, sweep: Sweep, check: Check, link: Link, resource: str | None) -> None:
    from agent.explaining import gaps_of, trace, verdicts

    click.echo(f"\n{check.name} ({check.severity}; {link.reach})")
    _wrapped(check.title)
    _wrapped(f"{'does not see' if link.reach == 'part' else 'because'}: {link.words}")
    if resource is None:
        judged = list(verdicts(store, sweep, check))
        counts = Counter(one.outcome for one in judged)
        click.echo(
            f"  sweep {sweep.nominal:%Y-%m-%d %H:%M}Z: "
            + (", ".join(f"{n} {word}" for word, n in sorted(counts.items())) or "none seen")
        )
        open_ones = [one for one in judged if one.outcome in {"failed", "unknown"}]
        for one in open_ones[:SHOWN]:
            click.echo(f"  {one.outcome:<8}{one.resource}\n          {one.reason}")
        if len(open_ones) > SHOWN:
            click.echo(f"  and {len(open_ones) - SHOWN} more; the report lists them all")
        return
    traced = trace(store, sweep, check, resource)
    if traced is None:
        click.echo(f"  the sweep of {sweep.nominal:%Y-%m-%d %H:%M}Z saw no {check.judges.__name__} {resource}")
        return
    click.echo(
        f"  {traced.outcome}: {traced.reason}"
        + (f" (failing since the sweep of {traced.failing_by})" if traced.failing_by else "")
    )
    click.echo(f"  read in {traced.cell}; facts shard sha256 {traced.shard}")
    for name, value in traced.facts.items():
        click.echo(f"    {name} = {msgspec.json.encode(value).decode()}")
    for cited in traced.cites:
        click.echo(f"    joined from {cited}")
    for evidence in (*traced.evidence, *traced.moving):
        click.echo(f"  {evidence.operation} answered (redacted):")
        click.echo(
            textwrap.indent(msgspec.json.format(msgspec.json.encode(evidence.answer), indent=2).decode(), "    ")
        )
    for call in traced.calls:
        click.echo(
            f"  call {call.operation} {call.subject or '(listing)'} -> {call.host} {call.status}, request {call.request_id}, {call.date}"
        )
    for gap in gaps_of(store, sweep, resource):
        click.echo(f"  gap: {gap.operation} {gap.reason} ({gap.detail})")


def _wrapped(text: str) -> None:
    click.echo(textwrap.fill(text, WIDTH, initial_indent="  ", subsequent_indent="  "))
