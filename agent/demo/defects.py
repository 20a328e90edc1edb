"""Every defect of the simulated estate in one table: what is broken, where, from when to when, and what a check must say."""

from datetime import datetime

from agent.demo import faults, neglected, oversights, undone
from agent.demo.defect import UNKNOWN, Defect
from agent.demo.estate import SEEDED, Estate, day
from controls.verdict import Outcome

DEFECTS: tuple[Defect[Estate], ...] = (
    # what holds data
    Defect(check="data_is_encrypted_at_rest", resource="production/eu-west-1/volume/scratch", seed=faults.unencrypted_volume),
    Defect(check="data_is_encrypted_at_rest", resource="production/eu-west-1/snapshot/scratch", seed=None),
    Defect(check="data_stores_are_not_public", resource="production/eu-west-1/snapshot/scratch", seed=faults.public_snapshot,
           begins=day("2026-10-14")),
    Defect(check="data_is_encrypted_at_rest", resource="staging/eu-west-1/database/legacy", seed=faults.legacy_database),
    Defect(check="databases_refuse_plain_text", resource="staging/eu-west-1/database/legacy", seed=None),
    Defect(check="data_is_encrypted_at_rest", resource="staging/eu-west-1/database snapshot/legacy", seed=None),
    Defect(check="data_is_encrypted_at_rest", resource="staging/eu-west-1/automated snapshot/legacy", seed=None),
    Defect(check="data_stores_are_not_public", resource="staging/eu-west-1/database snapshot/legacy", seed=None),
    Defect(check="databases_survive_a_zone", resource="production/eu-west-1/database/reports", seed=faults.single_database),
    Defect(check="databases_are_backed_up", resource="staging/eu-central-1/database/fixtures", seed=faults.brief_backups),
    Defect(check="data_stores_are_not_public", resource="staging/bucket/downloads", seed=faults.public_bucket,
           mend=faults.close_bucket, ends=day("2026-10-08")),
    Defect(check="account_blocks_public_data", resource="staging/account", seed=None),
    Defect(check="object_stores_require_tls", resource="production/bucket/thumbnails", seed=faults.plain_bucket),
    Defect(check="object_stores_keep_versions", resource="staging/bucket/fixtures", seed=faults.unversioned_bucket),
    Defect(check="data_access_is_logged", resource="log-archive/bucket/access-logs", seed=faults.unlogged_logs),
    Defect(check="data_access_is_logged", resource="production/bucket/access-logs", seed=None),
    Defect(check="data_access_is_logged", resource="staging/bucket/access-logs", seed=None),
    Defect(check="data_is_encrypted_at_rest", resource="production/bucket/ledger", seed=faults.hide_encryption, outcome=UNKNOWN),
    Defect(check="data_is_under_our_keys", resource="production/eu-west-1/volume/scratch", seed=None),
    Defect(check="data_is_under_our_keys", resource="staging/eu-west-1/database/legacy", seed=None),
    Defect(check="data_is_under_our_keys", resource="production/bucket/ledger", seed=None, outcome=UNKNOWN),
    Defect(check="data_names_its_owner", resource="production/bucket/multipart", seed=oversights.untagged_bucket),
    Defect(check="data_names_its_class", resource="production/bucket/multipart", seed=None),
    Defect(check="data_is_deleted_in_time", resource="production/bucket/index", seed=oversights.endless_bucket),
    Defect(check="databases_are_protected_from_deletion", resource="staging/us-east-1/database/catalog",
           seed=oversights.unprotected_database, mend=oversights.protect_database, ends=day("2026-10-10")),
    # keys
    Defect(check="keys_name_an_owner", resource="log-archive/eu-central-1/key", seed=oversights.unowned_key),
    Defect(check="keys_rotate", resource="production/us-east-1/still-key", seed=faults.still_key),
    Defect(check="keys_rotate", resource="staging/us-east-1/key", seed=faults.hide_rotation, outcome=UNKNOWN,
           mend=faults.show_rotation, ends=day("2026-10-12")),
    Defect(check="key_policies_name_their_users", resource="security/eu-central-1/open-key", seed=faults.open_key),
    Defect(check="keys_are_not_about_to_be_lost", resource="staging/eu-west-1/leaving-key", seed=faults.leaving_key,
           mend=faults.keep_key, ends=day("2026-10-02")),
    # accounts and their people
    Defect(check="root_user_needs_mfa", resource="staging/account", seed=faults.root_without_mfa),
    Defect(check="root_user_has_no_keys", resource="log-archive/account", seed=faults.root_with_keys),
    Defect(check="passwords_are_long", resource="staging/account", seed=faults.short_passwords,
           mend=faults.long_passwords, ends=day("2026-09-28")),
    Defect(check="security_contact_is_registered", resource="log-archive/account", seed=faults.no_contact),
    Defect(check="users_need_mfa", resource="production/user/oncall-shared", seed=faults.user_without_mfa),
    Defect(check="access_keys_are_young", resource="staging/user/nightly-robot", seed=faults.old_key),
    Defect(check="access_keys_are_young", resource="production/user/replication-robot", seed=faults.ageing_key,
           begins=day("2026-10-12"), by_itself=True),
    Defect(check="dormant_identities_are_disabled", resource="production/user/contractor-2026", seed=faults.idle_user),
    Defect(check="no_full_administrators", resource="staging/role/break-glass", seed=faults.break_glass),
    Defect(check="privileged_planes_are_separated", resource="staging/role/break-glass", seed=None),
    Defect(check="rights_stay_within_services", resource="staging/role/break-glass", seed=None),
    Defect(check="privileged_planes_are_separated", resource="production/role/platform-operator", seed=faults.two_planes),
    Defect(check="rights_stay_within_services", resource="production/role/platform-operator", seed=None),
    Defect(check="foreign_trust_is_guarded", resource="production/role/vendor-monitoring", seed=faults.vendor),
    # what is recorded
    Defect(check="activity_is_logged_everywhere", resource="staging/eu-west-1/region", seed=faults.narrow_trail,
           mend=faults.widen_trail, ends=day("2026-10-06")),
    Defect(check="activity_is_logged_everywhere", resource="staging/us-east-1/region", seed=None, ends=day("2026-10-06")),
    Defect(check="audit_trails_are_validated", resource="production/trail/production-activity", seed=faults.unvalidated_trail),
    Defect(check="audit_trails_use_our_keys", resource="security/trail/security-activity", seed=faults.plain_trail),
    Defect(check="audit_logs_arrive", resource="management/trail/management-activity", seed=faults.silent_trail),
    Defect(check="network_flows_are_logged", resource="production/us-east-1/network/migration", seed=faults.unlogged_network),
    # what the Internet reaches, and defaults
    Defect(check="administration_ports_are_closed", resource="staging/eu-west-1/firewall/bastion", seed=faults.open_ssh),
    Defect(check="administration_ports_are_closed", resource="production/eu-central-1/firewall/web", seed=faults.open_desktop,
           begins=day("2026-10-17")),
    Defect(check="default_firewalls_are_empty", resource="staging/us-east-1/firewall/experiment-default",
           seed=faults.full_default_firewall),
    Defect(check="volumes_are_encrypted_by_default", resource="security/us-east-1/region", seed=faults.no_default_encryption),
    Defect(check="networks_are_designed", resource="staging/us-east-1/network/default", seed=oversights.default_network),
    Defect(check="networks_hold_one_environment", resource="production/eu-central-1/network/main", seed=oversights.mixed_network,
           begins=day("2026-10-06")),
    Defect(check="names_are_logged", resource="security/eu-west-1/network/forensics", seed=oversights.unlogged_names),
    Defect(check="subnets_give_no_public_addresses", resource="staging/eu-west-1/subnet/b", seed=oversights.shared_subnet),
    # what serves
    Defect(check="machines_have_no_public_address", resource="production/eu-west-1/machine/jump-host", seed=oversights.exposed_machine),
    Defect(check="machine_metadata_is_guarded", resource="production/eu-west-1/machine/jump-host", seed=None),
    Defect(check="machine_groups_survive_a_zone", resource="staging/eu-west-1/group/workers", seed=oversights.single_zone_group),
    Defect(check="endpoints_require_modern_tls", resource="staging/eu-west-1/load balancer/reports", seed=oversights.dated_balancer),
    Defect(check="load_balancers_are_protected_from_deletion", resource="staging/eu-west-1/load balancer/reports", seed=None),
    Defect(check="functions_run_supported_runtimes", resource="production/eu-central-1/function/resizer", seed=oversights.old_function),
    Defect(check="callers_are_known", resource="production/eu-central-1/function/resizer", seed=None),
    Defect(check="only_signed_code_runs", resource="production/eu-central-1/function/resizer", seed=None),
    Defect(check="images_are_scanned", resource="production/eu-central-1/image registry/scratch", seed=oversights.unscanned_images),
    Defect(check="image_tags_stay", resource="production/eu-central-1/image registry/scratch", seed=None),
    Defect(check="certificates_do_not_run_out", resource="production/eu-central-1/certificate/downloads.cloud.example",
           seed=oversights.ageing_certificate, begins=day("2026-10-11"), by_itself=True),
    Defect(check="secrets_rotate", resource="production/eu-central-1/secret/legacy-token", seed=oversights.forgotten_secret),
    Defect(check="secrets_do_not_live_for_ever", resource="production/eu-central-1/secret/legacy-token", seed=None),
    Defect(check="secrets_are_under_our_keys", resource="production/eu-central-1/secret/legacy-token", seed=None),
    Defect(check="rights_come_through_groups", resource="staging/user/tomas-novak", seed=oversights.personal_rights),
    # what watches
    Defect(check="threats_are_detected_everywhere", resource="security/us-east-1/threat-detection", seed=oversights.undetected,
           mend=oversights.detected, ends=day("2026-10-09")),
    Defect(check="threats_are_reported", resource="security/us-east-1/threat-detection", seed=None, ends=day("2026-10-09")),
    Defect(check="malware_is_looked_for", resource="security/us-east-1/malware-protection", seed=None, ends=day("2026-10-09")),
    Defect(check="threats_are_taken_up", resource="staging/threat", seed=oversights.threatened, begins=day("2026-10-12"),
           mend=oversights.taken_up, ends=day("2026-10-18")),
    Defect(check="vulnerabilities_are_mended_in_time", resource="production/vulnerability", seed=oversights.vulnerable,
           mend=oversights.mended_vulnerability, ends=day("2026-10-16")),
    Defect(check="vulnerability_scans_cover_all", resource="staging/eu-west-1/vulnerability-scanning", seed=oversights.uncovered),
    Defect(check="foreign_access_is_taken_up", resource="security/foreign access", seed=oversights.reached, begins=day("2026-10-05"),
           by_itself=True),
    Defect(check="configuration_changes_are_recorded", resource="staging/us-east-1/configuration-recording", seed=oversights.unrecorded),
    Defect(check="configuration_recording_works", resource="staging/us-east-1/configuration-recording", seed=None),
    Defect(check="posture_is_assessed", resource="log-archive/us-east-1/posture-assessment", seed=oversights.unassessed),
    Defect(check="sensitive_data_is_looked_for", resource="staging/eu-west-1/data-discovery", seed=oversights.undiscovered),
    Defect(check="audit_trails_are_watched", resource="log-archive/trail/log-archive-activity", seed=oversights.unwatched_trail),
    Defect(check="logs_are_deleted_in_time", resource="production/eu-west-1/log group/placement", seed=oversights.endless_log),
    Defect(check="logs_are_kept", resource="staging/eu-west-1/log group/placement", seed=oversights.brief_log),
    Defect(check="logs_are_under_our_keys", resource="staging/eu-west-1/log group/placement", seed=None),
    Defect(check="secrets_in_logs_are_masked", resource="log-archive/eu-central-1/log group/activity", seed=oversights.readable_log),
    Defect(check="backups_are_locked", resource="staging/eu-central-1/vault/scratch", seed=oversights.open_vault,
           mend=oversights.lock_vault, ends=day("2026-10-22")),
    Defect(check="backups_leave_their_region", resource="staging/eu-central-1/vault/scratch", seed=None),
    Defect(check="restores_are_tested", resource="staging/eu-central-1/vault/scratch", seed=None),
    # what else holds data
    *neglected.defects(),
    # what code brings in, and what stands before what serves
    *undone.defects(),
    # no policy of an organisation binds its own account
    Defect(check="audit_cannot_be_switched_off", resource="management/guardrail", seed=None),
    Defect(check="data_stays_in_chosen_regions", resource="management/guardrail", seed=None),
    # while the organisation's trail is narrow, nobody hears of what is done elsewhere
    *(
        Defect(check=f"{what}_an_alarm", resource=f"{alias}/alarms", seed=None, ends=day("2026-10-06"))
        for alias in ("log-archive", "security", "production", "staging")
        for what in (
            "trail_changes_raise", "identity_changes_raise", "key_changes_raise", "network_changes_raise", "root_use_raises",
            "sign_ins_raise",
        )
    ),
)  # fmt: skip
UNTOLD = frozenset({"log_stores_are_locked", "machine_groups_roll_back", "machines_verify_their_boot"})
"""Checks of facts that AWS does not tell: unknown of everything that they judge."""


def broken(estate: Estate) -> Estate:
    """The estate with every defect that stands before the first sweep; the same estate."""
    estate.endpoint.clock(SEEDED)
    for defect in DEFECTS:
        if defect.seed and (defect.begins is None or defect.by_itself):
            defect.seed(estate)
    return estate


def expected(estate: Estate, at: datetime) -> dict[tuple[str, str], Outcome]:
    """(check, resource id) of everything that must not pass at an instant, and how; nothing else may fail or be unknown."""
    return {(defect.check, estate.ids[defect.resource]): defect.outcome for defect in DEFECTS if defect.stands(at)}
