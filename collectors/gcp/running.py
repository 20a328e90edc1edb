"""As whom something runs, and what that lets it do: may it administer its project, or read all of its data?

Rights that a service account has in other projects, or through groups, are not weighed.
"""

from collections.abc import Iterable

from collectors.collector import Item
from collectors.gcp.entitlements import held_above
from collectors.gcp.powers import ALL_PLANES, powers
from collectors.gcp.session import GcpSession

EVERYTHING = "https://www.googleapis.com/auth/cloud-platform"
"""The scope that leaves a machine all rights of its account; any other narrows them to single services."""
UNNAMED = ""
"""An account that something runs as and that is not told."""
DATA_SERVICES = frozenset({"storage", "bigquery", "cloudsql", "spanner", "bigtable", "datastore"})
"""Whoever administers one of them as a whole reads all that the project keeps there."""


def privileged(
    session: GcpSession, item: Item, account: str | None, scopes: Iterable[str] | None = None
) -> bool | None:
    """The service account administers the project or all of its data in a service; nobody's rights are none."""
    if account == UNNAMED:
        return None
    if account is None or (scopes is not None and EVERYTHING not in set(scopes)):
        return False
    held = held_above(session, item, f"serviceAccount:{account}")
    found = powers(session, held.roles)
    if (
        found.administrator
        or found.planes == ALL_PLANES
        or (found.wildcards and DATA_SERVICES.intersection(found.wildcards))
    ):
        return True
    return False if held.whole and found.administrator is not None else None


def default_account(session: GcpSession) -> str | None:
    """The account that Compute Engine gives where none is named."""
    kind, _, number = session.owner.partition("/")
    return f"{number}-compute@developer.gserviceaccount.com" if kind == "projects" else None
