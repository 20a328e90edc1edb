"""Threat and vulnerability management (TVM): what looks for malware and holes, and whether they are mended in time."""

from datetime import datetime, timedelta

from collectors.serving import Workload
from collectors.watching import Finding, Watch
from controls.ages import lately, taken_up
from controls.check import check, part
from controls.verdict import Verdict, failed, holds, passed, unknown

LIBRARIES = "libraries in what no scanner of the cloud looks at, and how they are chosen"


@check(
    part("CCM:4.1:TVM-02", "the policy, its approval and its review; what is not in this account or region"),
    part("CCM:4.1:UEM-09", "devices of the staff, and which machines and stores it really looks at"),
    judges=Watch,
    kinds=("malware protection",),
    severity="medium",
    remediation=(
        "AWS: switch on malware protection of GuardDuty in the region. "
        "Google Cloud: activate Security Command Center Premium with Virtual Machine Threat Detection. "
        "Azure: switch on Defender for Servers and malware scanning of Defender for Storage on the subscription."
    ),
)
def malware_is_looked_for(watch: Watch) -> Verdict:
    """The provider's protection against malware is on.

    Malware is found where somebody looks. The check reads whether the cloud's own protection against malware is switched on in each
    account and region. It does not see other products, or what the protection leaves out: `machines_are_guarded_from_malware` looks there.
    """
    return holds(watch.enabled, "no protection against malware is on")


@check(
    part("CCM:4.1:TVM-02", "the policy, its approval and its review; assets that are no machines"),
    part(
        "CCM:4.1:UEM-09",
        "devices of the staff, protection that reports to nobody in the cloud, and how old its knowledge is",
    ),
    judges=Workload,
    kinds=("machine",),
    severity="high",
    remediation=(
        "AWS: let GuardDuty cover the machine (runtime monitoring's agent, or scans of its volumes). "
        "Google Cloud: let Virtual Machine Threat Detection cover the machine's project and zone. "
        "Azure: install Defender for Endpoint on the machine, or switch on agentless scanning of the plan for servers."
    ),
    metric="UEM-09-M1",
    observes="effect",
)
def machines_are_guarded_from_malware(workload: Workload) -> Verdict:
    """A protection against malware is at work on each machine.

    A protection that is bought and not installed protects nothing. The check reads whether a protection is on each machine, or looks at
    its disks, and is at work. It does not see products that report elsewhere.
    """
    return holds(workload.malware_guarded, "no protection against malware is at work on it")


@check(
    part("CCM:4.1:TVM-03", "what the scanner cannot look at, how often it looks, and whether its findings are read"),
    judges=Watch,
    kinds=("vulnerability scanning",),
    severity="high",
    remediation=(
        "AWS: switch on Amazon Inspector for machines, images and functions in the region (inspector2:Enable). "
        "Google Cloud: enable VM Manager's vulnerability reports and the Container Scanning API. "
        "Azure: switch on the plans Defender for Servers and for Containers on the subscription."
    ),
)
def vulnerabilities_are_looked_for(watch: Watch) -> Verdict:
    """The provider's scanner for vulnerabilities is on.

    A hole that nobody looks for is found by somebody else. The check reads whether the cloud's scanner is switched on in each account and
    region. It does not see scanners of others, or what this one leaves out: `vulnerability_scans_cover_all` counts that.
    """
    return holds(watch.enabled, "nothing looks for vulnerabilities")


@check(
    part("CCM:4.1:TVM-03", "what the scanner cannot look at at all, and whether its findings are read"),
    judges=Watch,
    kinds=("vulnerability scanning",),
    severity="medium",
    remediation=(
        "AWS: mend what Inspector's coverage calls inactive: no agent in contact, an unsupported system, a missing permission. "
        "Google Cloud: install the OS Config agent on the machines that report nothing. "
        "Azure: mend the machines that Defender for Cloud lists without a vulnerability assessment."
    ),
    metric="TVM-07-M1",
    observes="effect",
)
def vulnerability_scans_cover_all(watch: Watch, *, min_percent: int = 99) -> Verdict:
    """The scanner for vulnerabilities really looks at what is there.

    A scanner that is on and reaches half of the machines reports half of the holes. The check compares how many things it looks at with
    how many there are for it, and with `min_percent`. It does not see kinds of thing that the scanner does not know.
    """
    if watch.enabled is False:
        return failed("nothing looks for vulnerabilities")
    if watch.enabled is None or watch.coverable is None or watch.covered is None:
        return unknown("not learned what it looks at")
    if watch.covered * 100 < watch.coverable * min_percent:
        return failed(f"looks at {watch.covered} of {watch.coverable}; at least {min_percent} percent")
    return passed() if watch.coverable else passed("is on, and there is nothing for it to look at")


@check(
    part("CCM:4.1:TVM-08", "what no scanner of the cloud finds, what was mended already, and how the schedule was set"),
    part("CCM:4.1:AIS-07", "holes in code of our own, and how they are mended"),
    part("CCM:4.1:TVM-06", LIBRARIES),
    part(
        "CCM:4.1:TVM-09", "how severity was weighed against the business; what is taken is the detector's own severity"
    ),
    part(
        "CCM:4.1:TVM-12",
        "which other metrics were set and who watches them: the share of each cycle that is mended in time is one",
    ),
    judges=Finding,
    kinds=("vulnerability",),
    severity="high",
    remediation=(
        "AWS: install the version that Inspector names, or rebuild the image and deploy it; suppress only with a recorded reason. "
        "Google Cloud: install the updates that the vulnerability report names, or rebuild the image and deploy it. "
        "Azure: install the update that the assessment names, or rebuild the image and deploy it."
    ),
    metric="TVM-03-M1",
    observes="effect",
)
def vulnerabilities_are_mended_in_time(
    finding: Finding,
    *,
    now: datetime,
    critical_days: int = 15,
    high_days: int = 30,
    medium_days: int = 90,
    low_days: int = 180,
) -> Verdict:
    """No vulnerability is open longer than its severity allows.

    From the day on which a hole is known, others try it. The check compares, for each open vulnerability, the time since it was first
    seen with the days that its severity allows. It does not see what was mended before the sweep, or whether a mend exists.
    """
    if finding.severity is None:
        return unknown("severity not learned")
    days = {"critical": critical_days, "high": high_days, "medium": medium_days, "low": low_days}[finding.severity]
    return taken_up(finding.first_seen, within=timedelta(days=days), now=now, what=f"{finding.severity}, open")


@check(
    part(
        "CCM:4.1:TVM-11", "the process of reporting, its stakeholders and whether they read; what other scanners find"
    ),
    judges=Watch,
    kinds=("vulnerability scanning",),
    severity="medium",
    remediation=(
        "AWS: send Inspector's findings by an EventBridge rule to a topic, a queue or a ticket. "
        "Google Cloud: make a notification config or a continuous export of vulnerability findings with a receiver. "
        "Azure: make a workflow automation or continuous export of the assessments of vulnerabilities with a receiver."
    ),
)
def vulnerabilities_are_reported(watch: Watch) -> Verdict:
    """What the scanner for vulnerabilities finds goes to somebody by itself.

    Who has to mend must hear of it without looking. The check reads whether findings of the cloud's scanner go to a receiver by
    themselves; where it is off there is nothing to report. It does not see whether the receiver reads them.
    """
    if watch.enabled is False:
        return failed("nothing looks for vulnerabilities")
    if watch.reported is False:
        return failed("what it finds goes to nobody")
    if watch.enabled is None or watch.reported is None:
        return unknown("not learned whether it is on, or to whom it reports")
    return passed()


@check(
    part("CCM:4.1:TVM-08", "holes that no update of the system mends, and how the schedule was set"),
    part("CCM:4.1:UEM-07", "devices of the staff, and how changes of systems are decided"),
    part("CCM:4.1:I&S-04", "the rest of a hardened system, and the baseline that it follows"),
    judges=Workload,
    kinds=("machine",),
    severity="high",
    remediation=(
        "AWS: install the patches (Patch Manager, AWS-RunPatchBaseline), and scan on a schedule. "
        "Google Cloud: run a patch job of VM Manager, and keep its inventory on. "
        "Azure: install the updates by Update Manager, and switch on periodic assessment."
    ),
    observes="effect",
)
def machines_are_patched(workload: Workload, *, now: datetime, max_age_days: int = 30) -> Verdict:
    """No machine lacks a security update, by an assessment that is younger than a month.

    Most break-ins go through a hole for which the mend lay ready. The check reads how many published security updates each machine
    lacks, and compares the day of that assessment with `max_age_days`. It does not see software that the package manager does not know.
    """
    if workload.missing_patches:
        return failed(f"lacks {workload.missing_patches} security updates that are published")
    assessed = lately(
        workload.patches_assessed, never=None, within=timedelta(days=max_age_days), now=now, done="assessed"
    )
    if workload.missing_patches is None:
        return unknown("missing updates not learned")
    return assessed
