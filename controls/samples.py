"""Seeded samples with a known verdict: for each check facts that must pass and facts that must fail.

Every sweep judges them through the code that judges everything else (`agent.canaries`): a check that does not know its own samples any
more shows nothing in that sweep. They are samples, not the table of the checks' tests, which says what each fact does.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from collectors.resource import FAR, AccessKey, PortRange, Resource
from controls.check import Check

Facts = dict[str, Any]
LONG_AGO = timedelta(days=1000)
LATELY = timedelta(minutes=5)
RECENT = {"passing": -LATELY, "failing": -LONG_AGO}
"""Of what must have happened lately."""
LASTING = {"passing": LONG_AGO, "failing": -LATELY}
"""Of what must not end."""
OWNED: tuple[dict[str, Any], dict[str, Any]] = ({"tags": {"owner": "canary"}}, {"tags": {}})


def _switch(fact: str, *, wanted: bool) -> Callable[[datetime], tuple[Facts, Facts]]:
    """A check of one yes-or-no fact."""
    return lambda _: ({fact: wanted}, {fact: not wanted})


def _fixed(passing: Facts, failing: Facts) -> Callable[[datetime], tuple[Facts, Facts]]:
    return lambda _: (passing, failing)


def _dated(
    fact: str, *, passing: timedelta, failing: timedelta, **beside: Any
) -> Callable[[datetime], tuple[Facts, Facts]]:
    """A check of one instant, so long before (or after) now, beside facts that it also reads."""
    return lambda now: ({**beside, fact: now + passing}, {**beside, fact: now + failing})


def _keys(now: datetime) -> tuple[Facts, Facts]:
    young, old = (AccessKey(active=True, created=now - age) for age in (LATELY, LONG_AGO))
    return {"keys": (young,)}, {"keys": (young, old)}


def _dormant(now: datetime) -> tuple[Facts, Facts]:
    signs_in = {"console": True, "keys": ()}
    return {**signs_in, "last_active": now - LATELY}, {**signs_in, "last_active": now - LONG_AGO}


def _topic(topic: str) -> Callable[[datetime], tuple[Facts, Facts]]:
    """A check of alarms on one topic."""
    return _fixed({"topics": (topic,)}, {"topics": ()})


def _delivered(now: datetime) -> tuple[Facts, Facts]:
    logging = {"logging": True, "delivery_failing": False}
    return {**logging, "delivered": now - LATELY}, {**logging, "delivered": now - LONG_AGO}


SAMPLES: Mapping[str, Callable[[datetime], tuple[Facts, Facts]]] = {
    "functions_run_supported_runtimes": _dated("runtime_ends", **LASTING),
    "callers_are_known": _switch("open_to_callers", wanted=False),
    "apis_know_their_callers": _switch("callers_known", wanted=True),
    "only_signed_code_runs": _switch("code_verified", wanted=True),
    "clusters_run_signed_images": _switch("images_verified", wanted=True),
    "images_are_scanned": _switch("scanned", wanted=True),
    "image_tags_stay": _switch("immutable", wanted=True),
    "registries_are_not_public": _switch("public", wanted=False),
    "databases_are_backed_up": _fixed({"backup_days": 35}, {"backup_days": 0}),
    "object_stores_keep_versions": _switch("versioned", wanted=True),
    "databases_survive_a_zone": _switch("multi_zone", wanted=True),
    "databases_can_be_brought_back": _dated("last_backup", **RECENT),
    "files_are_backed_up": _dated("last_backup", **RECENT),
    "machines_are_backed_up": _dated("last_backup", **RECENT),
    "endpoints_survive_a_zone": _switch("multi_zone", wanted=True),
    "machine_groups_survive_a_zone": _switch("multi_zone", wanted=True),
    "clusters_survive_a_zone": _switch("multi_zone", wanted=True),
    "backups_are_locked": _switch("locked", wanted=True),
    "backups_leave_their_region": _switch("copied_elsewhere", wanted=True),
    "restores_are_tested": _dated("last_restore", **RECENT),
    "backups_succeed": _switch("failing", wanted=False),
    "databases_are_protected_from_deletion": _switch("deletion_protected", wanted=True),
    "load_balancers_are_protected_from_deletion": _switch("deletion_protected", wanted=True),
    "configuration_changes_are_recorded": _fixed({"enabled": True, "complete": True}, {"enabled": True, "complete": False}),
    "configuration_recording_works": _dated("last_seen", **RECENT, enabled=True),
    "posture_is_assessed": _switch("enabled", wanted=True),
    "audit_cannot_be_switched_off": _switch("audit_protected", wanted=True),
    "accounts_cannot_leave": _switch("leaving_denied", wanted=True),
    "accounts_obey_the_organization": _switch("organization", wanted=True),
    "machines_come_from_code": _fixed({"tags": {"managed-by": "terraform"}}, {"tags": {}}),
    "changes_roll_back": _switch("rolls_back", wanted=True),
    "machine_groups_roll_back": _switch("rolls_back", wanted=True),
    "stacks_roll_back": _switch("rolls_back", wanted=True),
    "stacks_have_not_drifted": _dated("drift_checked", **RECENT, drifted=False),
    "stacks_are_protected_from_deletion": _switch("deletion_protected", wanted=True),
    "data_is_encrypted_at_rest": _switch("encrypted", wanted=True),
    "object_stores_require_tls": _switch("transport_encrypted", wanted=True),
    "stores_refuse_plain_text": _switch("transport_encrypted", wanted=True),
    "databases_refuse_plain_text": _switch("transport_encrypted", wanted=True),
    "volumes_are_encrypted_by_default": _switch("volumes_encrypted_by_default", wanted=True),
    "data_is_under_our_keys": _fixed({"key_held_by": "customer"}, {"key_held_by": "provider"}),
    "endpoints_require_modern_tls": _fixed({"oldest_tls": "1.3"}, {"oldest_tls": "1.0"}),
    "endpoints_refuse_plain_text": _switch("transport_encrypted", wanted=True),
    "services_refuse_plain_text": _switch("transport_encrypted", wanted=True),
    "clusters_encrypt_secrets": _switch("secrets_encrypted", wanted=True),
    "machine_disks_are_encrypted": _switch("disks_encrypted", wanted=True),
    "keys_rotate": _fixed(
        {"rotatable": True, "state": "enabled", "rotation_days": 30}, {"rotatable": True, "state": "enabled", "rotation_days": 0}
    ),
    "keys_are_not_about_to_be_lost": _fixed({"state": "enabled"}, {"state": "pending deletion"}),
    "keys_use_strong_algorithms": _fixed({"algorithm": "AES-256"}, {"algorithm": "RSA-1024"}),
    "keys_are_made_in_hardware": _switch("hardware_held", wanted=True),
    "expired_keys_are_disabled": _dated("expires", **LASTING, state="enabled"),
    "deleted_keys_can_be_recovered": _fixed({"recoverable_days": 90}, {"recoverable_days": 0}),
    "keys_serve_one_purpose": _switch("single_purpose", wanted=True),
    "keys_name_an_owner": _fixed(*OWNED),
    "certificates_do_not_run_out": _dated("expires", **LASTING, renews=False),
    "certificates_use_strong_keys": _fixed({"algorithm": "EC-P256"}, {"algorithm": "RSA-1024"}),
    "logs_are_under_our_keys": _fixed({"key_held_by": "customer"}, {"key_held_by": "provider"}),
    "secrets_are_under_our_keys": _fixed({"key_held_by": "customer"}, {"key_held_by": "provider"}),
    "backups_are_under_our_keys": _fixed({"key_held_by": "customer"}, {"key_held_by": "provider"}),
    "machines_name_an_owner": _fixed(*OWNED),
    "data_names_its_owner": _fixed(*OWNED),
    "data_names_its_class": _fixed({"tags": {"classification": "canary"}}, {"tags": {}}),
    "data_stores_are_not_public": _switch("public", wanted=False),
    "account_blocks_public_data": _switch("public_data_blocked", wanted=True),
    "data_is_not_shared_with_strangers": _fixed({"foreign_access": ()}, {"foreign_access": ("444455556666",)}),
    "databases_are_private": _switch("private_only", wanted=True),
    "sensitive_data_is_looked_for": _switch("enabled", wanted=True),
    "data_is_deleted_in_time": _switch("content_expires", wanted=True),
    "logs_are_deleted_in_time": _fixed({"retention_days": 400}, {"retention_days": 0}),
    "data_stays_in_chosen_regions": _switch("regions_limited", wanted=True),
    "exemptions_end": _dated("ends", passing=LATELY, failing=LONG_AGO),
    "root_user_needs_mfa": _switch("root_mfa", wanted=True),
    "root_user_has_no_keys": _switch("root_keys", wanted=False),
    "passwords_are_long": _fixed({"password_length": 64}, {"password_length": 0}),
    "users_need_mfa": _fixed({"console": True, "mfa": True}, {"console": True, "mfa": False}),
    "access_keys_are_young": _keys,
    "dormant_identities_are_disabled": _dormant,
    "passwords_are_not_reused": _fixed({"password_reuse_prevented": 1000}, {"password_reuse_prevented": 0}),
    "secrets_rotate": _dated("rotated", **RECENT),
    "secrets_do_not_live_for_ever": _fixed({"renews": True, "expires": FAR}, {"renews": False, "expires": FAR}),
    "secrets_are_not_open": _switch("open_policy", wanted=False),
    "machines_log_in_centrally": _switch("central_login", wanted=True),
    "clusters_give_workloads_identities": _switch("workload_identity", wanted=True),
    "sign_ins_demand_a_second_factor": _switch("mfa_demanded", wanted=True),
    "legacy_sign_ins_are_refused": _switch("legacy_sign_ins_refused", wanted=True),
    "global_administrators_are_few": _fixed({"administrators": 2}, {"administrators": 50}),
    "no_full_administrators": _switch("administrator", wanted=False),
    "rights_stay_within_services": _fixed({"wildcards": ()}, {"wildcards": ("s3",)}),
    "privileged_planes_are_separated": _fixed(
        {"administrator": False, "planes": ("keys",)}, {"administrator": False, "planes": ("data", "keys", "logging")}
    ),
    "foreign_trust_is_guarded": _fixed({"foreign_trust": ()}, {"foreign_trust": ("*",)}),
    "key_policies_name_their_users": _switch("open_policy", wanted=False),
    "rights_come_through_groups": _switch("granted_directly", wanted=False),
    "unused_rights_are_removed": _dated("last_used", **RECENT),
    "access_from_outside_is_analyzed": _switch("enabled", wanted=True),
    "foreign_access_is_taken_up": _dated("first_seen", **RECENT),
    "workloads_are_not_administrators": _switch("privileged", wanted=False),
    "unused_access_is_taken_up": _dated("first_seen", **RECENT),
    "shares_stay_in_the_organization": _fixed({"foreign_access": ()}, {"foreign_access": ("444455556666",)}),
    "strangers_cannot_be_let_in": _switch("strangers_denied", wanted=True),
    "administration_ports_are_closed": _fixed(
        {"open_to_world": ()}, {"open_to_world": (PortRange(protocol="tcp", first=22, last=22),)}
    ),
    "default_firewalls_are_empty": _fixed({"default": True, "rules": 0}, {"default": True, "rules": 4}),
    "network_flows_are_logged": _switch("flow_logged", wanted=True),
    "networks_hold_one_environment": _fixed({"environments": ("production",)}, {"environments": ("production", "test")}),
    "networks_are_designed": _fixed({"default": False, "in_use": True}, {"default": True, "in_use": True}),
    "subnets_give_no_public_addresses": _switch("gives_public_addresses", wanted=False),
    "names_are_logged": _switch("names_logged", wanted=True),
    "public_endpoints_are_filtered": _fixed({"public": True, "filtered": True}, {"public": True, "filtered": False}),
    "filter_rules_are_current": _fixed({"managed_rules": "current"}, {"managed_rules": "outdated"}),
    "filters_turn_attacks_away": _switch("blocking", wanted=True),
    "filters_are_logged": _switch("logged", wanted=True),
    "machines_have_no_public_address": _switch("public_address", wanted=False),
    "machine_metadata_is_guarded": _switch("metadata_guarded", wanted=True),
    "machines_verify_their_boot": _switch("boot_verified", wanted=True),
    "machine_groups_can_grow": _switch("grows", wanted=True),
    "containers_are_confined": _switch("confined", wanted=True),
    "quotas_have_room": _fixed({"limit": 100, "used": 1}, {"limit": 100, "used": 100}),
    "cluster_apis_are_not_open": _switch("api_open", wanted=False),
    "cluster_nodes_are_private": _switch("nodes_private", wanted=True),
    "cluster_traffic_is_limited": _switch("traffic_limited", wanted=True),
    "clusters_run_supported_versions": _dated("version_ends", **LASTING),
    "cluster_apis_take_no_legacy_sign_ins": _switch("legacy_access", wanted=False),
    "cluster_nodes_are_upgraded": _switch("nodes_renewed", wanted=True),
    "cluster_nodes_verify_their_boot": _switch("nodes_verified", wanted=True),
    "activity_is_logged_everywhere": _switch("activity_logged", wanted=True),
    "data_access_is_logged": _switch("access_logged", wanted=True),
    "audit_logs_arrive": _delivered,
    "endpoints_log_access": _switch("access_logged", wanted=True),
    "workloads_are_logged": _switch("logged", wanted=True),
    "clusters_log_their_audit": _switch("audit_logged", wanted=True),
    "audit_trails_are_validated": _switch("validated", wanted=True),
    "audit_trails_use_our_keys": _fixed({"key_held_by": "customer"}, {"key_held_by": "none"}),
    "logs_are_kept": _fixed({"retention_days": 0}, {"retention_days": 1}),
    "log_stores_are_locked": _switch("locked", wanted=True),
    "secrets_in_logs_are_masked": _switch("masked", wanted=True),
    "audit_stores_are_not_public": _switch("store_public", wanted=False),
    "audit_readers_are_recorded": _switch("store_access_logged", wanted=True),
    "audit_stores_are_locked": _switch("store_locked", wanted=True),
    "trail_changes_raise_an_alarm": _topic("audit trails"),
    "identity_changes_raise_an_alarm": _topic("identity"),
    "key_changes_raise_an_alarm": _topic("keys"),
    "network_changes_raise_an_alarm": _topic("networks"),
    "root_use_raises_an_alarm": _topic("root use"),
    "sign_ins_raise_an_alarm": _topic("sign-in"),
    "audit_trails_are_watched": _switch("watched", wanted=True),
    "threats_are_detected_everywhere": _fixed({"enabled": True, "complete": True}, {"enabled": False, "complete": False}),
    "threats_are_reported": _fixed({"enabled": True, "reported": True}, {"enabled": True, "reported": False}),
    "security_contact_is_registered": _switch("security_contact", wanted=True),
    "threats_are_taken_up": _dated("first_seen", **RECENT, severity="critical", in_progress=False),
    "malware_is_looked_for": _switch("enabled", wanted=True),
    "machines_are_guarded_from_malware": _switch("malware_guarded", wanted=True),
    "vulnerabilities_are_looked_for": _switch("enabled", wanted=True),
    "vulnerability_scans_cover_all": _fixed(
        {"enabled": True, "coverable": 2, "covered": 2}, {"enabled": True, "coverable": 2, "covered": 0}
    ),
    "vulnerabilities_are_mended_in_time": _dated("first_seen", **RECENT, severity="critical"),
    "vulnerabilities_are_reported": _fixed({"enabled": True, "reported": True}, {"enabled": True, "reported": False}),
    "machines_are_patched": _dated("patches_assessed", **RECENT, missing_patches=0),
    "machines_are_managed": _switch("managed", wanted=True),
    "machines_are_inventoried": _switch("inventoried", wanted=True),
    "devices_lock_their_screens": _switch("screen_locks", wanted=True),
    "devices_are_encrypted": _switch("storage_encrypted", wanted=True),
}  # fmt: skip
"""Check name -> its samples at an instant: what must pass, what must fail."""


def samples(check: Check, provider: str, kind: str, now: datetime) -> tuple[Resource, Resource] | None:
    """A resource that must pass and one that must fail, as a collector of that provider would see them; `None` for a check without."""
    made = SAMPLES.get(check.name)
    if made is None:
        return None
    passing, failing = (
        check.judges(
            id=f"canary:{check.name}:{word}",
            provider=provider,
            account="canary",
            region="global",
            kind=kind,
            **{"tags": {}, **facts},
        )
        for word, facts in zip(("pass", "fail"), made(now), strict=True)
    )
    return passing, failing
