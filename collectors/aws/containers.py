"""Services of ECS: what they may do, how they are reached, whether they are logged, and whether a change that fails goes back.

ECS runs whatever image a task names. Only a hook before a deployment scales up may look at signatures: AWS has one for that, the admission
controller of AWS Signer, whose settings are read; what another one does is not told.
Containers without a role of their own may take their machine's, unless they run on Fargate, where there is none. Deployments of CodeDeploy
and of others are taken back by those. Environments, commands and options of containers are never kept.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from collectors.aws.elements import flag, instant, tags, text
from collectors.aws.entrances import BALANCERS, FIREWALLS, open_to_callers, refuses_plain_text, some
from collectors.aws.gathered import CellSession
from collectors.aws.roles import ROLES, privileged
from collectors.collector import Item, collector, learned
from collectors.serving import Workload

AT_ONCE = 10
"""The most services that one question may be about."""
DELETED = frozenset({"DRAINING", "INACTIVE"})
"""States of a service that was deleted."""
SENDING = frozenset({"awsfirelens", "awslogs", "fluentd", "gelf", "splunk", "syslog"})
"""Log drivers that send what is written to somewhere else; the others leave it on the machine."""
ESCAPING = frozenset({"ALL", "DAC_READ_SEARCH", "SYS_ADMIN", "SYS_MODULE", "SYS_RAWIO"})
"""Capabilities by which a container reaches the machine under it."""
BEFORE = frozenset({"RECONCILE_SERVICE", "PRE_SCALE_UP"})
"""Stages of a deployment in which a hook may still refuse its image."""
NONE = ("ResourceNotFoundException",)
REFUSING = {"BLOCK_ON_FAILURE": True, "LOG_ON_FAILURE": False}
"""What the admission controller of AWS Signer for ECS does with an image that it cannot verify (its README, "Configuration")."""


@collector(
    "aws.containers",
    sees=Workload,
    kinds=("container service",),
    learns=("privileged", "open_to_callers", "transport_encrypted", "code_verified", "logged", "confined", "rolls_back"),
    moves=(
        "computedDesiredCount", "desiredCount", "events", "failedTasks", "pendingCount", "pendingTaskCount", "requestedTaskCount",
        "rolloutState", "rolloutStateReason", "runningCount", "runningTaskCount", "stabilityStatus", "stabilityStatusAt", "updatedAt",
    ),
    redacts=("ClientSecret", "command", "dockerLabels", "driverOpts", "entryPoint", "environment", "options", "Variables"),
    grants=(
        "ecs:DescribeServices", "ecs:DescribeTaskDefinition", "ecs:ListClusters", "ecs:ListServices",
        "elasticloadbalancing:DescribeListeners", "elasticloadbalancing:DescribeRules", "elasticloadbalancing:DescribeTargetGroups",
        "lambda:GetFunctionConfiguration",
    ),
    beside=(ROLES, BALANCERS, FIREWALLS),
    counted=("AWS::ECS::Service",),
    where="region",
)  # fmt: skip
class Containers:
    """Every service of every cluster of ECS of the account in the region."""

    def list(self, session: CellSession) -> Iterator[Item]:
        """Elements of `DescribeServices`, ten at once."""
        for cluster in session.pages("ecs.ListClusters", "clusterArns"):
            name = cluster["clusterArns"]
            services = [
                one["serviceArns"]
                for one in session.pages("ecs.ListServices", "serviceArns", cluster=name, maxResults=100)
            ]
            for start in range(0, len(services), AT_ONCE):
                some = services[start : start + AT_ONCE]
                found = session.pages("ecs.DescribeServices", "services", cluster=name, services=some, include=["TAGS"])
                yield from (one for one in found if text(one, "status") not in DELETED)

    def describe(self, session: CellSession, item: Item) -> Workload:
        """One call for its task; load balancers are asked once for all."""
        task = learned(definition(session, item), lambda answer: answer.get("taskDefinition"))
        return Workload(
            id=item["serviceArn"], provider="aws", account=session.account, region=session.region, kind="container service",
            name=text(item, "serviceName"), tags=tags(item.get("tags", []), key="key", value="value"), managed_by="customer",
            created=instant(item, "createdAt"), privileged=may_all(session, item, task),
            open_to_callers=open_to_callers(session, item), transport_encrypted=refuses_plain_text(session, item, task),
            code_verified=code_verified(session, item), logged=learned(task, logged),
            confined=learned(task, confined), rolls_back=rolls_back(item),
        )  # fmt: skip


def definition(session: CellSession, service: Item) -> dict[str, Any] | None:
    """The task that it runs; of a service whose deployments others make, the task of its primary set."""
    sets = [one for one in service.get("taskSets") or () if text(one, "status") == "PRIMARY"]
    name = text(service, "taskDefinition") or next((text(one, "taskDefinition") for one in sets), None)
    return None if name is None else session.ask("ecs.DescribeTaskDefinition", taskDefinition=name)


def may_all(session: CellSession, service: Item, task: Mapping[str, Any] | None) -> bool | None:
    """The task's role may administer its account; a task without one has none to take on Fargate alone."""
    if task is None:
        return None
    role = text(task, "taskRoleArn")
    if role is not None:
        return privileged(session, role)
    return False if on_fargate(service) else None


def on_fargate(service: Item) -> bool:
    """It runs on machines of the provider only."""
    given = {text(one, "capacityProvider") for one in service.get("capacityProviderStrategy") or ()}
    return given <= {"FARGATE", "FARGATE_SPOT"} if given else text(service, "launchType") == "FARGATE"


def code_verified(session: CellSession, service: Item) -> bool | None:
    """A hook refuses images without a trusted signature; ECS itself looks at none."""
    settings = service.get("deploymentConfiguration")
    if not isinstance(settings, Mapping):
        return None
    hooks = [one for one in settings.get("lifecycleHooks") or () if BEFORE & set(one.get("lifecycleStages") or ())]
    return some(refuses_unsigned(session, one) for one in hooks)


def refuses_unsigned(session: CellSession, hook: Item) -> bool | None:
    """The hook is AWS Signer's admission controller, and blocks; what another one does is not told."""
    function = text(hook, "hookTargetArn")
    answer = (
        None if function is None else session.ask("lambda.GetFunctionConfiguration", absent=NONE, FunctionName=function)
    )
    return REFUSING.get(text(((answer or {}).get("Environment") or {}).get("Variables"), "FAILURE_BEHAVIOR") or "")


def logged(task: Mapping[str, Any]) -> bool | None:
    """What each of its containers writes is sent somewhere; the one that sends for the others need not."""
    containers = task.get("containerDefinitions")
    if not isinstance(containers, list) or not containers:
        return None
    return all(
        one.get("firelensConfiguration") or text(one.get("logConfiguration"), "logDriver") in SENDING
        for one in containers
    )


def confined(task: Mapping[str, Any]) -> bool | None:
    """None of its containers is privileged or may do what only the machine's own may, and it shares no space with the machine."""
    containers = task.get("containerDefinitions")
    if not isinstance(containers, list) or not containers:
        return None
    shares = "host" in {text(task, "networkMode"), text(task, "pidMode"), text(task, "ipcMode")}
    return not shares and not any(flag(one, "privileged") or ESCAPING & set(added(one)) for one in containers)


def added(container: Item) -> tuple[str, ...]:
    """Capabilities of Linux that a container is given besides the usual ones."""
    return tuple(((container.get("linuxParameters") or {}).get("capabilities") or {}).get("add") or ())


def rolls_back(service: Item) -> bool | None:
    """A deployment that does not become steady, or that raises an alarm, is taken back."""
    settings = service.get("deploymentConfiguration")
    if (text(service.get("deploymentController"), "type") or "ECS") != "ECS" or not isinstance(settings, Mapping):
        return None
    watches = (settings.get("deploymentCircuitBreaker"), settings.get("alarms"))
    return any(flag(one, "enable") and flag(one, "rollback") for one in watches)
