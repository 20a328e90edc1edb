"""Identity and access management (IAM), rights: how much each may do, who else is let in, and whether anybody looks at it again."""

from datetime import datetime, timedelta

from collectors.resource import Entitlement, Key
from collectors.serving import Workload
from collectors.watching import Finding, Watch
from controls.ages import taken_up
from controls.check import check, part
from controls.verdict import Verdict, failed, holds, passed, unknown

REVIEWED = "the review of rights by a person, its interval and its record"


@check(
    part(
        "CCM:4.1:IAM-05",
        "rights below full administration, rights in applications, and whether a right is needed for the work",
    ),
    judges=Entitlement,
    severity="high",
    remediation=(
        "AWS: replace AdministratorAccess, or the statement that allows * on *, with the actions that the work needs. "
        "Google Cloud: replace roles/owner with the predefined roles that the work needs. "
        "Azure: replace Owner on the subscription by narrower roles, or make it an eligible assignment that must be activated."
    ),
)
def no_full_administrators(entitlement: Entitlement) -> Verdict:
    """Nobody may do everything.

    Whoever may do everything can also undo every other safeguard. The check reads whether the policies that stand on a user,
    group, role or policy of our own allow every action on every resource. It does not weigh narrower rights, guard rails of the
    organisation or permission boundaries, and does not see who is a member of what.
    """
    if entitlement.administrator is None:
        return unknown("policies not learned")
    return holds(not entitlement.administrator, "every action on every resource is allowed")


@check(
    part(
        "CCM:4.1:IAM-05",
        "rights within one service, rights in applications, and whether a right is needed for the work",
    ),
    part("CCM:4.1:IAM-15", "who approves a right, rights within one service, and rights in applications"),
    judges=Entitlement,
    severity="low",
    remediation=(
        "AWS: replace a statement that allows service:* on * by the actions and resources that the work needs. "
        "Google Cloud: replace the role that administers a whole service by a predefined or custom role with what the work needs. "
        "Azure: replace actions that end in /* at the top of a resource provider by those that the work needs."
    ),
)
def rights_stay_within_services(entitlement: Entitlement) -> Verdict:
    """Nobody may do everything in a whole service.

    Who may do everything in the service for storage may also open and delete it all. The check reads of which services the policies
    that stand on a user, group, role or policy of our own allow every action on every resource; it names them. It does not weigh rights
    of single actions, guard rails of the organisation or permission boundaries.
    """
    if entitlement.wildcards is None:
        return unknown("policies not learned")
    named = ", ".join("every service" if one == "*" else one for one in entitlement.wildcards)
    return holds(not entitlement.wildcards, f"every action on every resource of {named} is allowed")


@check(
    part(
        "CCM:4.1:IAM-09",
        "privileged roles outside of data, keys and logging; what one person holds through several identities",
    ),
    part("CCM:4.1:IAM-04", "duties outside of the cloud, and what one person gathers through several identities"),
    part(
        "CCM:4.1:IAM-10",
        "for how long privileged access is granted, and what one person gathers through several identities",
    ),
    judges=Entitlement,
    severity="high",
    remediation=(
        "AWS: divide the rights over separate roles for data, keys and logging, and let different people assume them. "
        "Google Cloud: replace basic roles and those that set IAM policies, and give the admin roles of data, keys and logging to "
        "different principals. "
        "Azure: replace Contributor and its like by roles for storage, key vaults and monitoring, and assign them to different groups."
    ),
    metric="IAM-09-M1",
)
def privileged_planes_are_separated(entitlement: Entitlement) -> Verdict:
    """Nobody administers more than one of data, keys and logging.

    Who holds both the data and its keys needs nobody's consent to read it; who also holds the logs leaves no trace. The check
    reads which of the three planes the policies on a user, group, role or policy let it administer. It does not see what one
    person may do through several of them together.
    """
    if entitlement.administrator:
        return failed("administers everything: data, keys and logging")
    if entitlement.planes is not None and len(entitlement.planes) > 1:
        return failed(f"administers {' and '.join(sorted(entitlement.planes))} together")
    if entitlement.administrator is None or entitlement.planes is None:
        return unknown("policies not learned")
    return passed()


@check(
    part(
        "CCM:4.1:IAM-15",
        "access of our own identities, access inside applications, and whether each trust was approved",
    ),
    judges=Entitlement,
    kinds=("role", "service account", "principal"),
    severity="high",
    remediation=(
        "AWS: remove the stranger from the role's trust policy, or add a condition on sts:ExternalId that only this partner knows; never "
        "trust every principal. "
        "Google Cloud: remove the stranger from the project's or the service account's IAM policy, or bind with a condition. "
        "Azure: remove the delegation, or make all of its authorizations eligible ones that ask for a second factor."
    ),
)
def foreign_trust_is_guarded(entitlement: Entitlement) -> Verdict:
    """Accounts of strangers may take a role only under a condition.

    A partner that serves many customers can be talked into using one customer's role for another, unless each trust asks for a
    secret of its own. The check reads which accounts outside of the organisation each role trusts, and whether every such trust
    asks for an external id or the like. A role that trusts anybody fails. It does not see whether the partner is still one.
    """
    if entitlement.foreign_trust is None:
        return unknown("trust not learned")
    if not entitlement.foreign_trust:
        return passed("trusts nobody outside")
    if "*" in entitlement.foreign_trust:
        return failed("anybody may assume it")
    return holds(
        entitlement.foreign_trust_guarded,
        f"may be assumed from {', '.join(sorted(entitlement.foreign_trust))} without a condition",
    )


@check(
    part("CCM:4.1:IAM-05", "rights on anything but keys, and whether a right is needed for the work"),
    part("CCM:4.1:IAM-15", "access to anything but keys, and grants beside the key's policy"),
    judges=Key,
    severity="critical",
    remediation=(
        "AWS: name the principals in the key's policy, or add a condition on aws:PrincipalOrgID (kms:PutKeyPolicy). "
        "Google Cloud: remove allUsers and allAuthenticatedUsers from the IAM policies of the key, its ring and the project."
    ),
)
def key_policies_name_their_users(key: Key) -> Verdict:
    """No key is open to everybody.

    Encryption keeps nobody out if anybody may use the key. The check reads whether the key's policy lets any principal of any
    account use it without a condition. It does not see grants, or whether those whom it names should be there.
    """
    if key.open_policy is None:
        return unknown("policy not learned")
    return holds(not key.open_policy, "anybody may use it")


@check(
    part("CCM:4.1:IAM-06", "who asked for access, who agreed, and how that was recorded"),
    judges=Entitlement,
    kinds=("user", "principal"),
    severity="medium",
    remediation=(
        "AWS: move the user's policies to a group, or let people take roles through IAM Identity Center. "
        "Google Cloud: bind roles to groups instead of single people. "
        "Azure: assign roles to groups instead of single users."
    ),
)
def rights_come_through_groups(entitlement: Entitlement) -> Verdict:
    """No person holds rights in its own name.

    Rights that are given one by one are forgotten one by one. The check reads whether each person holds rights that do not come through a
    group or a role that people take. It does not see who asked for them or who agreed.
    """
    if entitlement.granted_directly is None:
        return unknown("not learned how its rights were given")
    return holds(not entitlement.granted_directly, "holds rights in its own name")


@check(
    part("CCM:4.1:IAM-08", f"{REVIEWED}; disuse is only what it looks at"),
    part("CCM:4.1:IAM-05", "whether a right that is used is needed for the work"),
    judges=Entitlement,
    kinds=("role", "service account", "service principal"),
    severity="medium",
    remediation=(
        "AWS: delete the role, or the policies on it that its last-accessed data shows unused. "
        "Google Cloud: apply the recommendation of the IAM recommender, or disable the service account. "
        "Azure: remove the role assignments of the service principal, or disable it."
    ),
)
def unused_rights_are_removed(entitlement: Entitlement, *, now: datetime, max_idle_days: int = 180) -> Verdict:
    """No role or service account keeps rights that nobody has used for half a year.

    A right that nobody needs serves only who steals it. The check compares the last use of the rights of each role and service account
    with `max_idle_days`; where they were never used, the creation. It does not see which of several rights was used.
    """
    since = entitlement.last_used or (entitlement.created if entitlement.never_used else None)
    if since is None:
        return unknown("last use not learned")
    limit = timedelta(days=max_idle_days)
    if now - since < limit:
        return passed(holds_until=since + limit)
    return failed(f"{'not used' if entitlement.last_used else 'never used'} since {since.date()}")


@check(
    part("CCM:4.1:IAM-08", f"{REVIEWED}; access of our own people"),
    part("CCM:4.1:IAM-03", "the inventory of identities itself: what is found is whom else policies let in"),
    judges=Watch,
    kinds=("access analysis",),
    severity="medium",
    remediation=(
        "AWS: create an analyzer of IAM Access Analyzer in each enabled region, best for the organisation. "
        "Google Cloud: enable the Policy Analyzer or the IAM recommender's insights for the project. "
        "Azure: enable the recommendations on identity and access of Defender CSPM, or access reviews of guests."
    ),
)
def access_from_outside_is_analyzed(watch: Watch) -> Verdict:
    """Something of the provider looks for access from outside.

    Policies are too many to be read by people. The check reads whether the cloud's own analysis of who else is let in is on in each
    account and region. It does not see what it finds: `foreign_access_is_taken_up` judges that.
    """
    return holds(watch.enabled, "nothing looks for access from outside")


@check(
    part("CCM:4.1:IAM-08", f"{REVIEWED}; access of our own people"),
    part("CCM:4.1:IAM-15", "access of our own identities, and access inside applications"),
    judges=Finding,
    kinds=("foreign access",),
    severity="high",
    remediation=(
        "AWS: narrow the policy that the finding of Access Analyzer names, or archive the finding with the reason why it is meant. "
        "Google Cloud: narrow the binding that the finding names, or mute the finding with the reason why it is meant. "
        "Azure: remove the assignment that the recommendation names, or exempt it with the reason why it is meant."
    ),
    observes="effect",
)
def foreign_access_is_taken_up(finding: Finding, *, now: datetime, max_open_days: int = 30) -> Verdict:
    """No access from outside stays open for a month without a decision.

    What somebody outside can reach is meant or it is not, and somebody must say which. The check compares, for each open finding of
    access from outside, the time since it was first seen with `max_open_days`. It does not see whether the decision was the right one.
    """
    return taken_up(finding.first_seen, within=timedelta(days=max_open_days), now=now, what="open")


@check(
    part("CCM:4.1:IAM-05", "rights below administration, and whether a right is needed for the work"),
    part("CCM:4.1:IAM-10", "people, for how long privileged access is granted, and who decides it"),
    judges=Workload,
    kinds=("machine", "function", "container service", "web app"),
    severity="high",
    remediation=(
        "AWS: give its role the actions that it needs, and none of AdministratorAccess, PowerUserAccess or * on *. "
        "Google Cloud: run it as a service account of its own with the roles that it needs, not as the default one with Editor. "
        "Azure: give its managed identity roles on the resources that it needs, not Owner or Contributor on the subscription."
    ),
)
def workloads_are_not_administrators(workload: Workload) -> Verdict:
    """Nothing that runs code may administer its account.

    Who breaks into a machine may do what the machine may. The check reads whether the identity that each of them runs as may administer
    its account or read all of its data. It does not weigh narrower rights, or what it may take on through another identity.
    """
    if workload.privileged is None:
        return unknown("rights not learned")
    return holds(not workload.privileged, "runs as an administrator")
