"""Where an export of the activity log is kept: whose key encrypts it there, who can read it, and whether reads are recorded."""

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from collectors.azure.elements import inner, listed, properties, text
from collectors.azure.logs import kept
from collectors.azure.storage import ACCESS, anonymous, door_open
from collectors.azure.storage import key_held_by as storage_key
from collectors.collector import Session

QUERIES = frozenset({"Audit"})
"""The category of a workspace's own log that says who searched it."""


class Store(NamedTuple):
    """One destination; `None` is not learned."""

    key_held_by: Literal["none", "provider", "customer"] | None = None
    public: bool | None = None
    access_logged: bool | None = None
    locked: bool | None = None


def stores_of(session: Session, known: Mapping[str, Any]) -> list[Store]:
    """Every destination of an export. What lies behind an event hub or a partner is not learned."""
    found: list[Store] = []
    if account := text(known, "storageAccountId"):
        found.append(in_account(session, account))
    if workspace := text(known, "workspaceId"):
        found.append(in_workspace(session, workspace))
    return found + [Store() for name in ("eventHubAuthorizationRuleId", "marketplacePartnerId") if text(known, name)]


def in_account(session: Session, account: str) -> Store:
    """A storage account; its containers say who may read, and which of them are locked."""
    known = properties(session.ask("arm.StorageAccount", id=account))
    containers = session.ask("arm.BlobContainers", id=account)
    exports = session.ask("arm.DiagnosticSettings", id=f"{account}/blobServices/default")
    door = door_open(known)
    return Store(
        key_held_by=storage_key(known), public=anonymous(containers) if door else door,
        access_logged=None if exports is None else kept(exports, ACCESS), locked=locked(known, containers),
    )  # fmt: skip


def locked(known: Mapping[str, Any] | None, answer: Mapping[str, Any] | None) -> bool | None:
    """A policy of immutability that nobody can take back is on the account, or on each container of the activity log."""
    account = text(inner(known, "immutableStorageWithVersioning", "immutabilityPolicy"), "state")
    containers = listed(answer, "value")
    if known is None or containers is None:
        return None
    own = [one for one in containers if (text(one, "name") or "").startswith("insights-")]
    states = [text(inner(one, "properties", "immutabilityPolicy", "properties"), "state") for one in own]
    return (account or "").lower() == "locked" or (bool(own) and all((one or "").lower() == "locked" for one in states))


def in_workspace(session: Session, workspace: str) -> Store:
    """A workspace: nobody reads it unnamed, and those who administer it can have records deleted."""
    known = properties(session.ask("arm.Workspace", id=workspace))
    exports = session.ask("arm.DiagnosticSettings", id=workspace)
    seen = None if known is None else False
    return Store(
        key_held_by=workspace_key(session, known), public=seen, locked=seen,
        access_logged=None if exports is None else kept(exports, QUERIES),
    )  # fmt: skip


def workspace_key(session: Session, known: Mapping[str, Any] | None) -> Literal["provider", "customer"] | None:
    """The provider's, unless the workspace lies in a cluster that has a key of its own."""
    cluster = text(inner(known, "features"), "clusterResourceId")
    if known is None or cluster is None:
        return None if known is None else "provider"
    whole = properties(session.ask("arm.LogCluster", id=cluster))
    if whole is None:
        return None
    return "customer" if text(inner(whole, "keyVaultProperties"), "keyName") else "provider"
