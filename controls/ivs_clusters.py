"""Clusters (I&S, IAM, TVM), beside their network: who signs in to them, and how their nodes start and stay up to date."""

from collectors.serving import Cluster
from controls.check import check, part
from controls.verdict import Verdict, failed, holds, passed, unknown


@check(
    part("CCM:4.1:IAM-13", "who holds the identities that remain, and everything that is no cluster's API"),
    part("CCM:4.1:IAM-15", "which roles are given inside of the cluster"),
    judges=Cluster,
    severity="high",
    remediation=(
        "AWS: nothing to do: EKS knows callers by IAM alone. "
        "Google Cloud: switch off basic authentication, client certificates and legacy authorization (enable-legacy-authorization=false). "
        "Azure: disable local accounts (disableLocalAccounts) and sign in by Entra ID; a cluster without RBAC is made anew with it."
    ),
)
def cluster_apis_take_no_legacy_sign_ins(cluster: Cluster) -> Verdict:
    """Clusters know their callers by the cloud's identities and give rights by roles, and in no older way besides.

    A password or certificate of the cluster's own outlives whoever was given it, and no second factor stands before it. The check reads
    whether the API of each cluster also takes such sign-ins, or gives rights by attributes. It does not see the roles inside.
    """
    if cluster.legacy_access is None:
        return unknown("not learned in which ways it lets callers in")
    return failed("also lets callers in by older ways") if cluster.legacy_access else passed()


@check(
    part("CCM:4.1:TVM-08", "what runs in containers, the control plane, and how the schedule was set"),
    part("CCM:4.1:UEM-07", "devices of the staff, and how changes of systems are decided"),
    judges=Cluster,
    severity="medium",
    remediation=(
        "AWS: run the cluster's nodes in Auto Mode, or renew managed node groups by a pipeline. "
        "Google Cloud: switch on automatic upgrades of every node pool. "
        "Azure: set the channel of node images (nodeOSUpgradeChannel: NodeImage or SecurityPatch)."
    ),
)
def cluster_nodes_are_upgraded(cluster: Cluster) -> Verdict:
    """The provider keeps the nodes of clusters up to date by itself.

    Nodes are machines that nobody logs in to, and so that nobody patches. The check reads whether the nodes of each cluster are upgraded or
    replaced without anybody asking. It does not see when that last happened, or what is in containers.
    """
    return holds(cluster.nodes_renewed, "its nodes stay as they were made")


@check(
    part("CCM:4.1:I&S-04", "the rest of a hardened node, and the baseline that it follows"),
    judges=Cluster,
    severity="medium",
    remediation=(
        "AWS: choose an image of nodes that enforces secure boot. "
        "Google Cloud: enable shielded nodes on the cluster, and secure boot on every node pool. "
        "Azure: make node pools with Trusted Launch (enableSecureBoot)."
    ),
)
def cluster_nodes_verify_their_boot(cluster: Cluster) -> Verdict:
    """Nodes of clusters start only signed software.

    What is there before the system starts is seen by nothing in it. The check reads whether every node of each cluster verifies what it
    starts. It does not see what runs later, or in containers.
    """
    return holds(cluster.nodes_verified, "some of its nodes start unsigned software")
