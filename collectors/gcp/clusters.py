"""Clusters of Kubernetes Engine.

Google upgrades a cluster that follows a release channel by itself. One without a channel keeps its version until that is no longer
supported. Writes to a cluster's API are always in Google's own audit log; what the cluster itself says is kept where logging is on.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from collectors.collector import Item, collector
from collectors.gcp.elements import at, data, instant, labels, on, parts, region, text, texts
from collectors.gcp.session import GcpSession
from collectors.gcp.signatures import demanded
from collectors.ranges import world
from collectors.resource import FAR
from collectors.serving import Cluster

CLUSTER = "container.googleapis.com/Cluster"
ENDS = {
    "1.27": "2024-08-31", "1.28": "2025-02-04", "1.29": "2025-03-21", "1.30": "2025-09-30", "1.31": "2025-12-22", "1.32": "2026-04-11",
    "1.33": "2026-08-03", "1.34": "2026-12-01",
}  # fmt: skip
"""Minor version -> the end of its standard support (GKE, "Release schedule", as of 2026-01)."""
OLDEST = (1, 27)
CHANNELS = frozenset({"RAPID", "REGULAR", "STABLE", "EXTENDED"})
ENFORCED = frozenset({
    "PROJECT_SINGLETON_POLICY_ENFORCE", "POLICY_BINDINGS_AND_PROJECT_SINGLETON_POLICY_ENFORCE",
})  # fmt: skip
"""Modes of Binary Authorization in which the project's policy blocks."""
SELF_SAID = ("currentNodeCount", "conditions", "status", "statusMessage")


@collector(
    "gcp.clusters",
    sees=Cluster,
    kinds=("cluster",),
    learns=(
        "api_open", "secrets_encrypted", "audit_logged", "version_ends", "nodes_private", "traffic_limited", "workload_identity",
        "images_verified", "multi_zone", "legacy_access", "nodes_renewed", "nodes_verified",
    ),
    moves=SELF_SAID,
    redacts=("masterAuth", "clientKey", "password"),
    grants=("cloudasset.assets.listResource",),
    where="account",
)  # fmt: skip
class Clusters:
    """Every cluster of the project."""

    def list(self, session: GcpSession) -> Iterator[Item]:
        """Assets of clusters."""
        return session.assets(CLUSTER)

    def describe(self, session: GcpSession, item: Item) -> Cluster:
        """The asset, and the project's rules for images."""
        cluster = data(item)
        autopilot = on(cluster, "autopilot", "enabled")
        return Cluster(
            id=item["name"], provider="gcp", account=session.account, region=region(item), kind="cluster", name=text(cluster, "name"),
            tags=labels(cluster, "resourceLabels"), managed_by="customer", created=instant(cluster, "createTime"),
            api_open=api_open(cluster),
            secrets_encrypted=text(cluster, "databaseEncryption", "state") in {"ENCRYPTED", "ALL_OBJECTS_ENCRYPTION_ENABLED"},
            audit_logged=logging(cluster), version_ends=version_ends(cluster), nodes_private=nodes_private(cluster),
            traffic_limited=autopilot or on(cluster, "networkPolicy", "enabled")
            or text(cluster, "networkConfig", "datapathProvider") == "ADVANCED_DATAPATH",
            workload_identity=autopilot or bool(text(cluster, "workloadIdentityConfig", "workloadPool")
                                                or text(cluster, "workloadIdentityConfig", "identityNamespace")),
            images_verified=images_verified(session, cluster), multi_zone=multi_zone(cluster, item),
            legacy_access=legacy_access(cluster), nodes_renewed=autopilot or nodes_renewed(cluster),
            nodes_verified=autopilot or nodes_verified(cluster),
        )  # fmt: skip


def api_open(cluster: Mapping[str, Any]) -> bool | None:
    """Its API has a public address, and no list of networks narrows who reaches it."""
    newer = at(cluster, "controlPlaneEndpointsConfig", "ipEndpointsConfig")
    if at(newer, "enabled") is False or at(newer, "enablePublicEndpoint") is False:
        return False
    if on(cluster, "privateClusterConfig", "enablePrivateEndpoint"):
        return False
    listed = next(
        (
            one
            for one in (at(newer, "authorizedNetworksConfig"), at(cluster, "masterAuthorizedNetworksConfig"))
            if one is not None
        ),
        None,
    )
    if not on(listed, "enabled"):
        return True
    ranges = [text(one, "cidrBlock") or "" for one in parts(listed, "cidrBlocks")]
    try:
        return world(ranges)
    except ValueError:
        return None


WRITES = {None: False, "none": False, "logging.googleapis.com": True, "logging.googleapis.com/kubernetes": True}
"""Where a cluster writes its logs -> it writes them to Cloud Logging."""


def logging(cluster: Mapping[str, Any]) -> bool | None:
    """It writes its logs to Cloud Logging: some component does, or, in older words, the service is named."""
    components = at(cluster, "loggingConfig", "componentConfig")
    if components is not None:
        return bool(texts(components, "enableComponents"))
    return WRITES.get(text(cluster, "loggingService"))


def version_ends(cluster: Mapping[str, Any]) -> datetime | None:
    """When the support of its version ends; never where Google upgrades it. Versions that are older than the table have ended."""
    if text(cluster, "releaseChannel", "channel") in CHANNELS or on(cluster, "autopilot", "enabled"):
        return FAR
    version = text(cluster, "currentMasterVersion") or text(cluster, "initialClusterVersion") or ""
    minor = ".".join(version.split(".")[:2])
    try:
        older = tuple(int(part) for part in minor.split(".")) < OLDEST
    except ValueError:
        return None
    day = ENDS[".".join(map(str, OLDEST))] if older else ENDS.get(minor)
    return datetime.fromisoformat(day).replace(tzinfo=UTC) if day else None


def nodes_private(cluster: Mapping[str, Any]) -> bool:
    """No pool of nodes gets public addresses: each pool's own word counts, else the cluster's."""
    default = on(cluster, "privateClusterConfig", "enablePrivateNodes") or on(
        cluster, "networkConfig", "defaultEnablePrivateNodes"
    )
    said = [at(pool, "networkConfig", "enablePrivateNodes") for pool in parts(cluster, "nodePools")]
    return all(one is True or (one is None and default) for one in said) if said else default


def legacy_access(cluster: Mapping[str, Any]) -> bool | None:
    """A user with a password, certificates for clients, or rights by attributes. Google always says both, if empty."""
    sign_in, attributes = at(cluster, "masterAuth"), at(cluster, "legacyAbac")
    if (
        text(sign_in, "username")
        or on(sign_in, "clientCertificateConfig", "issueClientCertificate")
        or on(attributes, "enabled")
    ):
        return True
    return False if isinstance(sign_in, dict) and isinstance(attributes, dict) else None


def nodes_renewed(cluster: Mapping[str, Any]) -> bool | None:
    """Google upgrades every pool by itself."""
    pools = parts(cluster, "nodePools")
    return all(on(pool, "management", "autoUpgrade") for pool in pools) if pools else None


def nodes_verified(cluster: Mapping[str, Any]) -> bool | None:
    """Nodes are shielded, and every pool starts signed software only."""
    pools = parts(cluster, "nodePools")
    if not on(cluster, "shieldedNodes", "enabled"):
        return False
    return all(on(pool, "config", "shieldedInstanceConfig", "enableSecureBoot") for pool in pools) if pools else None


def images_verified(session: GcpSession, cluster: Mapping[str, Any]) -> bool | None:
    """Binary Authorization is on, and its rule for this cluster demands signatures; policies bound to the cluster are not weighed."""
    mode = text(cluster, "binaryAuthorization", "evaluationMode")
    if mode == "POLICY_BINDINGS":
        return None
    if mode not in ENFORCED and not on(cluster, "binaryAuthorization", "enabled"):
        return False
    return demanded(session, f"{text(cluster, 'location')}.{text(cluster, 'name')}")


def multi_zone(cluster: Mapping[str, Any], item: Item) -> bool:
    """A cluster of a region, whose control plane stands in several zones."""
    place = text(cluster, "location") or text(item, "resource", "location") or text(cluster, "zone") or ""
    return place.count("-") == 1
