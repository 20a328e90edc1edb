"""Image registries: repositories of Artifact Registry that hold images of containers."""

from collections.abc import Iterator, Mapping
from typing import Any

from collectors.collector import Item, collector
from collectors.gcp import lineage
from collectors.gcp.elements import data, instant, labels, last, on, region, text, tri_any
from collectors.gcp.services import enabled
from collectors.gcp.session import GcpSession
from collectors.serving import Registry

REPOSITORY = "artifactregistry.googleapis.com/Repository"
SCANNER = "containerscanning.googleapis.com"
ROLES = ("roles/artifactregistry.", "roles/viewer", "roles/editor", "roles/owner")


@collector(
    "gcp.registries",
    sees=Registry,
    kinds=("image registry",),
    learns=("scanned", "immutable", "public"),
    moves=("sizeBytes", "lastEnableTime"),
    grants=("cloudasset.assets.listResource", "cloudasset.assets.listIamPolicy"),
    where="account",
)
class Registries:
    """Every repository of images of the project."""

    def list(self, session: GcpSession) -> Iterator[Item]:
        """Assets of repositories of that format."""
        return (asset for asset in session.assets(REPOSITORY) if text(data(asset), "format") == "DOCKER")

    def describe(self, session: GcpSession, item: Item) -> Registry:
        """The asset, its policy, and whether the project scans."""
        repository = data(item)
        own = session.policy(item)
        ways = (None if own is None else lineage.public(own), lineage.public_above(session, item, ROLES))
        return Registry(
            id=item["name"], provider="gcp", account=session.account, region=region(item), kind="image registry",
            name=last(text(repository, "name") or item["name"]), tags=labels(repository), managed_by="customer",
            created=instant(repository, "createTime"), scanned=scanned(session, repository),
            immutable=on(repository, "dockerConfig", "immutableTags"), public=tri_any(ways),
        )  # fmt: skip


def scanned(session: GcpSession, repository: Mapping[str, Any]) -> bool | None:
    """Images are scanned when they arrive: the repository says so; where it is silent, the project's service for it decides."""
    state = text(repository, "vulnerabilityScanningConfig", "enablementState")
    if state not in {None, "ENABLEMENT_STATE_UNSPECIFIED"}:
        return state == "SCANNING_ACTIVE"
    if text(repository, "vulnerabilityScanningConfig", "enablementConfig") == "DISABLED":
        return False
    return enabled(session, SCANNER)
