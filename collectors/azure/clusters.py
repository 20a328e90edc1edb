"""AKS: clusters, their API, their nodes and what is allowed to run on them."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, cast

from collectors.azure.elements import (
    every,
    flag,
    header,
    inner,
    instant,
    listed,
    properties,
    said,
    some,
    switched,
    text,
)
from collectors.azure.ends import kubernetes_ends
from collectors.azure.logs import kept
from collectors.azure.session import AzureSession
from collectors.azure.subscriptions import enforced
from collectors.collector import Item, Session, collector
from collectors.resource import FAR
from collectors.serving import Cluster

AUDIT = (frozenset({"kube-audit"}), frozenset({"kube-audit-admin"}))
"""Either is the audit log; the second leaves reads out."""
ALLOWED_IMAGES = "febd0533-8e55-448f-b837-bd0e06f16469"
"""The built-in policy "Kubernetes cluster containers should only use allowed images"."""
LASTING = "akslongtermsupport"
CHANNELS = {"none": False, "unmanaged": True, "securitypatch": True, "nodeimage": True}
"""Of the systems on nodes -> they are upgraded; `unmanaged` leaves it to the system's own nightly updates."""
MOVING = frozenset({"stable", "rapid"})
"""Channels that move a cluster to a newer minor version by themselves."""


@collector(
    "azure.clusters",
    sees=Cluster,
    kinds=("cluster",),
    learns=(
        "api_open", "secrets_encrypted", "audit_logged", "version_ends", "nodes_private", "traffic_limited", "workload_identity",
        "images_verified", "multi_zone", "legacy_access", "nodes_renewed", "nodes_verified",
    ),
    moves=("powerState", "provisioningState", "nodeImageVersion", "count"),
    redacts=("adminUsername", "keyData", "secret", "adminPassword"),
    grants=(
        "Microsoft.ResourceGraph/resources/read",
        "Microsoft.ContainerService/managedClusters/read",
        "Microsoft.Insights/diagnosticSettings/read",
        "Microsoft.Authorization/policyAssignments/read",
    ),
    where="account",
)  # fmt: skip
class Clusters:
    """Every managed cluster of the subscription."""

    def list(self, session: Session) -> Iterator[Item]:
        """Rows of Resource Graph."""
        return session.pages("graph.Clusters", "data")

    def describe(self, session: Session, item: Item) -> Cluster:
        """The row tells all but where logs go and which policies hold."""
        known = properties(item)
        exports = session.ask("arm.DiagnosticSettings", id=item["id"])
        pools = listed(known, "agentPoolProfiles")
        return Cluster(
            **header(session, item), kind="cluster", created=instant(inner(item, "systemData"), "createdAt"), api_open=api_open(known),
            secrets_encrypted=switched(known, "securityProfile", "azureKeyVaultKms", "enabled"),
            audit_logged=None if exports is None else some(kept(exports, wanted) for wanted in AUDIT), version_ends=ends(item, known),
            nodes_private=nodes_private(pools),
            traffic_limited=traffic_limited(known), images_verified=images_verified(session, known),
            workload_identity=switched(known, "securityProfile", "workloadIdentity", "enabled"), multi_zone=multi_zone(pools),
            legacy_access=legacy_access(known), nodes_renewed=nodes_renewed(known),
            nodes_verified=every(switched(one, "securityProfile", "enableSecureBoot") for one in pools or ()),
        )  # fmt: skip


def api_open(known: Mapping[str, Any] | None) -> bool | None:
    """The API has a public address that no range of addresses limits."""
    if known is None:
        return None
    access = inner(known, "apiServerAccessProfile")
    if flag(access, "enablePrivateCluster") or said(known, "publicNetworkAccess", {"disabled": True}):
        return False
    ranges = (access or {}).get("authorizedIPRanges") or []
    return None if not isinstance(ranges, list) else not ranges or "0.0.0.0/0" in ranges


def nodes_private(pools: list[Mapping[str, Any]] | None) -> bool | None:
    """No pool gives its nodes public addresses."""
    found = None if pools is None else some(switched(one, "enableNodePublicIP") for one in pools)
    return None if found is None else not found


def ends(item: Item, known: Mapping[str, Any] | None) -> datetime | None:
    """The end of its version's support; of one that upgrades itself there is none."""
    if (text(inner(known, "autoUpgradeProfile"), "upgradeChannel") or "").lower() in MOVING:
        return FAR
    version = text(known, "currentKubernetesVersion") or text(known, "kubernetesVersion")
    plan = text(known, "supportPlan") or text(inner(item, "sku"), "supportPlan") or ""
    return kubernetes_ends(version, lasting=plan.lower() == LASTING) if version else None


def legacy_access(known: Mapping[str, Any] | None) -> bool | None:
    """Accounts of its own, which take a certificate, or no roles inside of it."""
    roles, local = flag(known, "enableRBAC"), switched(known, "disableLocalAccounts")
    return some((None if roles is None else not roles, None if local is None else not local))


def nodes_renewed(known: Mapping[str, Any] | None) -> bool | None:
    """Images of nodes, or the systems on them, are upgraded by a channel."""
    upgrades = inner(known, "autoUpgradeProfile")
    if (text(upgrades, "upgradeChannel") or "").lower() == "node-image":
        return True
    return said(upgrades, "nodeOSUpgradeChannel", CHANNELS)


def traffic_limited(known: Mapping[str, Any] | None) -> bool | None:
    """An engine for network policies runs; which rules it is given, the cluster's own API knows."""
    network = inner(known, "networkProfile")
    return None if network is None else (text(network, "networkPolicy") or "none").lower() != "none"


def multi_zone(pools: list[Mapping[str, Any]] | None) -> bool | None:
    """Every pool of nodes of the system stands in several zones."""
    if pools is None:
        return None
    system = [one for one in pools if (text(one, "mode") or "System").lower() == "system"]
    zones = [one.get("availabilityZones") or [] for one in system]
    if not all(isinstance(one, list) for one in zones):
        return None
    return bool(zones) and all(len(one) > 1 for one in zones)


def images_verified(session: Session, known: Mapping[str, Any] | None) -> bool | None:
    """Signatures are checked (image integrity), or the policy on allowed images denies: both need the policy add-on."""
    policed = switched(known, "addonProfiles", "azurepolicy", "enabled") or switched(
        known, "addonProfiles", "azurePolicy", "enabled"
    )
    if not policed:
        return policed
    if switched(known, "securityProfile", "imageIntegrity", "enabled"):
        return True
    assignments = listed(cast("AzureSession", session).ask_once("arm.PolicyAssignments"), "value")
    return None if assignments is None else any(map(limits_images, assignments))


def limits_images(assignment: Mapping[str, Any]) -> bool:
    """The assignment lets images come from named places only, in the whole subscription."""
    effect = text(inner(assignment, "properties", "parameters", "effect"), "value") or "Deny"
    return enforced(assignment, ALLOWED_IMAGES) and effect.lower() == "deny"
