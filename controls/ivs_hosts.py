"""Infrastructure security (I&S in CCM 4.1, IVS in 4.0), hosts: machines, groups of them and clusters, and the room that they have."""

from datetime import datetime

from collectors.serving import Cluster, Workload
from collectors.watching import Quota
from controls.ages import lasts
from controls.check import check, part
from controls.ivs import JUSTIFIED, SEGMENTED
from controls.verdict import Verdict, failed, holds, passed, unknown

HARDENED = (
    "the rest of a hardened system: its packages, services, users and settings, and the baseline that they follow"
)
PLANNED = "availability and quality of other resources, and whether capacity is planned and watched by people"


@check(
    part("CCM:4.1:I&S-03", f"what listens behind the address, and firewalls before it; {JUSTIFIED}"),
    part("CCM:4.1:I&S-06", f"machines behind an endpoint; {SEGMENTED}"),
    judges=Workload,
    kinds=("machine", "machine template"),
    severity="high",
    remediation=(
        "AWS: bring callers in through a load balancer, take the public address away, and start the machine in a subnet that gives none. "
        "Google Cloud: remove the access configuration of the interface; use a load balancer, Cloud NAT and Identity-Aware Proxy. "
        "Azure: dissociate the public address from the interface; use a load balancer, a NAT gateway and Bastion."
    ),
)
def machines_have_no_public_address(workload: Workload) -> Verdict:
    """No machine has an address on the Internet of its own.

    An address of its own puts one mistake in a rule between a machine and everybody. The check reads whether each machine has a public
    address, and whether templates give one to the machines that are started from them. It does not see firewalls before it; a bastion
    that is meant to be reached is an approved exception's to say.
    """
    if workload.public_address is None:
        return unknown("addresses not learned")
    return holds(not workload.public_address, "has an address on the Internet")


@check(
    part("CCM:4.1:I&S-04", HARDENED),
    judges=Workload,
    kinds=("machine", "machine template"),
    severity="high",
    remediation=(
        "AWS: require tokens of the metadata service (ec2:ModifyInstanceMetadataOptions, HttpTokens required). "
        "Google Cloud: switch off the legacy metadata endpoints (disable-legacy-endpoints); the others ask for a header. "
        "Azure: the metadata service asks for a header; switch on the metadata security protocol where it is offered."
    ),
)
def machine_metadata_is_guarded(workload: Workload) -> Verdict:
    """The metadata service of machines answers no forged request.

    An application that can be made to fetch an address hands out its machine's credentials. The check reads whether the metadata
    service, of machines and of those that templates will start, answers only requests that a forged one cannot make. It does not see how
    much the machine's identity may do.
    """
    return holds(workload.metadata_guarded, "its metadata service answers forged requests")


@check(
    part("CCM:4.1:I&S-04", HARDENED),
    judges=Workload,
    kinds=("machine",),
    severity="medium",
    remediation=(
        "AWS: start the machine from an image with UEFI Secure Boot (boot mode uefi and an enrolled key store). "
        "Google Cloud: switch on secure boot of the shielded machine; it must be stopped for it. "
        "Azure: use the security type trusted launch or confidential, with secure boot on."
    ),
)
def machines_verify_their_boot(workload: Workload) -> Verdict:
    """Machines start signed software only.

    What loads before the operating system hides from it. The check reads whether secure boot is on for each machine. It does not see
    what is signed, nor anything that is changed after the start.
    """
    return holds(workload.boot_verified, "starts unsigned software too")


@check(
    part("CCM:4.1:I&S-02", f"resources other than groups of machines; {PLANNED}"),
    judges=Workload,
    kinds=("machine group",),
    severity="low",
    remediation=(
        "AWS: raise the group's maximum above its desired capacity, with a scaling policy. "
        "Google Cloud: give the managed instance group an autoscaler whose maximum is above its size. "
        "Azure: give the scale set an autoscale setting whose maximum is above its capacity."
    ),
)
def machine_groups_can_grow(workload: Workload) -> Verdict:
    """Groups of machines can become larger by themselves.

    A group at its limit meets more load with errors. The check reads whether each group of machines may become larger by itself than it
    now is. It does not see whether it grows in time, or whether the limit was planned.
    """
    return holds(workload.grows, "cannot become larger by itself")


@check(
    part("CCM:4.1:I&S-02", f"what no quota counts; {PLANNED}"),
    judges=Quota,
    severity="medium",
    remediation=(
        "AWS: request an increase (servicequotas:RequestServiceQuotaIncrease), or remove what is not needed. "
        "Google Cloud: request a higher quota of the project, or remove what is not needed. "
        "Azure: request a higher quota of the subscription, or remove what is not needed."
    ),
    observes="effect",
)
def quotas_have_room(quota: Quota, *, max_percent: int = 80) -> Verdict:
    """No quota is nearly used up.

    A quota that is reached stops growth and recovery alike, at the worst time. The check compares what is used of each quota with
    `max_percent` of its limit. It does not see limits that the provider does not report, or how fast use grows.
    """
    if quota.limit is None or quota.used is None:
        return unknown("limit or use not learned")
    if quota.used == 0:
        return passed("nothing of it is used")
    if quota.used * 100 > quota.limit * max_percent:
        return failed(f"{quota.used} of {quota.limit} are used; at most {max_percent} percent")
    return passed()


@check(
    part("CCM:4.1:I&S-03", f"nodes and workloads of the cluster, and who may call its API; {JUSTIFIED}"),
    judges=Cluster,
    severity="high",
    remediation=(
        "AWS: switch the cluster's endpoint to private, or limit publicAccessCidrs to named addresses (eks:UpdateClusterConfig). "
        "Google Cloud: make the control plane private, or limit it to authorised networks. "
        "Azure: make the cluster a private one, or give its API server authorised address ranges."
    ),
)
def cluster_apis_are_not_open(cluster: Cluster) -> Verdict:
    """No cluster's API answers to the whole Internet.

    Who reaches the API of a cluster needs only one leaked credential to own all that runs in it. The check reads whether any address can
    reach it. It does not see who may sign in there.
    """
    if cluster.api_open is None:
        return unknown("not learned from where its API can be reached")
    return holds(not cluster.api_open, "its API can be reached from any address")


@check(
    part("CCM:4.1:I&S-03", f"what reaches the nodes through endpoints; {JUSTIFIED}"),
    part("CCM:4.1:I&S-06", f"everything but the nodes of clusters; {SEGMENTED}"),
    judges=Cluster,
    severity="medium",
    remediation=(
        "AWS: place the node groups in private subnets. "
        "Google Cloud: make the cluster's nodes private (enablePrivateNodes). "
        "Azure: switch off public addresses of nodes in every node pool (enableNodePublicIP false)."
    ),
)
def cluster_nodes_are_private(cluster: Cluster) -> Verdict:
    """No node of a cluster has a public address.

    A node that can be reached lets everybody try the ports that its workloads open. The check reads whether any node of each cluster has
    a public address. It does not see load balancers before the workloads.
    """
    return holds(cluster.nodes_private, "has nodes with public addresses")


@check(
    part("CCM:4.1:I&S-06", f"which rules there are and what they allow; {SEGMENTED}"),
    judges=Cluster,
    severity="medium",
    remediation=(
        "AWS: switch on network policies of the VPC CNI, or another engine, and write policies. "
        "Google Cloud: use Dataplane V2, or switch on network policy enforcement. "
        "Azure: give the cluster a network policy engine (cilium, azure or calico)."
    ),
)
def cluster_traffic_is_limited(cluster: Cluster) -> Verdict:
    """Clusters can limit which workload speaks to which.

    Without rules between workloads, one that was broken into reaches all others. The check reads whether an engine that enforces network
    policies is in force in each cluster. It does not see which policies there are.
    """
    return holds(cluster.traffic_limited, "nothing enforces rules between its workloads")


@check(
    part("CCM:4.1:I&S-04", f"nodes of the cluster; {HARDENED}"),
    part("CCM:4.1:TVM-08", "vulnerabilities of everything else, and the schedule by which they are mended"),
    judges=Cluster,
    severity="high",
    remediation=(
        "AWS: upgrade the cluster to a version in standard support (eks:UpdateClusterVersion). "
        "Google Cloud: enrol the cluster in a release channel, or upgrade it. "
        "Azure: upgrade the cluster, or give it an automatic upgrade channel."
    ),
)
def clusters_run_supported_versions(cluster: Cluster, *, now: datetime) -> Verdict:
    """Clusters run a version that the provider still mends.

    A version past its end gets no more mends for its holes. The check compares the end of the provider's support for each cluster's
    version with the day of the sweep. It does not see versions of nodes and of add-ons.
    """
    return lasts(cluster.version_ends, now=now, what="support of its version")
