"""One sweep over the workers of a Dask cluster, over mutual TLS only: each worker takes a share, whoever began the run closes the sweep.

What travels is the path of the programme, an instant and a number: never a credential, a key or an answer of a provider. A worker has its
own credentials, programme and salt key, needs no signing key, and puts its parts into the store. A worker that dies is made up for by
another: Dask gives its share away, and what it had put down stands.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.attempts import name_of_next
from agent.canonical import digest, encode, stamp
from agent.cycle import slot_at
from agent.errors import AgentError, Incomplete, StoreError, UsageError
from agent.journal import Journal
from agent.opening import open_agent
from agent.outlook import newest
from agent.reading import load
from agent.running import Agent, Ran, before_sweep, calendar, in_force, order, sweep_now
from agent.share import Share
from agent.sweeping import take_share
from agent.told import Patience
from agent.units import duration

if TYPE_CHECKING:
    from agent.keys import PublicKey

WAIT = 30
"""Seconds to wait for the scheduler, and for a first worker."""
PROGRAMME = "STARCADENCE_PROGRAMME"


@dataclass(frozen=True, kw_only=True)
class Scheduler:
    """Where a cluster is reached, and with which certificate."""

    address: str
    """`tls://host:port`."""
    ca: Path
    cert: Path
    key: Path


@dataclass(frozen=True, kw_only=True)
class Errand:
    """What a worker is told: strings and numbers only."""

    programme: str
    named: datetime
    nominal: datetime
    index: int
    count: int
    height: int
    head: str
    """Height and head of the journal as the sender read it: a worker with another store says so."""
    patience: float


@dataclass(frozen=True)
class NoSigner:
    """Stands where a worker has no signing key: a part is not signed."""

    @property
    def public_key(self) -> "PublicKey":
        """Nobody's."""
        raise StoreError("a worker of the cluster signs nothing")

    @property
    def fingerprint(self) -> str:
        """Nobody's."""
        raise StoreError("a worker of the cluster signs nothing")

    def sign(self, message: bytes) -> bytes:
        """Never."""
        raise StoreError(f"a worker of the cluster signs nothing, and was asked to sign {len(message)} bytes")


def scheduler_of(address: str | None, files: Mapping[str, Path | None]) -> Scheduler:
    """The scheduler that a command line names; `files` are `ca`, `cert`, `key`. Raises `UsageError` for less than mutual TLS."""
    if not address:
        raise UsageError("--executor dask needs its scheduler: --scheduler tls://HOST:8786")
    if not address.startswith("tls://"):
        raise UsageError(
            f"--scheduler {address}: only tls:// is taken, with certificates on both sides: whoever reaches a scheduler runs code on its "
            "workers, beside their credentials. Start scheduler and workers with --tls-ca-file, --tls-cert and --tls-key"
        )
    given = {}
    for name, path in files.items():
        if path is None or not path.is_file():
            raise UsageError(f"--tls-{name}: {'not given' if path is None else f'{path} is no file'}; give a PEM file")
        given[name] = path
    if find_spec("distributed") is None:
        raise UsageError("Dask is not installed; type `pip install 'starcadence[dask]'`")
    return Scheduler(address=address, **given)


def run_on(agent: Agent, scheduler: Scheduler, patience: Patience) -> Ran:
    """Do all that is due, the sweep on a cluster. Raises `Incomplete` where the cluster fails: what was put down stands."""
    now = agent.clock()
    opened, ran = before_sweep(agent, now)
    slot = slot_at(calendar(opened), duration(in_force(agent, opened).cadence.sweep_every), now)
    named = name_of_next(agent.journal, slot.start)
    if not agent.store.has(f"sweeps/{stamp(named)}/sweep.json"):
        errand = Errand(
            programme=str(agent.loaded.path.absolute()), named=named, nominal=now, index=0, count=1,
            height=agent.journal.height, head=agent.journal.head, patience=patience.seconds,
        )  # fmt: skip
        _spread(scheduler, errand)
    taken, found = sweep_now(agent, opened, now)
    return replace(ran, sweep=found, taken=taken)


def _spread(scheduler: Scheduler, errand: Errand) -> None:
    """Give each worker its share, and wait for all of them."""
    import distributed

    dask: Any = distributed  # its functions carry no types
    security = dask.Security(
        tls_ca_file=str(scheduler.ca), tls_client_cert=str(scheduler.cert), tls_client_key=str(scheduler.key), require_encryption=True
    )  # fmt: skip
    try:
        client = dask.Client(scheduler.address, security=security, timeout=WAIT, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise Incomplete(
            f"{scheduler.address} cannot be reached over mutual TLS ({error}); was it started with --tls-ca-file, --tls-cert, --tls-key?"
        ) from error
    with client:
        try:
            client.wait_for_workers(1, timeout=WAIT)
            count = len(client.scheduler_info(n_workers=-1)["workers"])
            errands = [replace(errand, index=index, count=count) for index in range(count)]
            client.gather(client.map(take_part, errands, pure=False, retries=1))
        except AgentError as error:
            raise Incomplete(f"a worker of {scheduler.address} could not take its part: {error}") from error
        except (OSError, TimeoutError, RuntimeError) as error:  # no worker came, or several died of the same share
            raise Incomplete(
                f"{scheduler.address}: {error}; what was put down stands, type `starcadence run` again"
            ) from error


def take_part(errand: Errand) -> int:
    """What a worker does: take a share of the sweep. The number of the sweep's accounts that stand then. Raises `AgentError`."""
    loaded = load(Path(os.environ.get(PROGRAMME) or errand.programme))
    agent = open_agent(loaded, signer=NoSigner())
    _same_store(agent.journal, errand, agent.store.address)
    opened = newest(agent.journal)
    if opened is None:
        raise StoreError(f"{agent.store.address} holds no cycle")
    slot = slot_at(calendar(opened), duration(in_force(agent, opened).cadence.sweep_every), errand.nominal)
    ordered = order(agent, opened, slot, errand.named, errand.nominal)
    try:
        share = Share(index=errand.index, count=errand.count)
        return take_share(ordered, share, Patience(seconds=errand.patience), closes=False)[1].accounts
    finally:
        for cloud in ordered.clouds:
            cloud.access.close()


def _same_store(journal: Journal, errand: Errand, address: str) -> None:
    entries = journal.entries
    if len(entries) < errand.height or digest(encode(entries[errand.height - 1])) != errand.head:
        raise UsageError(
            f"the programme of this worker names another store ({address}) than that of whoever began the run; give all of them the same"
        )
