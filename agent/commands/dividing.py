"""The options of `run` that divide a sweep, and what they do: shards that an engine hands out, or the workers of a Dask cluster."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

from agent.errors import UsageError
from agent.share import Share, share_of

F = TypeVar("F", bound=Callable[..., Any])
_FILE = click.Path(path_type=Path, dir_okay=False)
_OPTIONS = (
    click.option(
        "--shard",
        metavar="I/N",
        help="Take one of N disjoint parts of the sweep, I from 0; else as an Indexed Job, Cloud Run or AWS Batch says.",
    ),
    click.option(
        "--patience",
        metavar="SECONDS",
        envvar="STARCADENCE_PATIENCE",
        type=click.FloatRange(min=0),
        default=60,
        show_default=True,
        help="How long a shard waits for others that put nothing down, before it does their part of what it needs.",
    ),
    click.option(
        "--executor",
        type=click.Choice(["here", "dask"]),
        default="here",
        show_default=True,
        help="Where the sweep is taken: by threads here, or by the workers of a Dask cluster.",
    ),
    click.option("--scheduler", metavar="tls://HOST:PORT", envvar="STARCADENCE_SCHEDULER", help="Of the Dask cluster."),
    click.option(
        "--tls-ca", metavar="PATH", envvar="STARCADENCE_TLS_CA", type=_FILE, help="Who signs its certificates."
    ),
    click.option(
        "--tls-cert", metavar="PATH", envvar="STARCADENCE_TLS_CERT", type=_FILE, help="Our certificate to it."
    ),
    click.option("--tls-key", metavar="PATH", envvar="STARCADENCE_TLS_KEY", type=_FILE, help="The key of that."),
)


def divided(command: F) -> F:
    """Give a command the options that divide a sweep."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@dataclass(frozen=True, kw_only=True)
class Division:
    """What the options say."""

    shard: str | None
    patience: float
    executor: str
    scheduler: str | None
    tls_ca: Path | None
    tls_cert: Path | None
    tls_key: Path | None

    @property
    def share(self) -> Share:
        """The share of this run. Raises `UsageError`."""
        share = share_of(self.shard, os.environ)
        if not share.whole and self.executor == "dask":
            raise UsageError(
                f"this is shard {share}, and --executor dask divides the sweep by itself; take one of the two"
            )
        return share

    @property
    def alone(self) -> bool:
        """The sweep is not divided."""
        return self.executor == "here" and self.share.whole

    def run(self, agent: Any, *, as_json: bool) -> Any:
        """Do what is due; what was done (`Ran`), or `None` where others have yet to close the sweep, which is said."""
        from agent import running
        from agent.told import Patience

        patience = Patience(seconds=self.patience)
        if self.executor == "dask":
            from agent.grid import run_on, scheduler_of

            files = {"ca": self.tls_ca, "cert": self.tls_cert, "key": self.tls_key}
            return run_on(agent, scheduler_of(self.scheduler, files), patience)
        return running.run(agent) if self.alone else _shared(agent, self.share, patience, as_json=as_json)


def _shared(agent: Any, share: Share, patience: Any, *, as_json: bool) -> Any:
    from agent.canonical import encode
    from agent.jointly import run_share

    taken = run_share(agent, share, patience)
    if taken.ran is None:
        done, planned = taken.done.accounts, taken.done.of
        said = {"shard": str(share), "accounts": done, "accounts_planned": planned, "closed": False}
        words = f"shard {share}: done; the sweep has {done} of {planned} accounts, and waits for other shards"
        click.echo(encode(said) if as_json else words)
    return taken.ran
