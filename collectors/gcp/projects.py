"""Projects themselves: what holds for all of one, its own or inherited.

A project has no root user and no passwords: people are users of Google Workspace or Cloud Identity, whose settings the inventory does
not hold. Those facts are not learned here.
"""

from collections.abc import Iterator

from collectors.collector import Item, collector
from collectors.gcp import lineage
from collectors.gcp.buckets import PREVENTION
from collectors.gcp.elements import data, instant, labels, text, texts
from collectors.gcp.session import GcpSession
from collectors.resource import Account, Region

PROJECT, CONTACT = "cloudresourcemanager.googleapis.com/Project", "essentialcontacts.googleapis.com/Contact"
SECURITY = frozenset({"SECURITY", "ALL"})
GRANTS = ("cloudasset.assets.listResource",)


@collector(
    "gcp.projects",
    sees=Account,
    kinds=("project",),
    learns=("public_data_blocked", "security_contact"),
    redacts=("email",),
    grants=(*GRANTS, "cloudasset.assets.listOrgPolicy"),
    where="account",
)
class Projects:
    """The project of the cell, once."""

    def list(self, session: GcpSession) -> Iterator[Item]:
        """The project's own asset."""
        return session.assets(PROJECT)

    def describe(self, session: GcpSession, item: Item) -> Account:
        """The asset, organisation policies and contacts."""
        project = data(item)
        return Account(
            id=item["name"], provider="gcp", account=session.account, region="global", kind="project", name=session.account,
            tags=labels(project), managed_by="customer", created=instant(project, "createTime"),
            public_data_blocked=lineage.enforced(session, item, PREVENTION), security_contact=security_contact(session, item),
        )  # fmt: skip


@collector(
    "gcp.regions",
    sees=Region,
    kinds=("region",),
    learns=("volumes_encrypted_by_default", "activity_logged"),
    grants=(*GRANTS, "cloudasset.assets.listIamPolicy"),
    where="account",
)
class Regions:
    """The project as one place: Google divides neither of these defaults by region."""

    def list(self, session: GcpSession) -> Iterator[Item]:
        """The project's own asset."""
        return session.assets(PROJECT)

    def describe(self, session: GcpSession, item: Item) -> Region:
        """Writes of the control plane are always recorded; its reads, and nobody left out, only where an audit configuration says so."""
        return Region(
            id=f"{item['name']}/locations/global", provider="gcp", account=session.account, region="global", kind="region",
            name=text(data(item), "projectId"), managed_by="customer", volumes_encrypted_by_default=True,
            activity_logged=lineage.audited(session, item, "allServices", frozenset({"ADMIN_READ"})),
        )  # fmt: skip


def security_contact(session: GcpSession, item: Item) -> bool | None:
    """Somebody is told of security matters, at the project or above; an address that was found invalid is nobody's."""
    blind = False
    for level in lineage.levels(item):
        contacts = session.of(level, CONTACT)
        if contacts is None:
            blind = True
            continue
        for contact in contacts:
            said = contact["resource"]["data"]
            if (
                SECURITY & set(texts(said, "notificationCategorySubscriptions"))
                and text(said, "validationState") != "INVALID"
            ):
                session.notes.cites.append(contact["name"])
                return True
    return None if blind else False
