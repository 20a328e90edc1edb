"""Logging and monitoring (LOG), alarms: which acts are told to somebody, and whether threats are looked for everywhere."""

from collectors.resource import Trail
from collectors.watching import Alerting, Watch
from controls.check import check, part
from controls.verdict import Verdict, failed, holds, passed, unknown

ACTED_ON = "whether the alarm reaches the right people and is acted on"


def told(topics: tuple[str, ...] | None, topic: str) -> Verdict:
    """Some alarm on this topic reaches somebody."""
    if topics is None:
        return unknown("alarms not learned")
    return holds(topic in topics, f"no alarm on {topic} reaches anybody")


@check(
    part("CCM:4.1:LOG-03", f"alerts on anything but the audit trails; {ACTED_ON}"),
    part("CCM:4.1:LOG-10", "what keeps the records from being changed: an alarm tells of a change afterwards"),
    judges=Alerting,
    severity="medium",
    remediation=(
        "AWS: alarm on StopLogging, DeleteTrail, UpdateTrail and PutEventSelectors (a metric filter or an EventBridge rule with a target). "
        "Google Cloud: make a log-based alert on changes of sinks, log buckets and audit configurations, with a notification channel. "
        "Azure: make an activity log alert on changes of diagnostic settings, with an action group."
    ),
)
def trail_changes_raise_an_alarm(alerting: Alerting) -> Verdict:
    """A change of the audit trails raises an alarm.

    Who wants to act unseen stops the record first. The check looks in each account for an alarm on changes of the audit trails that
    reaches somebody. It does not see whether they act, or alarms in another tool.
    """
    return told(alerting.topics, "audit trails")


@check(
    part("CCM:4.1:LOG-05", f"activity that is no change of rights, and what is typical; {ACTED_ON}"),
    part("CCM:4.1:LOG-03", f"alerts on anything but rights; {ACTED_ON}"),
    judges=Alerting,
    severity="medium",
    remediation=(
        "AWS: alarm on changes of IAM policies, users, roles and access keys (a metric filter or an EventBridge rule with a target). "
        "Google Cloud: make a log-based alert on SetIamPolicy, custom roles and service account keys, with a notification channel. "
        "Azure: make an activity log alert on role assignments, role definitions and policy assignments, with an action group."
    ),
)
def identity_changes_raise_an_alarm(alerting: Alerting) -> Verdict:
    """A change of who may do what raises an alarm.

    A new administrator is how a break-in becomes a stay. The check looks in each account for an alarm on changes of identities and
    rights that reaches somebody. It does not see whether they act, or alarms in another tool.
    """
    return told(alerting.topics, "identity")


@check(
    part(
        "CCM:4.1:LOG-11", f"the effectiveness of policies and procedures of encryption, and reports on it; {ACTED_ON}"
    ),
    part("CCM:4.1:LOG-12", f"what keys are used for, and keys outside of the key service; {ACTED_ON}"),
    part("CCM:4.1:CEK-16", f"whether each suspension was approved, and keys outside of the key service; {ACTED_ON}"),
    judges=Alerting,
    severity="medium",
    remediation=(
        "AWS: alarm on DisableKey, ScheduleKeyDeletion and PutKeyPolicy (a metric filter or an EventBridge rule with a target). "
        "Google Cloud: make a log-based alert on destroyed and disabled key versions and on key policies, with a notification channel. "
        "Azure: make an activity log alert on changes and deletions of key vaults, with an action group."
    ),
)
def key_changes_raise_an_alarm(alerting: Alerting) -> Verdict:
    """A change of encryption keys raises an alarm.

    A key that is disabled or scheduled for destruction takes all data under it along; there are days to call it back, if somebody hears
    of it. The check looks in each account for an alarm on changes of keys that reaches somebody. It does not see whether they act.
    """
    return told(alerting.topics, "keys")


@check(
    part("CCM:4.1:I&S-09", f"protection, and attacks that change no network; {ACTED_ON}"),
    part("CCM:4.1:CCC-07", f"deviations of anything but networks, and the baseline that they deviate from; {ACTED_ON}"),
    judges=Alerting,
    severity="medium",
    remediation=(
        "AWS: alarm on changes of security groups, network ACLs, gateways, routes and VPCs (a metric filter or an EventBridge rule). "
        "Google Cloud: make log-based alerts on changes of firewalls, routes and networks, with a notification channel. "
        "Azure: make an activity log alert on changes of network security groups and their rules, with an action group."
    ),
)
def network_changes_raise_an_alarm(alerting: Alerting) -> Verdict:
    """A change of networks and firewalls raises an alarm.

    One opened rule lets everybody in until somebody notices. The check looks in each account for an alarm on changes of networks and
    firewalls that reaches somebody. It does not see whether they act, or whether the change was agreed.
    """
    return told(alerting.topics, "networks")


@check(
    part("CCM:4.1:IAM-10", "every other privileged access, how long it is granted, and who decides it"),
    part("CCM:4.1:LOG-05", f"activity of everybody else; {ACTED_ON}"),
    judges=Alerting,
    severity="medium",
    remediation=(
        "AWS: alarm on any use of the root user (a metric filter or an EventBridge rule on userIdentity.type Root, with a target). "
        "Google Cloud: make a log-based alert on acts of the break-glass and super administrator accounts, with a notification channel. "
        "Azure: make an alert on sign-ins of the break-glass accounts and on elevated access, with an action group."
    ),
)
def root_use_raises_an_alarm(alerting: Alerting) -> Verdict:
    """A use of the root user raises an alarm.

    The root user is for emergencies; whoever uses it on a normal day should be asked why. The check looks in each account for an alarm on
    the use of the root or break-glass user that reaches somebody. It does not see whether they ask.
    """
    return told(alerting.topics, "root use")


@check(
    part(
        "CCM:4.1:LOG-05", f"activity after the sign-in, and people who sign in through an identity provider; {ACTED_ON}"
    ),
    judges=Alerting,
    severity="medium",
    remediation=(
        "AWS: alarm on failed console sign-ins and on sign-ins without a second factor (a metric filter or an EventBridge rule). "
        "Google Cloud: make an alert on suspicious sign-ins in the Workspace audit logs, with a notification channel. "
        "Azure: stream the sign-in logs to a workspace and make an alert on risky or failing ones, with an action group."
    ),
)
def sign_ins_raise_an_alarm(alerting: Alerting) -> Verdict:
    """A suspicious sign-in raises an alarm.

    Guessed passwords show as failures first. The check looks in each account for an alarm on sign-ins that fail or lack a second factor
    and that reaches somebody. It does not see which ones it lets pass, or whether somebody acts.
    """
    return told(alerting.topics, "sign-in")


@check(
    part("CCM:4.1:LOG-05", f"which rules there are, and logs that are no audit trail; {ACTED_ON}"),
    part("CCM:4.1:LOG-03", f"which rules there are, and logs that are no audit trail; {ACTED_ON}"),
    judges=Trail,
    severity="medium",
    remediation=(
        "AWS: deliver the trail to a log group, or its events to EventBridge rules, beside its bucket. "
        "Google Cloud: route the audit log to a log bucket with analytics, or to a topic that a detector reads. "
        "Azure: export the activity log to an analytics workspace or an event hub that a detector reads."
    ),
)
def audit_trails_are_watched(trail: Trail) -> Verdict:
    """Audit trails go to where rules look at them.

    A trail that only fills a store is read after the damage. The check reads whether each trail's records also go to where rules can look
    at them. It does not see which rules there are.
    """
    return holds(trail.watched, "no rule can look at its records")


@check(
    part("CCM:4.1:LOG-03", "events that the detector does not know, and whether somebody acts on what it finds"),
    part("CCM:4.1:LOG-05", "what is typical for the service, and whether somebody acts on what it finds"),
    part(
        "CCM:4.1:TVM-05",
        "signatures of every other detection tool, and how often they are updated: the provider updates its own",
    ),
    judges=Watch,
    kinds=("threat detection",),
    severity="high",
    remediation=(
        "AWS: switch on GuardDuty with all of its protection plans in every enabled region, best through the organisation. "
        "Google Cloud: activate Security Command Center Premium with Event Threat Detection and its other detectors. "
        "Azure: switch on every plan of Defender for Cloud for which the subscription has resources."
    ),
)
def threats_are_detected_everywhere(watch: Watch) -> Verdict:
    """Threat detection is on in every account and region, with all that it can look at.

    An intruder prefers the region that nobody watches. The check reads, for each account and region, whether the cloud's threat detection
    is on, and whether it looks at all that it can look at without an agent. It does not see other detectors, or who reads the findings.
    """
    if watch.enabled is False:
        return failed("threat detection is off")
    if watch.complete is False:
        return failed("threat detection leaves out something that it could look at")
    if watch.enabled is None or watch.complete is None:
        return unknown("not learned whether it is on, or complete")
    return passed()


@check(
    part("CCM:4.1:SEF-06", "how an event is triaged, and events that no detector of the cloud finds"),
    part("CCM:4.1:SEF-03", "the plan itself, its parties and its approval: that news arrives is only what it rests on"),
    part("CCM:4.1:LOG-03", "which events are told, and whether somebody acts on them"),
    judges=Watch,
    kinds=("threat detection",),
    severity="high",
    remediation=(
        "AWS: send GuardDuty's or Security Hub's findings by an EventBridge rule to a topic, a queue or a ticket. "
        "Google Cloud: make a notification config of Security Command Center, or a continuous export, with a receiver. "
        "Azure: set the security contact to be told of alerts, or a workflow automation or continuous export of alerts."
    ),
)
def threats_are_reported(watch: Watch) -> Verdict:
    """What threat detection finds goes to somebody by itself.

    A finding in a console that nobody opens was not found. The check reads whether findings of the cloud's threat detection go to a
    receiver by themselves; where it is off there is nothing to report. It does not see whether the receiver reads them.
    """
    if watch.enabled is False:
        return failed("threat detection is off")
    if watch.reported is False:
        return failed("what it finds goes to nobody")
    if watch.enabled is None or watch.reported is None:
        return unknown("not learned whether it is on, or to whom it reports")
    return passed()
