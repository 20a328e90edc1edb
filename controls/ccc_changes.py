"""Change control (CCC), of what code changes: does a change that failed go back, and is what runs still what the code says?"""

from datetime import datetime, timedelta

from collectors.governing import Stack
from collectors.serving import Workload
from controls.ages import lately
from controls.check import check, part
from controls.verdict import Outcome, Verdict, failed, holds, unknown

RESTORED = (
    "the procedure for going back, changes of data and of everything else, and security concerns that show only later"
)


@check(
    part("CCM:4.1:CCC-09", RESTORED),
    judges=Workload,
    kinds=("container service",),
    severity="medium",
    remediation=(
        "AWS: switch on the deployment circuit breaker of the ECS service with rollback, or deployment alarms with rollback "
        "(ecs:UpdateService, deploymentConfiguration)."
    ),
)
def changes_roll_back(workload: Workload) -> Verdict:
    """A container service whose change fails runs again by itself as it last worked.

    A bad version that nobody takes back stays until somebody wakes up. The check reads whether the provider undoes a change of each
    container service that fails. It does not see what counts as failing there, or what a person or a pipeline would undo.
    """
    return holds(workload.rolls_back, "a change that fails stays")


@check(
    part("CCM:4.1:CCC-09", RESTORED),
    judges=Workload,
    kinds=("machine group",),
    severity="low",
    remediation=(
        "Azure: roll changes of the scale set out in batches (upgrade policy Rolling), with rollbackFailedInstancesOnPolicyBreach and a "
        "health probe or extension."
    ),
)
def machine_groups_roll_back(workload: Workload) -> Verdict:
    """Machines of a group on which a change fails are set back by themselves.

    A bad model that reaches every machine leaves none to serve. The check reads whether changes of each group of machines are rolled out
    in batches, and set back where they fail. It does not see what tells that a machine is well, or images that the provider rolls out.
    """
    return holds(workload.rolls_back, "a change that fails stays")


@check(
    part("CCM:4.1:CCC-09", RESTORED),
    judges=Stack,
    kinds=("stack",),
    severity="medium",
    remediation=(
        "AWS: make or update the stack with rollback on failure (the default): without --disable-rollback or --on-failure DO_NOTHING."
    ),
)
def stacks_roll_back(stack: Stack) -> Verdict:
    """A change of a stack that fails is undone by itself.

    A change that stops half way leaves what nobody designed. The check reads whether the provider takes back a change of each stack that
    fails. It does not see how the latest change was asked for, or whether the code of before is still the right one.
    """
    return holds(stack.rolls_back, "a change that fails stays half done")


@check(
    part("CCM:4.1:CCC-07", "whatever no stack made, the baseline that was agreed, and who is told of a deviation"),
    part("CCM:4.1:CCC-06", "whatever no stack made, and the review of the baseline"),
    judges=Stack,
    severity="medium",
    remediation=(
        "AWS: detect drift on a schedule (cloudformation:DetectStackDrift, or the rule cloudformation-stack-drift-detection-check of AWS "
        "Config); then bring the change into the template, or make it undone."
    ),
    observes="effect",
)
def stacks_have_not_drifted(stack: Stack, *, now: datetime, max_age_days: int = 30) -> Verdict:
    """What stacks made is still as their code says, and was compared within thirty days.

    A change by hand is in no review, and the next deployment may undo it or break on it. The check reads whether the provider last found a
    difference between each stack and what stands, and that it looked within `max_age_days`. It does not see kinds of resource that the
    provider cannot compare.
    """
    if stack.drifted:
        return failed("differs from its code")
    compared = lately(
        stack.drift_checked, never=stack.never_checked, within=timedelta(days=max_age_days), now=now, done="compared"
    )
    if compared.outcome is Outcome.PASSED and stack.drifted is None:
        return unknown("not learned whether it differs from its code", holds_until=compared.holds_until)
    return compared


@check(
    part("CCM:4.1:CCC-04", "unauthorised changes of everything else, and who may lift the protection"),
    judges=Stack,
    kinds=("stack",),
    severity="low",
    remediation="AWS: switch on termination protection of the stack (cloudformation:UpdateTerminationProtection).",
)
def stacks_are_protected_from_deletion(stack: Stack) -> Verdict:
    """No stack can be deleted by one call.

    Who deletes a stack deletes all that it made. The check reads whether each stack is protected from that; what is inside another one is
    protected with it. It does not see who may lift the protection.
    """
    return holds(stack.deletion_protected, "can be deleted by one call, with all that it made")
