"""Virtual machines: how each is made, reached and logged in to, and how its agent, its patches and its backups fare.

What is on a machine is told by its extensions, and how it fares by its instance view: what Resource Graph says of patches it says to
nobody with an exact role. A machine that is switched off reports nothing, and nothing is said of it.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, cast

from collectors.azure.elements import header, inner, instant, listed, number, properties, some, switched, text
from collectors.azure.privileges import BESIDE, privileged
from collectors.azure.session import AzureSession
from collectors.collector import Item, Session, collector
from collectors.serving import Workload

LOGINS = frozenset({"aadsshloginforlinux", "aadloginforwindows"})
DISK_CRYPTS = frozenset({"azurediskencryption", "azurediskencryptionforlinux"})
GUARDS = frozenset({"mde.windows", "mde.linux", "iaasantimalware"})
INVENTORIES = frozenset({"changetracking-windows", "changetracking-linux", "mde.windows", "mde.linux"})
"""Extensions that report the software of a machine, by their type."""


@collector(
    "azure.machines",
    sees=Workload,
    kinds=("machine",),
    learns=(
        "networks", "public_address", "boot_verified", "disks_encrypted", "central_login", "privileged", "managed", "inventoried",
        "missing_patches", "patches_assessed", "malware_guarded", "last_backup", "never_backed_up",
    ),
    readings=(
        "managed", "inventoried", "missing_patches", "patches_assessed", "malware_guarded", "last_backup", "never_backed_up",
    ),
    moves=(
        "extended", "vmAgent", "patchStatus", "statuses", "disks", "instanceView", "lastBackupTime", "lastBackupStatus",
        "lastRecoveryPoint", "protectionStatus", "healthStatus", "kpisHealths", "extendedInfo", "bootDiagnostics", "vmHealth",
    ),
    redacts=("adminUsername", "customData", "userData", "settings", "keyData", "computerName"),
    beside=BESIDE,
    grants=(
        "Microsoft.ResourceGraph/resources/read",
        "Microsoft.Compute/virtualMachines/read",
        "Microsoft.Compute/virtualMachines/extensions/read",
        "Microsoft.Compute/virtualMachines/instanceView/read",
        "Microsoft.Network/networkInterfaces/read",
        "Microsoft.RecoveryServices/vaults/backupFabrics/protectionContainers/protectedItems/read",
    ),
    where="account",
)  # fmt: skip
class Machines:
    """Every virtual machine of the subscription, but the members of uniform scale sets."""

    def list(self, session: Session) -> Iterator[Item]:
        """Rows of Resource Graph."""
        return session.pages("graph.Machines", "data")

    def describe(self, session: Session, item: Item) -> Workload:
        """Interfaces, extensions and backups are other tables; how the machine fares is asked for."""
        known, here = properties(item), cast("AzureSession", session)
        named = attached(known)
        interfaces = None if named is None else here.joined("graph.Interfaces", own_id, *named)
        extensions = on(here.joined("graph.Extensions", parent, item["id"]))
        backups = here.joined("graph.MachineBackups", source, item["id"])
        patches, status = None, session.ask("arm.MachineStatus", id=item["id"])
        if status is not None:
            patches = inner(status, "patchStatus", "availablePatchSummary")
        saved = None if backups is None else last_backup(backups)
        return Workload(
            **header(session, item), kind="machine", created=instant(known, "timeCreated"),
            networks=None if interfaces is None else networks(interfaces, len(named or ())),
            public_address=None if interfaces is None else public_address(interfaces, len(named or ())),
            boot_verified=switched(known, "securityProfile", "uefiSettings", "secureBootEnabled"),
            disks_encrypted=disks_encrypted(known, extensions),
            central_login=installed(extensions, LOGINS), privileged=privileged(session, item),
            managed=None if status is None else in_contact(status), inventoried=installed(extensions, INVENTORIES),
            missing_patches=number(patches, "criticalAndSecurityPatchCount"), patches_assessed=instant(patches, "lastModifiedTime"),
            malware_guarded=installed(extensions, GUARDS), last_backup=saved, never_backed_up=None if backups is None else saved is None,
        )  # fmt: skip


def attached(known: Mapping[str, Any] | None) -> list[str] | None:
    """Ids of a machine's network interfaces."""
    interfaces = listed(inner(known, "networkProfile"), "networkInterfaces")
    return None if interfaces is None else [text(each, "id") or "" for each in interfaces]


def public_address(interfaces: list[Item], attached: int) -> bool | None:
    """One interface has a public address; none has one only where all that are attached were found."""
    found = some(map(reachable, interfaces))
    return found if found or len(interfaces) >= attached else None


def networks(interfaces: list[Item], attached: int) -> tuple[str, ...] | None:
    """Ids of the virtual networks that the interfaces lie in, in lower case; only where all that are attached tell theirs."""
    subnets = [
        (text(inner(properties(one), "subnet"), "id") or "").lower()
        for interface in interfaces
        for one in listed(properties(interface), "ipConfigurations") or ({},)
    ]
    if len(interfaces) < attached or not all("/subnets/" in one for one in subnets):
        return None
    return tuple(sorted({one.partition("/subnets/")[0] for one in subnets}))


def reachable(interface: Mapping[str, Any]) -> bool | None:
    """An interface has a public address of its own."""
    configurations = listed(properties(interface), "ipConfigurations")
    return None if configurations is None else some(map(public, configurations))


def public(configuration: Mapping[str, Any]) -> bool | None:
    """One of an interface's addresses is a public one; the field is left out, or null, where it is not."""
    known = properties(configuration)
    if known is None or known.get("publicIPAddress") is None:
        return None if known is None else False
    return True if text(inner(known, "publicIPAddress"), "id") else None


def own_id(row: Item) -> Iterator[str]:
    """The row's id."""
    yield str(row["id"])


def parent(row: Item) -> Iterator[str]:
    """The id of the machine on which an extension is."""
    yield str(row["id"]).lower().rpartition("/extensions/")[0]


def source(row: Item) -> Iterator[str]:
    """The id of what a protected item protects."""
    for name in ("sourceResourceId", "virtualMachineId"):
        if found := text(properties(row), name):
            yield found
            return


def on(rows: Iterable[Item] | None) -> frozenset[str] | None:
    """The types of the extensions that are installed and did not fail, in lower case."""
    if rows is None:
        return None
    return frozenset(
        (text(properties(row), "type") or "").lower()
        for row in rows
        if (text(properties(row), "provisioningState") or "").lower() == "succeeded"
    )


def installed(extensions: frozenset[str] | None, wanted: frozenset[str]) -> bool | None:
    """One of the wanted extensions is on the machine."""
    return None if extensions is None else bool(extensions & wanted)


def disks_encrypted(known: Mapping[str, Any] | None, extensions: frozenset[str] | None) -> bool | None:
    """Temporary disks and caches too: on the host, or by Azure Disk Encryption in the machine. Managed disks always are."""
    if known is None:
        return None
    on_host = switched(known, "securityProfile", "encryptionAtHost")
    return some((on_host, installed(extensions, DISK_CRYPTS)))


def in_contact(status: Mapping[str, Any]) -> bool | None:
    """The machine's agent is ready; of one that does not run, nothing is said."""
    powers = [text(one, "code") or "" for one in listed(status, "statuses") or ()]
    if "PowerState/running" not in powers:
        return None
    said = listed(inner(status, "vmAgent"), "statuses") or []
    return any((text(one, "displayStatus") or "").lower() == "ready" for one in said)


def last_backup(items: Iterable[Item]) -> datetime | None:
    """The newest point to which a protected machine can be brought back."""
    found = [instant(properties(one), "lastRecoveryPoint") or succeeded(properties(one)) for one in items]
    return max((one for one in found if one), default=None)


def succeeded(known: Mapping[str, Any] | None) -> datetime | None:
    """When the last backup was, if it ended well."""
    well = (text(known, "lastBackupStatus") or "").lower() in {"completed", "healthy"}
    return instant(known, "lastBackupTime") if well else None
