"""`starcadence store`: look through the store, remove what nothing names, move it elsewhere."""

from typing import TYPE_CHECKING, Any

import click

from agent.opening import now, read_programme

if TYPE_CHECKING:
    from agent.store import Store

PROGRAMME = click.option(
    "--programme", metavar="PATH", help="The programme file; else STARCADENCE_PROGRAMME, else ./programme.yaml."
)
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group()
def store() -> None:
    """Look after the store: a folder, s3://bucket/prefix, gs://bucket/prefix or az://container/prefix."""


@store.command()
@click.argument("address", required=False)
@PROGRAMME
@JSON
@click.pass_context
def check(ctx: click.Context, address: str | None, programme: str | None, as_json: bool) -> None:  # noqa: FBT001
    """Verify everything in the store; change nothing.

    Every blob against its address, every record, the journal's chain and signatures, every seal, every reference. ADDRESS is a store; else
    the programme's. Exit status: 0 all is as it must be, 5 something is not.
    """
    from agent.stores.inspecting import inspect

    found = inspect(_opened(address, programme))
    if as_json:
        _print(found)
    else:
        for fault in found.faults:
            click.echo(f"{fault.key}: {fault.words}")
        for key in found.written_off:
            click.echo(f"{key}: lost, and written off by an entry of the journal")
        for key in found.leftovers:
            click.echo(f"{key}: left over; `starcadence store gc` removes it when it is old enough")
        click.echo(
            f"{found.store}: {found.entries} journal entries, {found.sweeps} sweeps, {found.cycles} sealed cycles, {found.blobs} blobs: "
            + (f"{len(found.faults)} faults" if found.faults else "all as they must be")
        )
        if found.faults:
            click.echo(
                "restore what is missing from the backup; `starcadence store mend` says what can be done where there is none"
            )
    if found.faults:
        ctx.exit(5)


@store.command()
@PROGRAMME
@click.option(
    "--begin-anew", "reason", metavar="REASON", help="Write off what is lost, for this reason, and begin anew."
)
@click.option("--by", metavar="NAME", help="Who decides that.")
def mend(programme: str | None, reason: str | None, by: str | None) -> None:
    """Say what is lost and which sweeps rest on it; with --begin-anew, write it off by a signed entry.

    For records and blobs that no backup holds. Their sweeps count as not taken, and the next one goes on from the last that is whole, or
    from nothing: every report of the cycle prints the break. What is sealed does not change.
    """
    from agent.opening import open_agent
    from agent.stores.mending import losses, write_off

    agent = open_agent(read_programme(programme))
    found = losses(agent.store, agent.journal)
    for fault in found.records:
        click.echo(f"{fault.key}: {fault.words}")
    click.echo(
        f"{len(found.records)} lost; {len(found.sweeps)} sweeps rest on them: {', '.join(found.sweeps) or 'none'}"
    )
    if reason is None:
        click.echo(
            "restore them from the backup; where there is none, type `starcadence store mend --begin-anew REASON`"
        )
        return
    for entry in write_off(agent.store, agent.journal, found, reason=reason, by=by, now=now()):
        click.echo(f"written off by entry {entry.height} of the journal; `starcadence run` goes on")


@store.command()
@PROGRAMME
@click.option("--yes", is_flag=True, help="Remove what is listed.")
@JSON
def gc(programme: str | None, yes: bool, as_json: bool) -> None:  # noqa: FBT001 (click's signature)
    """Say what nothing names any more; with --yes, remove it.

    Only what is older than two sweep windows (in a bucket also than 14 days) and named by no plan, part, seal or journal entry: blobs and
    bundles of runs that were killed or came second, and temporary files. Records are never removed.
    """
    from agent.stores.collecting import collect, leftovers, sweep_intervals
    from agent.units import duration

    loaded = read_programme(programme)
    opened = _of_programme(loaded)
    window = max(map(duration, sweep_intervals(opened, loaded.programme)))
    found = leftovers(opened, window, now())
    done = collect(opened, found, window, now()) if yes else None
    if as_json:
        _print({"found": found, "done": done})
        return
    for one in found:
        said = "would remove" if done is None else f"kept ({done.kept[one.key]})" if one.key in done.kept else "removed"
        click.echo(f"{said}: {one.key}: {one.what}, of {one.written:%Y-%m-%d %H:%M}Z")
    if not found:
        click.echo("nothing to remove")
    elif done is None:
        click.echo(f"{len(found)} to remove; type `starcadence store gc --yes`")


@store.command()
@click.argument("source")
@click.argument("target", required=False)
@PROGRAMME
@JSON
def copy(source: str, target: str | None, programme: str | None, as_json: bool) -> None:  # noqa: FBT001
    """Copy the store SOURCE into TARGET, of any kind; else into the programme's store.

    May be interrupted and repeated. Every piece is held against its digest, and against what stands in the target already. Entries that are
    appended meanwhile are not copied: stop `run` first, or copy once more.
    """
    from agent.stores.copying import copy as copy_all

    done = copy_all(_opened(source, None), _opened(target, programme))
    if as_json:
        _print(done)
    else:
        click.echo(
            f"{done.copied} copied, {done.stood} stood already; journal of {done.height} entries, head {done.head}"
        )


def _opened(address: str | None, programme: str | None) -> "Store":
    from agent.stores.opening import open_store

    return open_store(address) if address else _of_programme(read_programme(programme))


def _of_programme(loaded: Any) -> "Store":
    from agent.stores.opening import open_store

    return open_store(loaded.store, loaded.programme.store_options)


def _print(value: Any) -> None:
    from agent.canonical import encode

    click.echo(encode(value))
