"""Identity and access management (IAM): who can sign in, how well that is guarded, and how much they may do."""

from datetime import datetime, timedelta

from collectors.resource import Account, Entitlement, Identity, Key
from controls.check import check, part
from controls.verdict import Verdict, failed, holds, not_applicable, passed, unknown

STRONG = "how people sign in to systems, applications and identity providers outside of the cloud account; how system identities do"


@check(
    part("CCM:4.1:IAM-13", STRONG),
    judges=Account,
    kinds=("account",),
    severity="critical",
    remediation="AWS: register an MFA device for the root user, or remove the root credentials of member accounts centrally.",
)
def root_user_needs_mfa(account: Account) -> Verdict:
    """The root user signs in with a second factor.

    Nothing in the account can stop its root user. The check reads whether the provider reports a second factor for it. It does not
    see what kind of device it is, or who holds it.
    """
    return holds(account.root_mfa, "the root user has no second factor")


@check(
    part("CCM:4.1:IAM-10", "every other privileged access, how long it is granted, and who decides it"),
    part("CCM:4.1:IAM-12", "every other identity that several people or systems may share"),
    part("CCM:4.1:IAM-14", "every other credential; how the root user's password is kept"),
    judges=Account,
    kinds=("account",),
    severity="critical",
    remediation="AWS: delete the root user's access keys; let systems assume a role instead.",
)
def root_user_has_no_keys(account: Account) -> Verdict:
    """The root user has no access keys.

    A root key is full power without end, without a second factor, and without a person's name on it. The check reads whether the
    provider reports any. It does not see keys of other administrators: `access_keys_are_young` and `no_full_administrators` do.
    """
    if account.root_keys is None:
        return unknown("not learned whether the root user has keys")
    return holds(not account.root_keys, "the root user has access keys")


@check(
    part(
        "CCM:4.1:IAM-14",
        "how passwords are made known, stored, reset and changed; credentials outside of the cloud account",
    ),
    judges=Account,
    kinds=("account",),
    severity="medium",
    remediation="AWS: set the account's password policy to a length of 14 or more (iam:UpdateAccountPasswordPolicy).",
)
def passwords_are_long(account: Account, *, min_length: int = 14) -> Verdict:
    """Passwords must have at least 14 characters.

    Length is what protects a password that is guessed offline. The check compares the least length that the account's password
    policy asks for with `min_length`; no policy counts as none. It does not see passwords that were set before the policy, or
    those of an identity provider through which people sign in.
    """
    if account.password_length is None:
        return unknown("password policy not learned")
    if account.password_length == 0:
        return failed("no password policy is set")
    if account.password_length < min_length:
        return failed(f"passwords of {account.password_length} characters are enough; at least {min_length}")
    return passed()


@check(
    part("CCM:4.1:IAM-13", STRONG),
    judges=Identity,
    severity="critical",
    remediation=(
        "AWS: let the user register an MFA device, or remove the password (iam:DeleteLoginProfile) and use federation. "
        "Azure: let the user register a second factor, and require it by a conditional access policy or security defaults."
    ),
)
def users_need_mfa(identity: Identity) -> Verdict:
    """Everybody who signs in with a password needs a second factor.

    Passwords leak; a second factor makes the leak harmless. The check reads, for each identity that has a console password,
    whether a second factor is registered. It does not speak of identities without a password, and does not see people who sign in
    through an identity provider, whose second factor is asked for there.
    """
    if identity.console is False:
        return not_applicable("has no password to sign in with")
    if identity.console is None or identity.mfa is None:
        return unknown("password or second factor not learned")
    return holds(identity.mfa, "signs in with a password alone")


@check(
    part("CCM:4.1:IAM-14", "passwords and other kinds of credential; how keys are handed over, stored and revoked"),
    judges=Identity,
    severity="high",
    remediation=(
        "AWS: make a second key, change to it, deactivate and delete the old one; or let the system assume a role instead. "
        "Google Cloud: attach the service account to the workload or federate its identity instead of making keys; rotate and delete the "
        "key that remains. "
        "Azure: add a new secret or certificate to the application, change to it, and remove the old one; or use a managed identity."
    ),
)
def access_keys_are_young(identity: Identity, *, now: datetime, max_age_days: int = 90) -> Verdict:
    """Active access keys are younger than 90 days.

    A long-lived key is copied into more places every month. The check compares the age of every active key with `max_age_days`;
    one old key is enough to fail. It does not see where a key is stored or who uses it, and does not speak of identities without
    an active key.
    """
    if identity.keys is None:
        return unknown("access keys not learned")
    active = [key.created for key in identity.keys if key.active]
    if not active:
        return not_applicable("has no active access key")
    limit = timedelta(days=max_age_days)
    dated = sorted(created for created in active if created is not None)
    old = [created for created in dated if now - created >= limit]
    next_old = dated[len(old)] + limit if len(old) < len(dated) else None
    if old:
        made = ", ".join(f"{each:%Y-%m-%d}" for each in old)
        return failed(f"active key of {made}: {max_age_days} days old or more", holds_until=next_old)
    if len(dated) < len(active):
        return unknown("age of an active key not learned", holds_until=next_old)
    return passed(holds_until=next_old)


@check(
    part(
        "CCM:4.1:IAM-07",
        "who has moved or left, which a personnel register tells: disuse is only a sign of it; access in applications",
    ),
    judges=Identity,
    severity="medium",
    remediation=(
        "AWS: deactivate the user's keys and remove the password; after a while delete the user. "
        "Google Cloud: disable the service account, delete its keys, and after a while delete it. "
        "Azure: block the user's sign-in (accountEnabled); after a while delete the user."
    ),
)
def dormant_identities_are_disabled(identity: Identity, *, now: datetime, max_idle_days: int = 90) -> Verdict:
    """Nobody who has been idle for 90 days can still sign in.

    An account that nobody uses is one whose misuse nobody notices. For each identity that has a password or an active key the
    check compares the last use of either with `max_idle_days`; for one that was never used, its creation. It does not see why
    somebody is idle, and hears of a use as late as the provider reports it.
    """
    keys = None if identity.keys is None else any(key.active for key in identity.keys)
    if identity.console is False and keys is False:
        return passed("cannot sign in")
    since = identity.last_active or (identity.created if identity.never_active else None)
    if since is None:
        return unknown("last use not learned")
    limit = timedelta(days=max_idle_days)
    if now - since < limit:
        return passed(holds_until=since + limit)
    if not identity.console and not keys:
        return unknown("not learned whether it can sign in")
    return failed(f"can sign in, but {'not used' if identity.last_active else 'never used'} since {since:%Y-%m-%d}")


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
        "CCM:4.1:IAM-09",
        "privileged roles outside of data, keys and logging; what one person holds through several identities",
    ),
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
