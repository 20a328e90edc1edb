"""Why a check is not proven on a cloud (`proven.json` has the others): for every hole one line, so that none is silent.

Three reasons, and a test holds each against what the cloud's fake estate says: `nothing`, the cloud has nothing that the check judges, so
it never applies; `always`, the cloud sees to it for everybody, so it passes wherever something is seen and cannot fail, which is no
coverage; `unsaid`, the cloud says nothing of the fact to a reader, so the check never passes there.
"""

from typing import Literal, NamedTuple


class Unproven(NamedTuple):
    """Why one check cannot be proven on one cloud."""

    why: Literal["nothing", "always", "unsaid"]
    words: str
    rests_on: tuple[str, ...] = ()
    """Facts that the cloud does tell and by which the check may fail: where one of them was not learned, the check is unknown."""


def nothing(words: str) -> Unproven:
    """There is nothing to judge."""
    return Unproven("nothing", words)


def always(words: str) -> Unproven:
    """It cannot fail."""
    return Unproven("always", words)


def unsaid(words: str, *rests_on: str) -> Unproven:
    """Nobody who reads is told."""
    return Unproven("unsaid", words, rests_on)


NO_ROOT = "an account has no root user and no passwords of its own; the tenant's people are judged as users"
WORKSPACE = "people and their passwords are in Google Workspace or Cloud Identity, which no role on projects may read"
UNPROVEN: dict[str, dict[str, Unproven]] = {
    "aws": {
        "machine_groups_roll_back": unsaid("whether a refresh goes back is said when it is begun, for that time alone"),
        "clusters_run_signed_images": unsaid("EKS has no setting for it: an admission controller inside the cluster would know"),
        "keys_use_strong_algorithms": always("KMS has no weak algorithm to choose"),
        "keys_serve_one_purpose": always("a key of KMS has one usage from its making on"),
        "machines_verify_their_boot": unsaid("whether UEFI Secure Boot is enforced is in the image's variable store, which no reader sees"),
        "sign_ins_demand_a_second_factor": nothing("what Identity Center demands of people no reader is told; users are judged one by one"),
        "legacy_sign_ins_are_refused": nothing("there are no older ways to sign in"),
        "global_administrators_are_few": nothing("there is no directory with roles of its own; who administers an account is judged there"),
        "exemptions_end": nothing("AWS keeps no exemptions: whom a policy lets off stands in the policy itself"),
        "devices_lock_their_screens": nothing("what a device must be is said where people sign in, which is no service of an account"),
        "devices_are_encrypted": nothing("what a device must be is said where people sign in, which is no service of an account"),
        "cluster_apis_take_no_legacy_sign_ins": always("EKS knows its callers by IAM alone"),
        "cluster_nodes_are_upgraded": unsaid("managed node groups are upgraded when somebody asks, and what renews others is not told"),
        "cluster_nodes_verify_their_boot": unsaid("whether UEFI Secure Boot is enforced is in the image's variable store"),
        "log_stores_are_locked": unsaid("whoever may, can shorten the retention of a log group; its protection keeps no record"),
    },
    "gcp": {
        "apis_know_their_callers": nothing("what an API demands of callers is in API Gateway and Apigee, not in the inventory"),
        "changes_roll_back": unsaid("callers reach a revision only once it has started; a way back from what fails later is not told"),
        "containers_are_confined": unsaid("containers of services never hold their machine; nothing is set for it, so nothing is read"),
        "machine_groups_roll_back": unsaid("a group that an update breaks stays so until somebody goes back"),
        "stacks_roll_back": nothing("what code made is known to Terraform's own state, and no failed change is taken back by the cloud"),
        "stacks_have_not_drifted": nothing("what code made is known to Terraform's own state, with which the cloud compares nothing"),
        "stacks_are_protected_from_deletion": nothing("there are no stacks: what code made is deleted one by one"),
        "sign_ins_demand_a_second_factor": nothing(WORKSPACE),
        "legacy_sign_ins_are_refused": nothing(WORKSPACE),
        "global_administrators_are_few": nothing(WORKSPACE),
        "exemptions_end": nothing("there are no exemptions: whom a policy lets off stands in the policy itself"),
        "shares_stay_in_the_organization": nothing("nothing is lent but by IAM policies, which are judged themselves"),
        "restores_are_tested": unsaid("restores are told by logs only"),
        "load_balancers_are_protected_from_deletion": unsaid("a load balancer of Google Cloud has no protection from deletion to read"),
        "accounts_obey_the_organization": always("a project obeys the policies of all above it, without any consent"),
        "data_is_encrypted_at_rest": always("Google stores nothing without encryption; whose key it is, data_is_under_our_keys says"),
        "volumes_are_encrypted_by_default": always("Google stores nothing without encryption"),
        "machine_disks_are_encrypted": always("Google stores nothing without encryption"),
        "keys_use_strong_algorithms": always("Cloud KMS has no weak algorithm to choose"),
        "expired_keys_are_disabled": nothing("a key of Cloud KMS has no end"),
        "keys_serve_one_purpose": always("a key of Cloud KMS has one purpose from its making on"),
        "logs_are_deleted_in_time": always("a log bucket always has an end of retention, ten years at most"),
        "root_user_needs_mfa": nothing(WORKSPACE),
        "root_user_has_no_keys": nothing(WORKSPACE),
        "passwords_are_long": nothing(WORKSPACE),
        "passwords_are_not_reused": nothing(WORKSPACE),
        "users_need_mfa": nothing(WORKSPACE),
        "dormant_identities_are_disabled": unsaid("when a service account was last used is in Policy Intelligence, not in the inventory"),
        "unused_rights_are_removed": unsaid("when a right was last used is in Policy Intelligence, not in the inventory"),
        "unused_access_is_taken_up": nothing("no analyzer keeps findings of unused access; recommendations are not in the inventory"),
        "foreign_access_is_taken_up": nothing("no analyzer keeps findings of strangers' access; their bindings are judged themselves"),
        "machine_metadata_is_guarded": always("the metadata server answers only who sends a header that a forged request lacks"),
        "audit_logs_arrive": unsaid("whether a sink delivers is a metric of Cloud Monitoring; one that is off fails", "logging"),
        "secrets_in_logs_are_masked": unsaid("Cloud Logging masks nothing"),
        "threats_are_taken_up": nothing("findings are in the API of Security Command Center, not in the inventory"),
        "machines_are_guarded_from_malware": unsaid("Security Command Center looks at machines from outside and tells of none by name"),
    },
    "azure": {
        "only_signed_code_runs": unsaid("Azure signs no code of functions or apps"),
        "secrets_are_under_our_keys": unsaid("Key Vault encrypts secrets under keys of its own, and there is no other to choose"),
        "image_tags_stay": unsaid("tags are locked one by one in the registry's data plane"),
        "files_are_backed_up": unsaid("which shares an account has, of which some may be in no vault, is not in the inventory"),
        "databases_can_be_brought_back": unsaid("SQL and Cosmos DB tell the earliest point of restore and not the latest"),
        "changes_roll_back": unsaid("a new revision must start before the old one goes; a way back from what fails later is not told"),
        "containers_are_confined": unsaid("container apps never hold their machine; nothing is set for it, so nothing is read"),
        "strangers_cannot_be_let_in": unsaid("guests get rights by role assignments, which are judged; no policy above withholds all"),
        "stacks_roll_back": nothing("a deployment that fails leaves what it has made; no setting of what stands takes it back"),
        "stacks_have_not_drifted": nothing("the cloud compares no deployment with what stands"),
        "stacks_are_protected_from_deletion": nothing("a deployment owns nothing; locks stand on groups and on what is in them"),
        "shares_stay_in_the_organization": nothing("nothing is lent but by roles and delegations, which are judged themselves"),
        "configuration_changes_are_recorded": nothing("what changed is kept for fourteen days, always: nobody switches it on or off"),
        "configuration_recording_works": nothing("what changed is kept for fourteen days, always: nobody switches it on or off"),
        "accounts_cannot_leave": unsaid("whether a subscription may leave is a setting of the tenant, which no role of ours reads"),
        "volumes_are_encrypted_by_default": always("every managed disk is encrypted from its making"),
        "certificates_use_strong_keys": unsaid("a certificate's algorithm is not in its row; those of key vaults are in the data plane"),
        "data_is_not_shared_with_strangers": unsaid("shares are signatures given out in the data plane, of which Azure keeps no list"),
        "root_user_needs_mfa": nothing(NO_ROOT),
        "root_user_has_no_keys": nothing(NO_ROOT),
        "passwords_are_long": nothing(NO_ROOT),
        "passwords_are_not_reused": nothing(NO_ROOT),
        "secrets_are_not_open": always("whoever reads a vault's secret has signed in to the tenant: there is no everybody to let in"),
        "key_policies_name_their_users": always("whoever uses a vault's key has signed in to the tenant: there is no everybody to let in"),
        "unused_rights_are_removed": unsaid("Azure keeps no last use of a role assignment"),
        "access_from_outside_is_analyzed": nothing("access reviews are read by a permission that no custom role can name"),
        "unused_access_is_taken_up": nothing("access reviews are read by a permission that no custom role can name"),
        "foreign_access_is_taken_up": nothing("access reviews are read by a permission that no custom role can name"),
        "default_firewalls_are_empty": nothing("Azure makes no firewall by itself"),
        "networks_are_designed": always("Azure makes no network by itself"),
        "subnets_give_no_public_addresses": nothing("a subnet gives no public address"),
        "names_are_logged": unsaid("DNS security policies are read by a permission that is not published"),
        "machine_metadata_is_guarded": unsaid("the metadata service always asks for a header; nothing is set for it, so nothing is read"),
        "audit_logs_arrive": unsaid("Azure reports no delivery", "logging"),
        "audit_trails_are_validated": unsaid("an export carries no digests"),
        "log_stores_are_locked": unsaid("a workspace has no lock on its retention"),
        "secrets_in_logs_are_masked": unsaid("a workspace masks nothing"),
    },
}  # fmt: skip
"""Cloud -> check -> why."""


def untold(provider: str, check: str) -> Unproven | None:
    """Why a cloud tells no reader what the check asks for; `None` where it may tell, and for third parties' clouds."""
    found = UNPROVEN.get(provider, {}).get(check)
    return found if found is not None and found.why == "unsaid" else None
