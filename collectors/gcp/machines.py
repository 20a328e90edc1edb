"""Machines of Compute Engine.

Disks are always encrypted, and the metadata server answers only requests with a header that a forged one cannot have: neither can be
switched off. People log in through the cloud's identities where OS Login is on, by the machine's metadata or else the project's.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from collectors.collector import Item, collector
from collectors.gcp import backups, patches
from collectors.gcp.elements import at, data, instant, labels, on, parts, region, text, texts
from collectors.gcp.patches import INSTANCE
from collectors.gcp.running import UNNAMED, privileged
from collectors.gcp.session import RESOURCE, GcpSession
from collectors.gcp.wording import anew
from collectors.serving import Workload

PROJECT = "compute.googleapis.com/Project"
OS_LOGIN = "enable-oslogin"
SWITCHES = frozenset({
    OS_LOGIN, "enable-oslogin-2fa", "enable-osconfig", "block-project-ssh-keys", "serial-port-enable", "created-by", "cluster-name",
})  # fmt: skip
"""Keys of metadata that say how a machine is set and hold no secret."""
READINGS = ("managed", "inventoried", "missing_patches", "patches_assessed", "last_backup", "never_backed_up")


@collector(
    "gcp.machines",
    sees=Workload,
    kinds=("machine",),
    learns=(
        "public_address", "metadata_guarded", "boot_verified", "disks_encrypted", "central_login", "privileged",
        *READINGS,
    ),
    readings=READINGS,
    moves=("updateTime", "lastStartTimestamp", "lastStopTimestamp", "fingerprint"),
    grants=("cloudasset.assets.listResource", "cloudasset.assets.listIamPolicy", "cloudasset.assets.listOSInventories"),
    where="account",
)  # fmt: skip
class Machines:
    """Every machine of the project, those of groups and of clusters too."""

    def list(self, session: GcpSession) -> Iterator[Item]:
        """Assets of instances, without what their metadata hold besides switches: start-up scripts, keys of people."""
        for asset in session.assets(INSTANCE):
            said = at(asset, "resource", "data", "metadata")
            if isinstance(said, dict):
                for words in said.keys() & {"items", "item"}:
                    said[words] = [one for one in parts(said, words) if text(one, "key") in SWITCHES]
            yield asset

    def describe(self, session: GcpSession, item: Item) -> Workload:
        """The asset, its account's rights, its copies, and what the agent on it reported."""
        machine = anew(data(item))
        account, scopes = runs_as(machine)
        agent, assessed, backed = (
            patches.agent(session, item),
            patches.assessment(session, item),
            backups.machine(session, item),
        )
        shielded = next(
            (machine[key] for key in ("shieldedInstanceConfig", "shieldedVmConfig") if key in machine), None
        )
        return Workload(
            id=item["name"], provider="gcp", account=session.account, region=region(item, "zone"), kind="machine",
            name=text(machine, "name"), tags=labels(machine), managed_by="customer", created=instant(machine, "creationTimestamp"),
            public_address=public_address(machine), metadata_guarded=True, boot_verified=on(shielded, "enableSecureBoot"),
            disks_encrypted=True, central_login=central_login(session, machine), privileged=privileged(session, item, account, scopes),
            managed=agent.managed, inventoried=agent.inventoried,
            missing_patches=assessed.missing, patches_assessed=assessed.at, last_backup=backed.at, never_backed_up=backed.never,
        )  # fmt: skip


def public_address(machine: Mapping[str, Any]) -> bool | None:
    """An interface has an external address, or gets one when the machine starts."""
    interfaces = parts(machine, "networkInterfaces")
    found = any(at(one, "accessConfigs") or at(one, "ipv6AccessConfigs") for one in interfaces)
    # A machine always has an interface: without any, or with one that cannot be read, nothing is learned.
    return found or (False if interfaces and len(interfaces) == len(machine["networkInterfaces"]) else None)


def runs_as(machine: Mapping[str, Any]) -> tuple[str | None, tuple[str, ...] | None]:
    """The service account that a machine (or a template of one) runs as, with the scopes that narrow it; nobody for none.

    An account without an address is `running.UNNAMED`; scopes that are not told narrow nothing.
    """
    if not machine.get("serviceAccounts"):
        return None if machine else UNNAMED, None
    account = next(iter(parts(machine, "serviceAccounts")), None)
    scopes = texts(account, "scopes")
    return text(account, "email") or UNNAMED, scopes or None


def central_login(session: GcpSession, machine: Mapping[str, Any]) -> bool | None:
    """OS Login is on: said by the machine, else by the project."""
    said = metadata(machine, "metadata").get(OS_LOGIN)
    if said is None:
        shared = session.worked_out("metadata", PROJECT, RESOURCE, _shared)
        if shared is None:
            return None
        name, values = shared
        session.notes.cites += [name] if name else []
        said = values.get(OS_LOGIN, "")
    return said.lower() == "true"


def metadata(element: Mapping[str, Any], key: str) -> dict[str, str]:
    """Keys and values of metadata; what is no text is left out."""
    return {
        name: value
        for one in (*parts(element, key, "items"), *parts(element, key, "item"))
        if (name := text(one, "key")) and (value := text(one, "value"))
    }


def _shared(assets: Iterator[dict[str, Any]]) -> tuple[str, dict[str, str]]:
    """The project's own settings: the asset's name, and the metadata of all of its machines."""
    for asset in assets:
        return asset["name"], metadata(at(asset, "resource", "data") or {}, "commonInstanceMetadata")
    return "", {}
