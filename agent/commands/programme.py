"""`starcadence programme`: what changes the programme file itself."""

import tempfile
import textwrap
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from agent.errors import UsageError
from controls import ccm

if TYPE_CHECKING:
    from agent.migrating import Migration, Step
    from agent.running import Agent

WIDTH = 96


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def programme() -> None:
    """Bring the programme to another version of the CCM."""


@programme.command()
@click.option("--to", "to", required=True, metavar="VERSION", help="4.1: from 4.0 to 4.1 is the only way there is.")
@click.option("--service", metavar="ID", help="This service only; else all that commit to 4.0.")
@click.option("--dry-run", is_flag=True, help="Say what would change, and write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option(
    "--programme", metavar="PATH", help="The programme file; else STARCADENCE_PROGRAMME, else ./programme.yaml."
)
def migrate(*, to: str, service: str | None, dry_run: bool, as_json: bool, programme: str | None) -> None:
    """Rewrite services from CCM 4.0 to 4.1, comments and layout kept, with effect from the next cycle.

    The open cycle is judged to its end by what it was opened with. The journal says what was moved; each specification keeps its trend
    under its new id. What has no counterpart becomes a comment, and what is new is listed: read both before the boundary.
    """
    from agent.migrating import REMINDER, migrate
    from agent.reading import load, locate

    try:
        if ccm.release(to) != "4.1":
            raise UsageError("there is no way back to CCM 4.0: --to 4.1")
    except ValueError as error:
        raise UsageError(str(error)) from None
    path = locate(programme)
    load(path)  # a programme with faults is mended first
    found = migrate(path.read_text(encoding="utf-8"), str(path), service)
    boundary = None if dry_run else _write(path, found)
    if as_json:
        said = {"written": not dry_run, "boundary": boundary, "services": found.steps, "reminder": REMINDER}
        click.echo(msgspec.json.format(msgspec.json.encode(said), indent=2))
        return
    for step in found.steps:
        _say(step)
    when = f"with the next cycle, from {boundary:%Y-%m-%d %H:%M}Z" if boundary else "with the commitment"
    click.echo(f"{path}: nothing was written (--dry-run)" if dry_run else f"{path}: written; it takes effect {when}")
    click.echo(f"reminder: {REMINDER}")


def _write(path: Path, found: "Migration") -> datetime | None:
    """Write the programme in one step and the journal after it; the instant at which it takes effect, `None` before a commitment."""
    from agent.opening import open_agent
    from agent.reading import load
    from agent.store import Folder
    from agent.stores.opening import open_store

    loaded = load(path)
    store = open_store(loaded.store, loaded.programme.store_options)
    fresh = isinstance(store, Folder) and not store.root.exists()
    agent = (
        None if fresh else open_agent(loaded)
    )  # opened first: what stands in the way is said before anything is written
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", dir=path.parent, prefix=".programme-", delete=False
        ) as file:
            file.write(found.text)
        Path(file.name).chmod(path.stat().st_mode & 0o777)
        Path(file.name).replace(path)
    except OSError as error:
        raise UsageError(f"{path}: cannot be written ({error.strerror})") from None
    if agent is None or agent.journal.find("commitment") is None:
        return None
    return _note(open_agent(load(path)), found, loaded.digest)


def _note(agent: "Agent", found: "Migration", before: str) -> datetime:
    """Write down what was moved, and the programme as it is now."""
    from agent.running import current, note_changes

    now, boundary = agent.clock(), current(agent).end
    steps = msgspec.to_builtins(found.steps)
    body = {
        "to": "4.1.0", "digest": agent.loaded.digest, "before": before, "takes_effect": "with the next cycle",
        "boundary": msgspec.to_builtins(boundary), "services": steps,
    }  # fmt: skip
    agent.journal.append("migration", f"migration/{agent.loaded.digest}", body, now)
    note_changes(agent, now)
    return boundary


def _say(step: "Step") -> None:
    click.echo(f"{step.service}: CCM 4.0.13 -> 4.1.0")
    for before, after in step.moved:
        title = "" if after.endswith("*") else ccm.specification(after).title
        click.echo(f"  {before:<16}-> {after:<16}{title}".rstrip())
    _list("their words changed; read them again", step.revised)
    _list("no counterpart; now a comment", step.dropped)
    _list("new, and committed to by a pattern of yours", step.gained)
    _list("new, and not committed to", step.new)


def _list(heading: str, names: tuple[str, ...]) -> None:
    if names:
        click.echo(
            textwrap.fill(f"  {heading}: {', '.join(names)}", WIDTH, subsequent_indent="    ", break_on_hyphens=False)
        )
