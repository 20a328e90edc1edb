"""Making an agent from a programme file: store, journal, keys, checks and clouds, each opened or refused with its remedy."""

import hashlib
import hmac
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.errors import StoreError, UsageError
from agent.journal import Journal
from agent.progress import Progress, Silence
from agent.reading import Loaded, load, locate
from agent.store import Folder, Store
from agent.stores.opening import open_store

if TYPE_CHECKING:
    from agent.keys import Signer
    from agent.planning import Cloud
    from agent.programme import AwsScope, AzureScope, GcpScope, Programme
    from agent.running import Agent
    from collectors.collector import Collector


def now() -> datetime:
    """The clock of an agent that runs in the world: UTC, whole seconds."""
    return datetime.now(UTC).replace(microsecond=0)


def read_programme(option: str | None) -> Loaded:
    """The programme that a command line names; what was passed over in its folders is said on stderr."""
    loaded = load(locate(option))
    for line in loaded.ignored:
        sys.stderr.write(f"{line}\n")
    return loaded


def open_agent(
    loaded: Loaded,
    *,
    clock: Callable[[], datetime] = now,
    progress: Progress | None = None,
    store: Path | None = None,
    clouds: "Callable[[Programme, str], tuple[Cloud, ...]] | None" = None,
    signer: "Signer | None" = None,
) -> "Agent":
    """An agent that can run. Raises `AgentError` where key, store or journal cannot be used. `signer` stands for the programme's key."""
    from agent.keys import load_salt_key
    from agent.packs import standing
    from agent.parameters import held
    from agent.plugins import plugged_checks
    from agent.running import Agent, checks
    from agent.sealing import Press
    from agent.signing import open_signer

    kept = Folder(store) if store else open_store(loaded.store, loaded.programme.store_options)
    signer = signer or open_signer(loaded)
    salt_key = load_salt_key(loaded.salt_key)
    kept.ready()
    every = (*checks(), *plugged_checks(checks()))
    held(every, loaded.programme)
    journal = Journal(kept, signer)
    press = Press(
        store=kept, journal=journal, signer=signer, salt_key=salt_key,
        checks=standing(kept, packs_of(journal), every),
    )  # fmt: skip
    return Agent(
        loaded=loaded, press=press, clouds=clouds or clouds_of(salt_key), clock=clock, progress=progress or Silence()
    )


def open_for_reading(loaded: Loaded) -> tuple[Store, Journal]:
    """Store and journal of a programme, for commands that only look."""
    store = open_store(loaded.store, loaded.programme.store_options)
    if not store.has("journal/00000001.json"):
        raise StoreError(f"{loaded.store} holds no journal yet; type `starcadence commit`, then `starcadence run`")
    return store, Journal(store)


def packs_of(journal: Journal) -> dict[str, str]:
    """The packs that the newest cycle named when it opened: name -> address of its bytes."""
    from agent.outlook import newest

    opened = newest(journal)
    return opened.packs if opened else {}


def clouds_of(
    salt_key: bytes, *, sleep: Callable[[float], None] = time.sleep
) -> "Callable[[Programme, str], tuple[Cloud, ...]]":
    """How the clouds of a programme are opened, for a sweep of some name; `sleep` waits between two tries of a call."""
    pseudonyms = hmac.new(salt_key, b"pseudonyms", hashlib.sha256).digest()

    def clouds(programme: "Programme", sweep: str) -> "tuple[Cloud, ...]":
        scope, name = programme.scope, f"starcadence-{sweep}"
        found: list[Cloud] = []
        if scope.aws is not None:
            found.append(_aws(scope.aws, session_name=name, pseudonym_key=pseudonyms, sleep=sleep))
        if scope.gcp is not None:
            found.append(_gcp(scope.gcp, session_name=name, pseudonym_key=pseudonyms, sleep=sleep))
        if scope.azure is not None:
            found.append(_azure(scope.azure, pseudonym_key=pseudonyms, sleep=sleep))
        if not found:
            raise UsageError("the programme's scope names no cloud; write `scope: {aws: {...}}`")
        return tuple(found)

    return clouds


def _with_plugged(cloud: str, ours: "Sequence[Collector]") -> "tuple[Collector, ...]":
    """Our collectors of a cloud, and those of installed packages."""
    from agent.plugins import plugged_collectors

    return (*ours, *plugged_collectors(cloud, ours))


def _aws(scope: "AwsScope", **opening: Any) -> "Cloud":
    from agent.planning import Cloud
    from agent.units import share
    from collectors.aws.catalogue import COLLECTORS
    from collectors.aws.cloud import Aws

    return Cloud(
        name="aws",
        collectors=_with_plugged("aws", COLLECTORS),
        access=Aws(scope, rate=float(share(scope.rate)), **opening),
    )


def _gcp(scope: "GcpScope", **opening: Any) -> "Cloud":
    from agent.planning import Cloud
    from collectors.gcp.catalogue import COLLECTORS
    from collectors.gcp.cloud import Gcp

    if find_spec("grpc") is None or find_spec("google.auth") is None:
        raise UsageError("Google Cloud's client is not installed; type `pip install 'starcadence[gcp]'`")
    return Cloud(name="gcp", collectors=_with_plugged("gcp", COLLECTORS), access=Gcp(scope, **opening))


def _azure(scope: "AzureScope", **opening: Any) -> "Cloud":
    from agent.planning import Cloud
    from collectors.azure.catalogue import COLLECTORS
    from collectors.azure.cloud import Azure, BadEndpoint

    if find_spec("azure") is None or find_spec("azure.mgmt") is None or find_spec("azure.identity") is None:
        raise UsageError("Azure's clients are not installed; type `pip install 'starcadence[azure]'`")
    try:
        return Cloud(name="azure", collectors=_with_plugged("azure", COLLECTORS), access=Azure(scope, **opening))
    except BadEndpoint as error:
        raise UsageError(str(error)) from None
