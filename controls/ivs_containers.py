"""Infrastructure security (I&S): do containers stay in their place?"""

from collectors.serving import Workload
from controls.check import check, part
from controls.verdict import Verdict, holds


@check(
    part("CCM:4.1:I&S-04", "the inside of images, the machines under them, and the baseline that they follow"),
    part("CCM:4.1:I&S-06", "traffic between containers, and whatever else shares a machine"),
    judges=Workload,
    kinds=("container service",),
    severity="high",
    remediation=(
        "AWS: register the task without privileged containers, without capabilities such as SYS_ADMIN, and with a network, process and "
        "IPC mode other than host (ecs:RegisterTaskDefinition), and let the service run it."
    ),
)
def containers_are_confined(workload: Workload) -> Verdict:
    """Containers have no rights over the machine that they run on.

    Whoever breaks into a privileged container holds the machine, and all that else runs there. The check reads whether the containers of
    each service are privileged, may do what only the machine's own programs should, or share its network, processes or memory. It does
    not see as which user they run, or what the machine itself leaves open.
    """
    return holds(workload.confined, "its containers have rights over their machine")
