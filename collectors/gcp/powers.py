"""What roles let their members do: whether everything, which services as a whole, and which of data, keys and logging.

Predefined roles are told by name, since their permissions are Google's and change; custom roles by their permissions. A condition on a
binding is not weighed: whoever meets it has the role.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from collectors.gcp.elements import text, texts
from collectors.gcp.session import RESOURCE, GcpSession

ROLE = "iam.googleapis.com/Role"
OWNER, EDITOR = "roles/owner", "roles/editor"
PLANE = {
    "data": (
        "alloydb", "bigquery", "bigtable", "cloudsql", "datastore", "file", "firebasedatabase", "managedkafka", "memcache", "pubsub",
        "redis", "spanner", "storage",
    ),
    "keys": ("cloudkms", "secretmanager"),
    "logging": ("logging",),
}  # fmt: skip
"""Plane -> services whose administration is of that plane."""
_PLANE_OF = {service: plane for plane, services in PLANE.items() for service in services}
MORE_ADMINS = {
    "roles/bigquery.dataOwner": "data", "roles/logging.configWriter": "logging", "roles/logging.bucketWriter": "logging",
    "roles/storage.legacyBucketOwner": "data", "roles/iam.securityAdmin": "", "roles/resourcemanager.projectIamAdmin": "",
    "roles/resourcemanager.folderIamAdmin": "", "roles/resourcemanager.organizationAdmin": "", "roles/iam.organizationRoleAdmin": "",
}  # fmt: skip
"""Roles that administer without being called admin, with their plane; without one they administer who may do what, so everything."""
ALL_PLANES = tuple(sorted(PLANE))
_CHANGES = ("create", "delete", "update", "setIamPolicy", "destroy")


@dataclass(frozen=True, kw_only=True)
class Powers:
    """Facts of an entitlement; `None` where a role was not learned that could change them."""

    administrator: bool | None
    wildcards: tuple[str, ...] | None
    planes: tuple[str, ...] | None


def powers(session: GcpSession, roles: Iterable[str]) -> Powers:
    """What all these roles allow together."""
    administrator, blind = False, False
    wildcards, planes = set[str](), set[str]()
    for role in sorted(set(roles)):
        if role.startswith("roles/"):
            administrator = administrator or role == OWNER
            wildcards |= whole_service(role)
            planes |= predefined(role)
            continue
        permissions = custom(session, role)
        if permissions is None:
            blind = True
        else:
            planes |= administered(permissions)
    if administrator:
        return Powers(administrator=True, wildcards=("*",), planes=ALL_PLANES)
    return Powers(
        administrator=None if blind else False, wildcards=None if blind else tuple(sorted(wildcards)),
        planes=tuple(sorted(planes)) if not blind or len(planes) > 1 else None,
    )  # fmt: skip


def whole_service(role: str) -> set[str]:
    """The service that an admin role is of: `storage` of `roles/storage.admin`."""
    service, _, name = role.removeprefix("roles/").partition(".")
    return {service} if name == "admin" else set()


def predefined(role: str) -> set[str]:
    """The planes that a role of Google's administers."""
    if role == EDITOR:
        return set(ALL_PLANES)
    if role in MORE_ADMINS:
        return {MORE_ADMINS[role]} if MORE_ADMINS[role] else set(ALL_PLANES)
    return {_PLANE_OF[service] for service in whole_service(role) & _PLANE_OF.keys()}


def administered(permissions: Iterable[str]) -> set[str]:
    """The planes that permissions let change: `storage.buckets.delete`, but not `storage.objects.create`."""
    found = set[str]()
    for permission in permissions:
        service, _, rest = permission.partition(".")
        thing, _, verb = rest.rpartition(".")
        if verb == "setIamPolicy" and service == "resourcemanager":
            return set(ALL_PLANES)
        if verb in _CHANGES and service in _PLANE_OF and thing not in {"objects", "rows", "messages", "logEntries"}:
            found.add(_PLANE_OF[service])
    return found


def custom(session: GcpSession, role: str) -> tuple[str, ...] | None:
    """The permissions of a role of somebody's making, cited; `None` if it was not learned, or no longer is."""
    name = f"//iam.googleapis.com/{role}"
    found = session.named(ROLE, RESOURCE, name)
    if not found:
        return None
    session.notes.cites.append(name)
    said = found["resource"]["data"]
    if text(said, "stage") == "DISABLED" or said.get("deleted"):
        return ()
    return texts(said, "includedPermissions") if isinstance(said.get("includedPermissions"), list) else None
