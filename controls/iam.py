"""Identity and access management (IAM), identities: who can sign in, with which credentials, and how well that is guarded."""

from datetime import datetime, timedelta

from collectors.resource import FAR, Account, Identity
from collectors.serving import Cluster, Secret, Workload
from controls.ages import lately
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
    part(
        "CCM:4.1:IAM-02",
        "the policy itself, its approval and its review: the length that is enforced is one line of it",
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
    part("CCM:4.1:IAM-03", "the inventory itself, identities of other systems, and what each of them may do"),
    part(
        "CCM:4.1:IAM-08",
        "the review of rights by a person, and its interval: disuse is only what such a review looks at",
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
    return failed(f"can sign in, but {'not used' if identity.last_active else 'never used'} since {since.date()}")


@check(
    part(
        "CCM:4.1:IAM-14",
        "how passwords are made known, stored, reset and changed; credentials outside of the cloud account",
    ),
    part(
        "CCM:4.1:IAM-02",
        "the policy itself, its approval and its review: what is enforced of old passwords is one line of it",
    ),
    judges=Account,
    kinds=("account",),
    severity="low",
    remediation="AWS: let the account's password policy remember 24 passwords (iam:UpdateAccountPasswordPolicy).",
)
def passwords_are_not_reused(account: Account, *, min_kept: int = 24) -> Verdict:
    """None of the last 24 passwords can be taken again.

    A password that leaked years ago is tried again. The check compares how many earlier passwords the account's policy refuses with
    `min_kept`. It does not see passwords of an identity provider through which people sign in.
    """
    if account.password_reuse_prevented is None:
        return unknown("password policy not learned")
    return holds(
        account.password_reuse_prevented >= min_kept,
        f"{account.password_reuse_prevented} earlier passwords are refused; at least {min_kept}",
    )


@check(
    part(
        "CCM:4.1:IAM-14",
        "credentials that lie elsewhere, how a secret is handed over, and whether those who use it took up the new one",
    ),
    judges=Secret,
    severity="medium",
    remediation=(
        "AWS: give the secret a rotation schedule (secretsmanager:RotateSecret), or put a new version and change what uses it. "
        "Google Cloud: give the secret a rotation period with a receiver that adds a version, and disable the old one. "
        "Azure: make a new version of the secret, by a function on its near-expiry event, and change what uses it."
    ),
)
def secrets_rotate(secret: Secret, *, now: datetime, max_age_days: int = 365) -> Verdict:
    """The newest version of each secret is less than a year old.

    A password of a system is known to everybody who ever worked on it. The check compares when the newest version of each secret was made
    with `max_age_days`. It does not see whether the new version is in use, or secrets that never change by their nature.
    """
    return lately(secret.rotated, never=None, within=timedelta(days=max_age_days), now=now, done="changed")


@check(
    part(
        "CCM:4.1:IAM-14",
        "credentials that lie elsewhere, and whether what is announced is done: how old each is, is judged apart",
    ),
    judges=Secret,
    severity="low",
    remediation=(
        "AWS: give the secret a rotation schedule (secretsmanager:RotateSecret). "
        "Google Cloud: give the secret a rotation period with a receiver, or an expiry. "
        "Azure: set the secret's expiry date, and a function on its near-expiry event."
    ),
)
def secrets_do_not_live_for_ever(secret: Secret) -> Verdict:
    """Each secret is changed on a schedule, or has an end.

    What has neither is changed when somebody thinks of it. The check reads whether each secret has a schedule by which it is changed, or
    an end. It does not see how long either lets it live, nor whether the new version is taken up.
    """
    if secret.renews or secret.expires not in {None, FAR}:
        return passed("it ends" if not secret.renews else "it is changed on a schedule")
    return unknown() if secret.renews is None or secret.expires is None else failed("neither schedule nor end")


@check(
    part("CCM:4.1:IAM-05", "rights on anything but secrets, and whether a right is needed for the work"),
    part("CCM:4.1:IAM-14", "credentials that lie elsewhere, and how a secret is handed over and changed"),
    judges=Secret,
    severity="critical",
    remediation=(
        "AWS: name the principals in the secret's policy (secretsmanager:PutResourcePolicy with BlockPublicPolicy). "
        "Google Cloud: remove allUsers and allAuthenticatedUsers from the IAM policies of the secret and the project. "
        "Azure: take the vault off all networks (publicNetworkAccess), and grant reading to named identities by role."
    ),
)
def secrets_are_not_open(secret: Secret) -> Verdict:
    """No secret can be read by everybody.

    A secret that everybody may read is none. The check reads whether a policy lets anybody read each secret. It does not see whether
    those whom it names should be there.
    """
    if secret.open_policy is None:
        return unknown("policy not learned")
    return holds(not secret.open_policy, "anybody may read it")


@check(
    part("CCM:4.1:IAM-12", "identities in applications, and accounts on the machine that are used beside"),
    part("CCM:4.1:IAM-13", "whether the identity that people log in with needs a second factor"),
    judges=Workload,
    kinds=("machine",),
    severity="medium",
    remediation=(
        "AWS: let people in through Session Manager or EC2 Instance Connect, and start machines without a key pair. "
        "Google Cloud: switch on OS Login of the project or machine (enable-oslogin), and block project-wide keys. "
        "Azure: install the extension for login by Entra ID, and switch password authentication off."
    ),
)
def machines_log_in_centrally(workload: Workload) -> Verdict:
    """People log in to machines by the cloud's identities.

    A key that lies on a machine outlives whoever left it there. The check reads whether people log in to each machine through the cloud's
    own identities, not by passwords or keys on it. It does not see accounts that were made on the machine itself.
    """
    return holds(workload.central_login, "is logged in to by passwords or keys that lie on it")


@check(
    part("CCM:4.1:IAM-05", "what those identities may do, and whether a right is needed for the work"),
    part("CCM:4.1:IAM-12", "people, and systems outside of clusters; whether workloads share one of those identities"),
    judges=Cluster,
    severity="medium",
    remediation=(
        "AWS: give the cluster an OIDC provider or the Pod Identity agent, and workloads roles of their own. "
        "Google Cloud: switch on workload identity federation of the cluster and its node pools. "
        "Azure: switch on the OIDC issuer and workload identity of the cluster."
    ),
)
def clusters_give_workloads_identities(cluster: Cluster) -> Verdict:
    """Workloads in clusters have identities of their own.

    What runs under its node's identity may do all that any of its neighbours needs. The check reads whether each cluster can give its
    workloads identities of their own. It does not see which workloads use one.
    """
    return holds(cluster.workload_identity, "its workloads use the identity of their node")
