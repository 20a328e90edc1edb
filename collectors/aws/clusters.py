"""Clusters of EKS: their API, their secrets, their nodes, and until when their version is looked after.

Nodes are the instances that carry the cluster's own tag, which managed node groups, EKS Auto Mode and Karpenter set; nodes elsewhere and on
Fargate, which have no public address, are not seen. The control plane always stands in several zones, so its nodes decide. Rules between
workloads count as in force where the provider's network plugin enforces them; another plugin's are not seen. Which images are let run is
decided inside of the cluster, where nobody looks from here. Callers are known by IAM, and in no other way.
"""

import ipaddress
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from collectors.aws.elements import arn, flag, instant, tags, text
from collectors.aws.elsewhere import OrganizationSession
from collectors.aws.gathered import CellSession
from collectors.aws.machines import public_address
from collectors.aws.tagging import mapped
from collectors.collector import Item, collector, learned
from collectors.serving import Cluster

GONE = ("ResourceNotFoundException",)
ANYWHERE = frozenset({"0.0.0.0/0", "::/0"})
PLUGIN = "vpc-cni"
NODES = "kubernetes.io/cluster/"
"""How the tag begins that an instance carries for its cluster; the value tells who owns it."""


@collector(
    "aws.clusters",
    sees=Cluster,
    kinds=("cluster",),
    learns=(
        "api_open", "secrets_encrypted", "audit_logged", "version_ends", "nodes_private", "traffic_limited", "workload_identity",
        "multi_zone", "legacy_access",
    ),
    redacts=("certificateAuthority",),
    grants=(
        "eks:ListClusters", "eks:DescribeCluster", "eks:DescribeClusterVersions", "eks:DescribeAddon", "eks:ListPodIdentityAssociations",
        "ec2:DescribeInstances", "iam:ListOpenIDConnectProviders",
    ),
    counted=("AWS::EKS::Cluster",),
    where="region",
)  # fmt: skip
class Clusters:
    """Every cluster of the account in the region."""

    def list(self, session: CellSession) -> Iterator[Item]:
        """Names, from `ListClusters`."""
        return session.pages("eks.ListClusters", "clusters")

    def describe(self, session: OrganizationSession, item: Item) -> Cluster:
        """Three calls; versions, nodes and identity providers are read once for the region."""
        name = item["clusters"]
        answer = session.ask("eks.DescribeCluster", gone=GONE, name=name)
        cluster = learned(answer, lambda known: dict(known.get("cluster", {})))
        machines = nodes(session, name)
        return Cluster(
            id=arn(session, "eks", f"cluster/{name}"), provider="aws", account=session.account, region=session.region, kind="cluster",
            name=name, tags=mapped((cluster or {}).get("tags")), managed_by="customer",
            created=instant(cluster, "createdAt"), api_open=learned(cluster, api_open),
            secrets_encrypted=learned(cluster, secrets_encrypted), audit_logged=learned(cluster, audit_logged),
            version_ends=None if cluster is None else version_ends(session, cluster), nodes_private=learned(machines, nodes_private),
            traffic_limited=traffic_limited(session, name, cluster),
            workload_identity=None if cluster is None else workload_identity(session, name, cluster),
            multi_zone=learned(machines, several_zones), legacy_access=learned(cluster, lambda _: False),
        )  # fmt: skip


def api_open(cluster: Mapping[str, Any]) -> bool | None:
    """Its API has a public address, and lets any other in."""
    network = cluster.get("resourcesVpcConfig")
    public, sources = flag(network, "endpointPublicAccess"), (network or {}).get("publicAccessCidrs")
    if public is False:
        return False
    if public is None or not isinstance(sources, list):
        return None
    return True if ANYWHERE & set(sources) else None if not all(map(ranged, sources)) else False


def ranged(source: Any) -> bool:
    """A range of addresses that can be read."""
    try:
        ipaddress.ip_network(source)
    except ValueError:
        return False
    return isinstance(source, str)


def secrets_encrypted(cluster: Mapping[str, Any]) -> bool:
    """A key of ours is set for secrets; EKS leaves the list out where there is none (its own key encrypts all the same)."""
    return any(
        "secrets" in one.get("resources", ()) and text(one.get("provider"), "keyArn")
        for one in cluster.get("encryptionConfig") or ()
    )


def audit_logged(cluster: Mapping[str, Any]) -> bool | None:
    """The control plane's audit log is switched on."""
    logs = cluster.get("logging")
    if not isinstance(logs, Mapping) or not isinstance(logs.get("clusterLogging"), list):
        return None
    said = [flag(one, "enabled") for one in logs["clusterLogging"] if "audit" in (one.get("types") or ())]
    return True if True in said else None if None in said else False


def version_ends(session: CellSession, cluster: Mapping[str, Any]) -> datetime | None:
    """When support ends, extended support where the cluster has chosen it; it is then upgraded by force."""
    found = session.among(
        "eks.DescribeClusterVersions",
        "clusterVersions",
        by="clusterVersion",
        of=text(cluster, "version"),
        includeAll=True,
    )
    extended = text(cluster.get("upgradePolicy"), "supportType") == "EXTENDED"
    return instant(found[0], "endOfExtendedSupportDate" if extended else "endOfStandardSupportDate") if found else None


def nodes(session: OrganizationSession, name: str) -> tuple[Item, ...] | None:
    """Its instances that run; those of all clusters are read once for the region."""
    mark = f"{NODES}{name}"
    known = session.elsewhere(
        session.account, "ec2.DescribeInstances", "Reservations", mine=lambda one: any(of_cluster(one, mark)),
        Filters=[{"Name": "tag-key", "Values": [f"{NODES}*"]}, {"Name": "instance-state-name", "Values": ["pending", "running"]}],
    )  # fmt: skip
    return learned(known, lambda told: tuple(one for each in told["Reservations"] for one in of_cluster(each, mark)))


def of_cluster(reservation: Item, mark: str) -> Iterator[Item]:
    """The instances of one reservation that carry the cluster's tag, or may, since their tags cannot be read."""
    return (one for one in reservation["Instances"] if mark in (tags(one.get("Tags")) or {mark}))


def nodes_private(machines: tuple[Item, ...]) -> bool | None:
    """None of them has a public address of IPv4."""
    said = [public_address(machine) for machine in machines]
    return False if True in said else None if None in said else True


def several_zones(machines: tuple[Item, ...]) -> bool | None:
    """They stand in more than one zone; a cluster without any stands on Fargate, whose subnets EKS wants in two zones.

    One whose tags cannot be read may be another cluster's, and proves no second zone.
    """
    zones = {text(machine.get("Placement"), "AvailabilityZone") for machine in machines}
    certain = {
        text(machine.get("Placement"), "AvailabilityZone")
        for machine in machines
        if tags(machine.get("Tags")) is not None
    }
    if not machines or len(certain - {None}) > 1:
        return True
    return None if len(zones) > 1 else False


def traffic_limited(session: CellSession, name: str, cluster: Mapping[str, Any] | None) -> bool | None:
    """The network plugin of the provider enforces network policies; in Auto Mode it has no add-on and nothing is learned."""
    if cluster is None:
        return None
    answer = session.ask("eks.DescribeAddon", absent=GONE, clusterName=name, addonName=PLUGIN)
    if not answer:
        return None if answer is None or flag(cluster.get("computeConfig"), "enabled") else False
    try:
        settings = json.loads(text(answer.get("addon"), "configurationValues") or "{}")
    except ValueError:  # YAML is allowed too
        return None
    return str(settings.get("enableNetworkPolicy", "")).lower() == "true" if isinstance(settings, dict) else None


def workload_identity(session: CellSession, name: str, cluster: Mapping[str, Any]) -> bool | None:
    """Roles are given to workloads: by associations of the cluster, or by trust in its own issuer of identities."""
    answer = session.ask("eks.ListPodIdentityAssociations", gone=GONE, clusterName=name, maxResults=1)
    listed = (answer or {}).get("associations")
    associated = bool(listed) if isinstance(listed, list) else None
    if associated:
        return True
    issuer = (text((cluster.get("identity") or {}).get("oidc"), "issuer") or "").removeprefix("https://")
    known = session.common("iam.ListOpenIDConnectProviders")
    trusted = (
        None
        if known is None
        else any(
            issuer and one["Arn"].endswith(f"oidc-provider/{issuer}")
            for one in known.get("OpenIDConnectProviderList", ())
        )
    )
    return True if trusted else None if None in {associated, trusted} else False
