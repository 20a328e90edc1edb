"""Storage accounts: encryption, TLS, anonymous access, versions and access logs of their blobs."""

from collections.abc import Iterator, Mapping
from typing import Any

from collectors.azure.elements import flag, header, inner, instant, listed, properties, said, some, text
from collectors.azure.logs import kept
from collectors.collector import Item, Session, collector
from collectors.resource import DataStore

NO_BLOBS = frozenset({"filestorage"})
"""Kinds of account that hold no blobs: they have neither anonymous access nor versions."""
ACCESS = frozenset({"StorageRead", "StorageWrite", "StorageDelete"})
"""Categories of the blob service's diagnostic logs that together record every access."""
LEVELS = {"blob": True, "container": True, "none": False}
"""Level of anonymous access -> anybody reads."""
HOLDERS = {"microsoft.storage": "provider", "microsoft.keyvault": "customer"}


@collector(
    "azure.storage",
    sees=DataStore,
    kinds=("object store", "file share"),
    learns=(
        "encrypted",
        "key_held_by",
        "public",
        "transport_encrypted",
        "versioned",
        "access_logged",
        "content_expires",
    ),
    moves=("etag", "lastModifiedTime", "statusOfPrimary", "statusOfSecondary"),
    grants=(
        "Microsoft.ResourceGraph/resources/read",
        "Microsoft.Storage/storageAccounts/read",
        "Microsoft.Storage/storageAccounts/blobServices/read",
        "Microsoft.Storage/storageAccounts/blobServices/containers/read",
        "Microsoft.Storage/storageAccounts/managementPolicies/read",
        "Microsoft.Insights/diagnosticSettings/read",
    ),
    where="account",
)
class Storage:
    """Every storage account of the subscription; those for files alone are file shares."""

    def list(self, session: Session) -> Iterator[Item]:
        """Rows of Resource Graph."""
        return session.pages("graph.StorageAccounts", "data")

    def describe(self, session: Session, item: Item) -> DataStore:
        """The row tells most; the blob service, its diagnostic settings and, where containers may be open, they are asked for."""
        known = properties(item)
        files = str(item.get("kind", "")).lower() in NO_BLOBS
        service = None if files else session.ask("arm.BlobServices", id=item["id"])
        exports = None if files else session.ask("arm.DiagnosticSettings", id=f"{item['id']}/blobServices/default")
        return DataStore(
            **header(session, item), kind="file share" if files else "object store", created=instant(known, "creationTime"),
            encrypted=flag(inner(known, "encryption", "services", "file" if files else "blob"), "enabled"),
            key_held_by=key_held_by(known), public=nobody_anonymous(known) if files else public(session, item, known),
            transport_encrypted=flag(known, "supportsHttpsTrafficOnly"),
            versioned=None if service is None else versioned(service),
            access_logged=None if exports is None else kept(exports, ACCESS),
            content_expires=None if files else content_expires(session, item),
        )  # fmt: skip


def key_held_by(known: Mapping[str, Any] | None) -> Any:
    """Whose key encrypts the account."""
    source = text(inner(known, "encryption"), "keySource")
    return HOLDERS.get(source.lower()) if source else None


def versioned(service: Mapping[str, Any]) -> bool | None:
    """Azure leaves the field out until versioning was set once."""
    settings = properties(service)
    return None if settings is None else flag({"isVersioningEnabled": False, **settings}, "isVersioningEnabled")


def content_expires(session: Session, item: Item) -> bool | None:
    """A rule of the lifecycle policy that is on deletes blobs that have become old."""
    answer = session.ask("arm.StorageLifecycle", id=item["id"], absent=("ManagementPolicyNotFound", "ResourceNotFound"))
    if not answer:
        return None if answer is None else False
    rules = listed(inner(answer, "properties", "policy"), "rules")
    return (
        None
        if rules is None
        else some(flag({"enabled": True, **one}, "enabled") if deletes(one) else False for one in rules)
    )


def deletes(rule: Mapping[str, Any]) -> bool:
    """One rule deletes the blobs themselves, not only their versions."""
    return inner(rule, "definition", "actions", "baseBlob", "delete") is not None


def public(session: Session, item: Item, known: Mapping[str, Any] | None) -> bool | None:
    """Anybody may read some container: anonymous access is allowed, the network is open, and a container uses it."""
    door = door_open(known)
    return anonymous(session.ask("arm.BlobContainers", id=item["id"])) if door else door


def nobody_anonymous(known: Mapping[str, Any] | None) -> bool | None:
    """Shares of files are read by nobody without a key or an identity."""
    return None if known is None else False


def door_open(known: Mapping[str, Any] | None) -> bool | None:
    """The account would let a container be read by anybody.

    The field is left out of accounts of before 2020 that never set it; those allow it.
    """
    if known is None:
        return None
    allowed = flag({"allowBlobPublicAccess": True, **known}, "allowBlobPublicAccess")
    closed = said(known, "publicNetworkAccess", {"disabled": True, "enabled": False, "securedbyperimeter": True})
    denied = said(inner(known, "networkAcls"), "defaultAction", {"deny": True, "allow": False})
    return False if allowed is False or closed or denied else allowed


def anonymous(answer: Mapping[str, Any] | None) -> bool | None:
    """Some container of a listing lets anybody read."""
    containers = listed(answer, "value")
    return None if containers is None else some(map(readable, containers))


def readable(container: Mapping[str, Any]) -> bool | None:
    """Anybody reads one container, by its level of anonymous access; left out, or null, where it has none."""
    known = properties(container)
    return None if known is None else LEVELS.get(str(known.get("publicAccess") or "none").lower())
