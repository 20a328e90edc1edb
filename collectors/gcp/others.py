"""What no collector describes: how many assets of each type there are, from one listing of names alone.

That listing has as many pages as the estate has thousands of assets, so it takes as much of the quota as all others together: what is
not counted would be dropped in silence.
"""

import re
from collections import Counter
from collections.abc import Iterator

from collectors.collector import Collector, Item, collector
from collectors.gcp import (
    alerting,
    alloydb,
    backups,
    buckets,
    certificates,
    clusters,
    databases,
    datasets,
    detectors,
    disks,
    endpoints,
    filters,
    firewalls,
    functions,
    keys,
    machine_groups,
    machines,
    networks,
    other_stores,
    patches,
    plumbing,
    powers,
    projects,
    registries,
    secrets,
    served_databases,
    service_accounts,
    services,
    signatures,
    snapshots,
    trails,
    vaults,
    virtual_networks,
    watches,
    web_apps,
)
from collectors.gcp.elements import number
from collectors.gcp.lineage import LEVELS
from collectors.gcp.session import GcpSession
from collectors.resource import Unjudged

DESCRIBED = (
    *LEVELS.values(), alerting.METRIC, alerting.POLICY, alerting.CHANNEL, alloydb.CLUSTER, alloydb.INSTANCE, alloydb.BACKUP,
    backups.ASSOCIATION, backups.BACKUP, backups.FILES, buckets.BUCKET, certificates.OF_BALANCERS, certificates.MANAGED,
    clusters.CLUSTER, databases.INSTANCE, databases.BACKUP, datasets.DATASET, detectors.SETTINGS, detectors.NOTIFICATION, disks.DISK,
    endpoints.RULE, filters.POLICY, firewalls.RULE, firewalls.POLICY, functions.FUNCTION, functions.SERVICE, keys.KEY, keys.VERSION,
    keys.RING, machine_groups.GROUP, machine_groups.SCALER, machine_groups.TEMPLATE, machines.PROJECT, networks.SUBNET,
    patches.INSTANCE, patches.REPORT, plumbing.PLUMBING, powers.ROLE, projects.CONTACT, registries.REPOSITORY, secrets.SECRET,
    secrets.VERSION, service_accounts.ACCOUNT, service_accounts.KEY, served_databases.SPANNER, served_databases.FIRESTORE,
    served_databases.BIGTABLE, served_databases.COPY, served_databases.PART, other_stores.TOPIC, other_stores.CACHE,
    other_stores.SHARE, services.SERVICE, signatures.POLICY, snapshots.SNAPSHOT, snapshots.IMAGE, trails.SINK, trails.LOG_BUCKET,
    vaults.VAULT, vaults.SOURCE, virtual_networks.NETWORK, virtual_networks.POLICY, watches.DISCOVERY, web_apps.VERSION,
    web_apps.SERVICE, web_apps.APPLICATION,
)  # fmt: skip
"""Asset types that some collector reads."""
_DESCRIBED = re.compile("|".join(f"(?:{one})" for one in DESCRIBED))


class Counts:
    """Every asset type that no collector reads, in the cell's project, folder or organisation."""

    def list(self, session: GcpSession) -> Iterator[Item]:
        """One item for each type, made of the names that were listed."""
        counts = Counter(asset["assetType"] for asset in session.assets("", "CONTENT_TYPE_UNSPECIFIED"))
        session.notes.listing = ""  # a count is nobody's answer
        for native in sorted(counts):
            if not _DESCRIBED.fullmatch(native):
                yield {"assetType": native, "things": counts[native]}

    def describe(self, session: GcpSession, item: Item) -> Unjudged:
        """The count."""
        native = item["assetType"]
        return Unjudged(
            id=f"//cloudresourcemanager.googleapis.com/{session.owner}/types/{native}", provider="gcp", account=session.account,
            region="global", kind="resource type", name=native, tags={}, managed_by="customer", things=number(item, "things"),
        )  # fmt: skip


def _counting(name: str, where: str) -> Collector:
    declare = collector(
        name, sees=Unjudged, kinds=("resource type",), learns=("things",), readings=("things",),
        grants=("cloudasset.assets.listResource",), where="organization" if where == "organization" else "account",
    )  # fmt: skip
    return declare(Counts)


Others = _counting("gcp.others", "account")
"""Of projects."""
OthersAbove = _counting("gcp.others_above", "organization")
"""Of the organisation and its folders."""
