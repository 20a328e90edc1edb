"""`starcadence daemon`: `run` in a loop, with its health and the status page over HTTP."""

import secrets
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from agent.opening import open_agent, read_programme

if TYPE_CHECKING:
    from agent.programme import HealthEndpoint
    from agent.running import Agent

GRACE = 25
"""Seconds; Kubernetes kills after 30 unless told otherwise."""


@click.command()
@click.option(
    "--programme", metavar="PATH", help="The programme file; else STARCADENCE_PROGRAMME, else ./programme.yaml."
)
@click.option("--listen", metavar="ADDRESS:PORT", help="Where to answer; else health.listen of the programme.")
@click.option("--tier", type=click.Choice(["public", "auditor"]), help="What the status page shows; else health.tier.")
@click.option(
    "--status",
    metavar="PATH",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where the status page is written as a file; else status/ of a store that is a folder.",
)
@click.option(
    "--grace",
    metavar="SECONDS",
    type=click.FloatRange(min=0.1),
    default=GRACE,
    show_default=True,
    help="After SIGTERM, to finish or let go.",
)
@click.pass_context
def daemon(
    ctx: click.Context, programme: str | None, listen: str | None, tier: str | None, status: Path | None, grace: float
) -> None:
    """Keep the cadence: sweep, seal and write down what is due, when it is due, until SIGTERM.

    Sweeps are taken at instants inside their interval that nobody can guess. SIGHUP reads the programme again, and keeps the old one
    if the new one cannot be used. Answers /metrics, /healthz, /readyz and, at /, the status page.
    """
    from agent.daemon import Daemon
    from agent.endpoint import Certificates, Endpoint
    from agent.front import Front
    from agent.logs import configure, logger
    from agent.lookout import Lookout
    from agent.manifest import Tier
    from agent.showing import StatusPage
    from agent.wishes import Wishes, heeded

    configure((ctx.find_root().obj or {}).get("log_format", "auto"))
    loaded = read_programme(programme)
    agent = open_agent(loaded)
    health = _health(agent, listen, tier)
    wishes = Wishes()
    kept = Daemon(
        agent=agent, reopen=lambda: open_agent(read_programme(str(loaded.path))), wishes=wishes, wait=wishes.wait, ticks=time.monotonic,
        instance=secrets.token_hex(4),
    )  # fmt: skip
    lookout = Lookout(lambda: kept.current, time.monotonic)
    page = StatusPage(lookout, Tier(health.tier))
    kept.after = lambda: page.write(kept.current, status)
    front = Front(pulse=lambda: kept.pulse, lookout=lookout, ticks=time.monotonic, page=page.answer)
    context = Certificates(health.tls, loaded.beside) if health.tls else lambda: None
    endpoint = Endpoint(health.listen, front, context).start()
    host, port = endpoint.address
    logger("agent.daemon").info("answering", address=f"{host}:{port}", tls=health.tls is not None, tier=health.tier)
    try:
        with heeded(wishes, grace):
            kept.live()
    finally:
        endpoint.stop()
        wishes.close()


def _health(agent: "Agent", listen: str | None, tier: str | None) -> "HealthEndpoint":
    """The programme's endpoint, as the command line changes it; a guard that the programme has is held here too."""
    import msgspec

    from agent.addresses import is_own
    from agent.errors import UsageError
    from agent.programme import HealthEndpoint

    said = agent.loaded.programme.health or HealthEndpoint()
    changes = {name: value for name, value in (("listen", listen), ("tier", tier)) if value is not None}
    try:
        health = msgspec.convert({**msgspec.to_builtins(said), **changes}, HealthEndpoint)
    except msgspec.ValidationError as error:
        raise UsageError(f'--listen {listen}: write address and port, e.g. "127.0.0.1:9464" ({error})') from None
    guarded = is_own(health.listen.rpartition(":")[0]) or (health.tls is not None and health.tls.clients is not None)
    if health.tier == "auditor" and not guarded:
        raise UsageError(
            f"{health.listen}: anybody may ask for the auditor's page there; write health.tls.clients, or listen on 127.0.0.1"
        )
    return health
