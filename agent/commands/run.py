"""`starcadence run`: do all that is due, once."""

import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from agent.commands.dividing import Division, divided
from agent.errors import Incomplete, UsageError
from agent.opening import now, open_agent, read_programme
from agent.progress import observer
from agent.words import outlook_lines

MISSED = 4
INCOMPLETE = 3


@click.command()
@click.option(
    "--programme", metavar="PATH", help="The programme file; else STARCADENCE_PROGRAMME, else ./programme.yaml."
)
@click.option(
    "--interim",
    metavar="PATH",
    type=click.Path(path_type=Path),
    help="Also make an interim bundle of the open cycle at PATH.",
)
@click.option("--rehearse", is_flag=True, help="Say what would be met today; keep nothing, seal nothing.")
@click.option("--metrics-file", metavar="PATH", type=click.Path(path_type=Path), help="Write the Prometheus text file.")
@click.option(
    "--push-gateway",
    metavar="URL",
    envvar="STARCADENCE_PUSH_GATEWAY",
    help="Hand the metrics to a Pushgateway at the end.",
)
@click.option(
    "--fail-on",
    type=click.Choice(["missed", "incomplete"]),
    multiple=True,
    help="Gate: exit 4 if an objective is missed, 3 if unseen.",
)
@divided
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def run(
    ctx: click.Context, /, programme: str | None, interim: Path | None, rehearse: bool, metrics_file: Path | None,  # noqa: FBT001
    push_gateway: str | None, fail_on: tuple[str, ...], as_json: bool, **dividing: Any,  # noqa: FBT001
) -> int:  # fmt: skip
    """Do all that is due, once: seal ended cycles, take the sweep of this interval, write down what was missed.

    Safe to repeat, to interrupt and to run beside another. A normal day exits 0, whatever was found.

    With --shard, or in an Indexed Job (its count in STARCADENCE_SHARDS), a Cloud Run job of several tasks or an AWS Batch array, only
    this part is swept; whoever puts down the last part closes the sweep and does all else that is due.
    """
    settings = ctx.find_root().obj or {}
    _configure_logs(settings)
    progress = observer(sys.stderr, quiet=settings.get("quiet", False), clock=time.monotonic)
    division = Division(**dividing)
    if (rehearse or interim) and not division.alone:
        raise UsageError("--rehearse and --interim are for a run whose sweep is not divided")
    loaded = read_programme(programme)
    if rehearse:
        if interim or metrics_file:
            raise UsageError("--rehearse keeps nothing: give it without --interim and --metrics-file")
        return _rehearse(loaded, progress, fail_on, as_json)
    agent = open_agent(loaded, progress=progress)
    ran = division.run(agent, as_json=as_json)
    if ran is None:
        return 0
    try:
        return _said(agent, ran, now(), interim=interim, metrics_file=metrics_file, fail_on=fail_on, as_json=as_json)
    finally:
        if push_gateway is not None:
            _push(agent, push_gateway)


def _push(agent: Any, url: str) -> None:
    """Hand over the metrics; a gateway that does not take them is said, and changes no exit status: the run is what counts."""
    from agent.outlook import outlook
    from agent.pushing import push
    from agent.vitals import vitals

    at, said = now(), agent.loaded
    view = outlook(agent.store, agent.journal, agent.press.checks, said.exceptions, at, said.programme)
    try:
        push(url, vitals(view, at), said.programme.provider)
    except Incomplete as trouble:
        click.echo(f"starcadence: {trouble}", err=True)


def _said(
    agent: Any,
    ran: Any,
    at: datetime,
    *,
    interim: Path | None,
    metrics_file: Path | None,
    fail_on: tuple[str, ...],
    as_json: bool,
) -> int:
    """Print what was done and where things stand; return the exit status."""
    from agent.canonical import encode
    from agent.outlook import outlook

    view = outlook(agent.store, agent.journal, agent.press.checks, agent.loaded.exceptions, at, agent.loaded.programme)
    if interim is not None:
        _interim(agent, at, interim)
    if metrics_file is not None:
        from agent.health import write
        from agent.vitals import vitals

        write(metrics_file, vitals(view, at))
    if as_json:
        published = [entry.body for entry in ran.published]
        said = {
            "sealed": ran.sealed,
            "missed": ran.missed,
            "taken": ran.taken,
            "published": published,
            "troubles": ran.troubles,
        }
        click.echo(encode({**said, "outlook": view}))
    else:
        for past in (*ran.sealed, *ran.missed):
            where = f" -> {bundle_path(agent, past)}" if past.envelope else ""
            click.echo(f"{past.service} {past.cycle}: {past.state}{', late' if past.late else ''}{where}")
        for entry in ran.published:
            click.echo(f"{entry.body['service']} {entry.body['cycle']}: {entry.kind}")
        for line in outlook_lines(view):
            click.echo(line)
    for trouble in ran.undelivered:
        click.echo(f"starcadence: {trouble}", err=True)
    if ran.blind:
        raise Incomplete(
            "nothing could be read: `starcadence check` says what to mend; the next run looks again, while the interval lasts"
        )
    if ran.missed or ran.troubles:
        missed = ("a cycle was missed and is written down so",) if ran.missed else ()
        raise Incomplete("\n".join((*missed, *ran.troubles)))
    return _gate(view, fail_on)


def bundle_path(agent: Any, past: Any) -> str:
    """Where the bundle of a sealed cycle lies: a path, or an address that `verify` takes."""
    where: str = agent.store.where(f"cycles/{past.service}/{past.cycle}/bundle-{past.envelope}.zip")
    return where


def _gate(view: Any, fail_on: tuple[str, ...]) -> int:
    counts = [one.counts for one in view.services]
    if "missed" in fail_on and any(one["missed"] for one in counts):
        return MISSED
    if "incomplete" in fail_on and any(one["not shown"] for one in counts):
        return INCOMPLETE
    return 0


def _interim(agent: Any, at: datetime, target: Path) -> None:
    """One interim bundle for each service: at the path, or in it where there are several."""
    from agent.running import interim_bundles

    for path, report in interim_bundles(agent, at, target):
        click.echo(f"{report.service} {report.cycle}: interim bundle -> {path}", err=True)


def _rehearse(loaded: Any, progress: Any, fail_on: tuple[str, ...], as_json: bool) -> int:  # noqa: FBT001 (the flag itself)
    """Live one sweep in a store that is thrown away."""
    from agent.canonical import encode
    from agent.outlook import outlook
    from agent.running import commit, sweep_now

    with tempfile.TemporaryDirectory(prefix="starcadence-rehearsal-") as folder:
        agent = open_agent(loaded, progress=progress, store=Path(folder))
        opened = commit(agent)
        at = opened.start
        _, sweep = sweep_now(agent, opened, at)
        view = outlook(agent.store, agent.journal, agent.press.checks, loaded.exceptions, at)
    if view is None or sweep.cells == sweep.unseen:
        raise Incomplete("nothing could be read: type `starcadence check`")
    if as_json:
        click.echo(encode({"rehearsal": True, "outlook": view}))
    else:
        click.echo("rehearsal: nothing was kept")
        for line in outlook_lines(view):
            click.echo(line)
    return _gate(view, fail_on)


def _configure_logs(settings: dict[str, Any]) -> None:
    from agent.logs import configure

    configure(settings.get("log_format", "auto"))
