"""Locks of Resource Manager: what nobody deletes before somebody has taken the lock away."""

from collections.abc import Iterator
from typing import cast

from collectors.azure.elements import ancestors, said
from collectors.azure.elements import properties as known
from collectors.azure.session import AzureSession
from collectors.collector import Item, Session

LEVELS = {"cannotdelete": True, "readonly": True, "notspecified": False}
GRANT = "Microsoft.Authorization/locks/read"


def locked(session: Session, identity: str) -> bool | None:
    """A lock stands on the resource, or on something in which it lies."""
    locks = cast("AzureSession", session).joined("arm.Locks", _scope, *ancestors(identity))
    return None if locks is None else any(said(known(one), "level", LEVELS) for one in locks)


def _scope(lock: Item) -> Iterator[str]:
    yield str(lock["id"]).lower().rpartition("/providers/microsoft.authorization/locks/")[0]
