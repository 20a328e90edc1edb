"""Change control and configuration management (CCC): what a change cannot undo, whether changes are seen, and where they come from."""

from datetime import datetime, timedelta

from collectors.resource import DataStore
from collectors.serving import Endpoint, Workload
from collectors.watching import Guardrail, Watch
from controls.ages import lately
from controls.check import check, part
from controls.labels import made_by_code
from controls.verdict import Verdict, failed, holds, passed, unknown

UNAUTHORISED = "unauthorised changes of everything else, and who decides what is authorised"


@check(
    part("CCM:4.1:CCC-04", UNAUTHORISED),
    judges=DataStore,
    kinds=("database", "table"),
    severity="medium",
    remediation=(
        "AWS: switch on deletion protection of the database, cluster or table. "
        "Google Cloud: switch on deletion protection of the instance. "
        "Azure: place a lock of the kind CanNotDelete on the server, account or its resource group."
    ),
)
def databases_are_protected_from_deletion(database: DataStore) -> Verdict:
    """No database can be deleted by one call.

    One mistaken call, or one stolen session, is enough where nothing stands before it. The check reads whether each database and table is
    protected from deletion. It does not see who may take the protection away, or what happens to the data inside.
    """
    return holds(database.deletion_protected, "can be deleted by one call")


@check(
    part("CCM:4.1:CCC-04", UNAUTHORISED),
    judges=Endpoint,
    kinds=("load balancer",),
    severity="low",
    remediation=(
        "AWS: switch on deletion protection of the load balancer (elasticloadbalancing:ModifyLoadBalancerAttributes); a classic one has "
        "none: replace it by one for applications or networks. "
        "Azure: place a lock of the kind CanNotDelete on the gateway or its resource group."
    ),
)
def load_balancers_are_protected_from_deletion(endpoint: Endpoint) -> Verdict:
    """No load balancer can be deleted by one call.

    With its load balancer a service is gone for everybody, and its address with it. The check reads whether each load balancer is
    protected from deletion. It does not see who may take the protection away.
    """
    return holds(endpoint.deletion_protected, "can be deleted by one call")


@check(
    part("CCM:4.1:CCC-07", "what a deviation is measured against, and who is told of one"),
    part("CCM:4.1:CCC-06", "the baseline itself: what is recorded is how things are, not how they shall be"),
    part("CCM:4.1:DCS-07", "assets outside of the cloud, and what an asset is for"),
    judges=Watch,
    kinds=("configuration recording",),
    severity="high",
    remediation=(
        "AWS: switch on the recorder of AWS Config for all resource types in every enabled region. "
        "Google Cloud: enable Cloud Asset Inventory, with a feed of changes. "
        "Azure: changes are recorded by Resource Graph; export the activity log of the subscription."
    ),
)
def configuration_changes_are_recorded(watch: Watch) -> Verdict:
    """Changes of configuration are recorded, of all kinds of resource.

    Who knows how a thing was yesterday sees what was done to it. The check reads, for each account and region, whether the provider
    records how resources are configured, and of all kinds. It does not see whether anybody compares, or approved the change.
    """
    if watch.enabled is False:
        return failed("changes of configuration are not recorded")
    if watch.complete is False:
        return failed("changes of some kinds of resource are not recorded")
    if watch.enabled is None or watch.complete is None:
        return unknown("not learned whether changes are recorded")
    return passed()


@check(
    part("CCM:4.1:CCC-07", "what a deviation is measured against, and who is told of one"),
    part(
        "CCM:4.1:LOG-14", "failures of other monitoring, anomalies, and whether the accountable party is told at once"
    ),
    judges=Watch,
    kinds=("configuration recording",),
    severity="medium",
    remediation=(
        "AWS: start the recorder, and mend the role, bucket or topic that its last status names. "
        "Google Cloud: mend the feed, and the permission of its service agent on the topic. "
        "Azure: mend the export of the activity log."
    ),
    observes="effect",
)
def configuration_recording_works(watch: Watch, *, now: datetime, max_silence_hours: int = 48) -> Verdict:
    """The recording of configuration has worked within two days.

    A recorder that is set up and stopped looks like one that works. The check compares when the recording of each account and region last
    did its work with `max_silence_hours`. It does not see what it left out.
    """
    if watch.enabled is False:
        return failed("changes of configuration are not recorded")
    worked = lately(
        watch.last_seen, never=watch.never_seen, within=timedelta(hours=max_silence_hours), now=now, done="recorded"
    )
    if watch.enabled is None:
        return unknown("not learned whether changes are recorded")
    return worked


@check(
    part("CCM:4.1:A&A-04", "what applies beyond the settings of the cloud, and who answers for a result"),
    part("CCM:4.1:CCC-07", "whether its baseline is the one that was agreed, and who is told of a deviation"),
    part("CCM:4.1:I&S-04", "the inside of machines, and the baseline that they follow"),
    part(
        "CCM:4.1:GRC-05",
        "the programme itself, its domains, people and approval: an assessment of settings is one thing that it does",
    ),
    judges=Watch,
    kinds=("posture assessment",),
    severity="medium",
    remediation=(
        "AWS: enable Security Hub with a standard in every enabled region, best through the organisation. "
        "Google Cloud: activate Security Command Center with Security Health Analytics. "
        "Azure: assign the Microsoft cloud security benchmark to the subscription in Defender for Cloud."
    ),
)
def posture_is_assessed(watch: Watch) -> Verdict:
    """The settings of every account are held against a baseline by the provider's own tool.

    Two who look see more than one; and what looks all day sees what a review a year does not. The check reads whether the cloud's own
    assessment of settings is on in each account and region. It does not see what it finds. No independent assessment is claimed by it.
    """
    return holds(watch.enabled, "its settings are not assessed")


@check(
    part("CCM:4.1:CCC-04", UNAUTHORISED),
    part("CCM:4.1:LOG-10", "the records themselves: what is protected is that they are written"),
    part("CCM:4.1:LOG-02", "other logs than trails, how long they are kept, and who may read them"),
    part(
        "CCM:4.0:IAM-12",
        "other logs than trails, who may write to them, and the procedure for those who may switch them off",
    ),
    judges=Guardrail,
    severity="high",
    remediation=(
        "AWS: attach a service control policy that denies cloudtrail:StopLogging, DeleteTrail and UpdateTrail. "
        "Google Cloud: set the audit configuration and the aggregated sink on the organisation, and keep projects from changing them. "
        "Azure: assign a policy at the management group that denies or restores changes of the diagnostic setting."
    ),
)
def audit_cannot_be_switched_off(guardrail: Guardrail) -> Verdict:
    """Nobody in an account can stop or remove its audit trail.

    An administrator who turns must not be able to do it in the dark. The check reads whether a policy from above the account keeps
    everybody in it from stopping or removing the trail. It does not see who may change that policy.
    """
    return holds(guardrail.audit_protected, "its administrators can stop or remove the audit trail")


@check(
    part("CCM:4.1:CCC-04", UNAUTHORISED),
    judges=Guardrail,
    severity="medium",
    remediation=(
        "AWS: attach a service control policy that denies organizations:LeaveOrganization. "
        "Google Cloud: keep resourcemanager.projects.move to the organisation's administrators, and place a lien on the project. "
        "Azure: forbid subscriptions to leave the directory (subscription policy)."
    ),
)
def accounts_cannot_leave(guardrail: Guardrail) -> Verdict:
    """No account can take itself out of the organisation.

    Who leaves the organisation leaves all of its policies. The check reads whether something above the account keeps it from leaving. It
    does not see who may lift it.
    """
    return holds(guardrail.leaving_denied, "can take itself out of the organisation")


@check(
    part(
        "CCM:4.1:GRC-05",
        "the programme itself, its domains, people and approval: policies from above are one means of it",
    ),
    judges=Guardrail,
    severity="medium",
    remediation=(
        "AWS: invite the account into the organisation, with all features and service control policies enabled. "
        "Google Cloud: move the project into the organisation, whose policies then hold. "
        "Azure: move the subscription under a management group with policy assignments."
    ),
)
def accounts_obey_the_organization(guardrail: Guardrail) -> Verdict:
    """Each account belongs to an organisation whose policies are in force.

    An account on its own follows nobody's rules. The check reads whether each account belongs to an organisation whose policies are in
    force. It does not see what they say.
    """
    return holds(guardrail.organization, "no organisation's policies are in force in it")


@check(
    part(
        "CCM:4.1:CCC-03",
        "how changes are decided and tested, changes by hand afterwards, and the risks that are weighed",
    ),
    part("CCM:4.1:CCC-06", "whether what runs is still what the code says, and other assets"),
    judges=Workload,
    kinds=("machine", "machine group", "function", "container service"),
    severity="low",
    remediation=(
        "AWS: make it by CloudFormation, CDK or Terraform; the last with a tag managed-by by default. "
        "Google Cloud: make it by Terraform, which labels what it makes (goog-terraform-provisioned). "
        "Azure: make it by Bicep or Terraform, with a tag managed-by by default."
    ),
    metric="CCC-03-M1",
)
def machines_come_from_code(workload: Workload) -> Verdict:
    """What runs code was made by code.

    What code made can be reviewed before, and made again. The check looks in the tags of each machine, group, function and container
    service for the mark of a tool of infrastructure as code, or a tag that names one. It does not see whether somebody changed it by hand
    since, and believes a tag.
    """
    if workload.tags is None:
        return unknown("tags not learned")
    return holds(made_by_code(workload.tags), "no tag names a tool that made it")
