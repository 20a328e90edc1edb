"""Universal endpoint management (UEM), of machines in a cloud: whether an agent reaches them, and what is on them."""

from collectors.serving import Workload
from controls.check import check, part
from controls.verdict import Verdict, holds

STAFF = "devices of the staff, and every endpoint that is not a machine of a cloud"


@check(
    part("CCM:4.1:UEM-05", f"which settings the management enforces; {STAFF}"),
    part("CCM:4.1:I&S-04", "what the management sets, and the baseline that it follows"),
    judges=Workload,
    kinds=("machine",),
    severity="medium",
    remediation=(
        "AWS: install the Systems Manager agent, and let the machine's role use it (AmazonSSMManagedInstanceCore). "
        "Google Cloud: install the OS Config agent, and switch on VM Manager (enable-osconfig). "
        "Azure: install the virtual machine agent, or connect the machine to Machine Configuration."
    ),
    metric="UEM-05-M1",
    observes="effect",
)
def machines_are_managed(workload: Workload) -> Verdict:
    """The provider's management agent is in contact with each machine.

    What no agent reaches is neither patched nor looked at. The check reads whether the management agent of each machine is in contact
    with the provider. It does not see what it is told to do, or management by other tools.
    """
    return holds(workload.managed, "no management agent is in contact")


@check(
    part("CCM:4.1:UEM-04", f"what an endpoint stores and may access; {STAFF}"),
    part("CCM:4.1:STA-08", "suppliers of services, and relations that no software list shows"),
    part("CCM:4.1:STA-09", "images, services of suppliers and models, and whether the list is kept with each release"),
    part(
        "CCM:4.1:UEM-02",
        f"which applications are approved: a list of what is installed is only what it rests on; {STAFF}",
    ),
    judges=Workload,
    kinds=("machine",),
    severity="low",
    remediation=(
        "AWS: make an inventory association of Systems Manager (AWS-GatherSoftwareInventory) for the machine. "
        "Google Cloud: switch on VM Manager's inventory (enable-osconfig, enable-guest-attributes). "
        "Azure: switch on Change Tracking and Inventory, or Defender's software inventory, for the machine."
    ),
    metric="UEM-04-M1",
    observes="effect",
)
def machines_are_inventoried(workload: Workload) -> Verdict:
    """The software on each machine is reported to an inventory.

    The question of the day is where one library runs; who has a list answers it. The check reads whether the software of each machine is
    reported to an inventory of the provider. It does not see whether it is approved, or what runs in containers.
    """
    return holds(workload.inventoried, "what is installed on it is not reported")
