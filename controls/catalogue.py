"""Every check, once, and what each says of the specifications of either CCM version.

Checks are linked to 4.1 by hand (and to the one specification of 4.0 that 4.1 removed, IAM-12); their links to 4.0 come through the
crosswalk, where a link to a specification whose words changed is never full, and one whose 4.0 words do not reach so far is dropped with
its reason (`NARROWER`).
"""

import difflib
import functools
from collections.abc import Sequence

from controls import (
    ais,
    bcr,
    bcr_exercise,
    ccc,
    ccc_changes,
    ccm,
    cek,
    cek_held,
    cek_keys,
    cek_transit,
    dcs,
    dsp,
    grc,
    iam,
    iam_directory,
    iam_rights,
    iam_shares,
    iam_unused,
    ivs,
    ivs_clusters,
    ivs_containers,
    ivs_filters,
    ivs_hosts,
    log,
    log_alarms,
    log_kept,
    sef,
    tvm,
    uem,
    uem_devices,
)
from controls.check import Check, Link

CHECKS: tuple[Check, ...] = (
    ais.functions_run_supported_runtimes,
    ais.callers_are_known,
    ais.apis_know_their_callers,
    ais.only_signed_code_runs,
    ais.clusters_run_signed_images,
    ais.images_are_scanned,
    ais.image_tags_stay,
    ais.registries_are_not_public,
    bcr.databases_are_backed_up,
    bcr.object_stores_keep_versions,
    bcr.databases_survive_a_zone,
    bcr.databases_can_be_brought_back,
    bcr.files_are_backed_up,
    bcr.machines_are_backed_up,
    bcr.endpoints_survive_a_zone,
    bcr.machine_groups_survive_a_zone,
    bcr.clusters_survive_a_zone,
    bcr.backups_are_locked,
    bcr.backups_leave_their_region,
    bcr_exercise.restores_are_tested,
    bcr_exercise.backups_succeed,
    ccc.databases_are_protected_from_deletion,
    ccc.load_balancers_are_protected_from_deletion,
    ccc.configuration_changes_are_recorded,
    ccc.configuration_recording_works,
    ccc.posture_is_assessed,
    ccc.audit_cannot_be_switched_off,
    ccc.accounts_cannot_leave,
    ccc.accounts_obey_the_organization,
    ccc.machines_come_from_code,
    ccc_changes.changes_roll_back,
    ccc_changes.machine_groups_roll_back,
    ccc_changes.stacks_roll_back,
    ccc_changes.stacks_have_not_drifted,
    ccc_changes.stacks_are_protected_from_deletion,
    cek.data_is_encrypted_at_rest,
    cek.object_stores_require_tls,
    cek.stores_refuse_plain_text,
    cek_transit.databases_refuse_plain_text,
    cek.volumes_are_encrypted_by_default,
    cek.data_is_under_our_keys,
    cek.endpoints_require_modern_tls,
    cek.endpoints_refuse_plain_text,
    cek.services_refuse_plain_text,
    cek.clusters_encrypt_secrets,
    cek.machine_disks_are_encrypted,
    cek_keys.keys_rotate,
    cek_keys.keys_are_not_about_to_be_lost,
    cek_keys.keys_use_strong_algorithms,
    cek_keys.keys_are_made_in_hardware,
    cek_keys.expired_keys_are_disabled,
    cek_keys.deleted_keys_can_be_recovered,
    cek_keys.keys_serve_one_purpose,
    cek_keys.keys_name_an_owner,
    cek_keys.certificates_do_not_run_out,
    cek_keys.certificates_use_strong_keys,
    cek_held.logs_are_under_our_keys,
    cek_held.secrets_are_under_our_keys,
    cek_held.backups_are_under_our_keys,
    dcs.machines_name_an_owner,
    dcs.data_names_its_owner,
    dcs.data_names_its_class,
    dsp.data_stores_are_not_public,
    dsp.account_blocks_public_data,
    dsp.data_is_not_shared_with_strangers,
    dsp.databases_are_private,
    dsp.sensitive_data_is_looked_for,
    dsp.data_is_deleted_in_time,
    dsp.logs_are_deleted_in_time,
    dsp.data_stays_in_chosen_regions,
    grc.exemptions_end,
    iam.root_user_needs_mfa,
    iam.root_user_has_no_keys,
    iam.passwords_are_long,
    iam.users_need_mfa,
    iam.access_keys_are_young,
    iam.dormant_identities_are_disabled,
    iam.passwords_are_not_reused,
    iam.secrets_rotate,
    iam.secrets_do_not_live_for_ever,
    iam.secrets_are_not_open,
    iam.machines_log_in_centrally,
    iam.clusters_give_workloads_identities,
    iam_directory.sign_ins_demand_a_second_factor,
    iam_directory.legacy_sign_ins_are_refused,
    iam_directory.global_administrators_are_few,
    iam_rights.no_full_administrators,
    iam_rights.rights_stay_within_services,
    iam_rights.privileged_planes_are_separated,
    iam_rights.foreign_trust_is_guarded,
    iam_rights.key_policies_name_their_users,
    iam_rights.rights_come_through_groups,
    iam_rights.unused_rights_are_removed,
    iam_rights.access_from_outside_is_analyzed,
    iam_rights.foreign_access_is_taken_up,
    iam_rights.workloads_are_not_administrators,
    iam_unused.unused_access_is_taken_up,
    iam_shares.shares_stay_in_the_organization,
    iam_shares.strangers_cannot_be_let_in,
    ivs.administration_ports_are_closed,
    ivs.default_firewalls_are_empty,
    ivs.network_flows_are_logged,
    ivs.networks_hold_one_environment,
    ivs.networks_are_designed,
    ivs.subnets_give_no_public_addresses,
    ivs.names_are_logged,
    ivs.public_endpoints_are_filtered,
    ivs_filters.filter_rules_are_current,
    ivs_filters.filters_turn_attacks_away,
    ivs_filters.filters_are_logged,
    ivs_hosts.machines_have_no_public_address,
    ivs_hosts.machine_metadata_is_guarded,
    ivs_hosts.machines_verify_their_boot,
    ivs_hosts.machine_groups_can_grow,
    ivs_containers.containers_are_confined,
    ivs_hosts.quotas_have_room,
    ivs_hosts.cluster_apis_are_not_open,
    ivs_hosts.cluster_nodes_are_private,
    ivs_hosts.cluster_traffic_is_limited,
    ivs_hosts.clusters_run_supported_versions,
    ivs_clusters.cluster_apis_take_no_legacy_sign_ins,
    ivs_clusters.cluster_nodes_are_upgraded,
    ivs_clusters.cluster_nodes_verify_their_boot,
    log.activity_is_logged_everywhere,
    log.data_access_is_logged,
    log.audit_logs_arrive,
    log.endpoints_log_access,
    log.workloads_are_logged,
    log.clusters_log_their_audit,
    log_kept.audit_trails_are_validated,
    log_kept.audit_trails_use_our_keys,
    log_kept.logs_are_kept,
    log_kept.log_stores_are_locked,
    log_kept.secrets_in_logs_are_masked,
    log_kept.audit_stores_are_not_public,
    log_kept.audit_readers_are_recorded,
    log_kept.audit_stores_are_locked,
    log_alarms.trail_changes_raise_an_alarm,
    log_alarms.identity_changes_raise_an_alarm,
    log_alarms.key_changes_raise_an_alarm,
    log_alarms.network_changes_raise_an_alarm,
    log_alarms.root_use_raises_an_alarm,
    log_alarms.sign_ins_raise_an_alarm,
    log_alarms.audit_trails_are_watched,
    log_alarms.threats_are_detected_everywhere,
    log_alarms.threats_are_reported,
    sef.security_contact_is_registered,
    sef.threats_are_taken_up,
    tvm.malware_is_looked_for,
    tvm.machines_are_guarded_from_malware,
    tvm.vulnerabilities_are_looked_for,
    tvm.vulnerability_scans_cover_all,
    tvm.vulnerabilities_are_mended_in_time,
    tvm.vulnerabilities_are_reported,
    tvm.machines_are_patched,
    uem.machines_are_managed,
    uem.machines_are_inventoried,
    uem_devices.devices_lock_their_screens,
    uem_devices.devices_are_encrypted,
)
"""All checks, in the order of their domains."""

NARROWER: dict[str, tuple[str, ...]] = {
    "CCM:4.0:IAM-13": ("clusters_give_workloads_identities",),
    "CCM:4.0:IAM-15": (
        "access_keys_are_young",
        "root_user_has_no_keys",
        "secrets_rotate",
        "secrets_do_not_live_for_ever",
        "secrets_are_not_open",
        "secrets_are_under_our_keys",
    ),
}
"""Specifications of 4.0 that ask for less than their 4.1 successors, and the checks that so say nothing of them: IAM-15 of 4.0 speaks of
passwords only, 4.1 made it all credentials; IAM-13 of 4.0 speaks of people only, 4.1 made it all identities."""


def by_name(name: str) -> Check:
    """The check of that name; `ValueError` with the nearest one if there is none."""
    known = {each.name: each for each in CHECKS}
    if name not in known:
        near = difflib.get_close_matches(name, known, n=1)
        raise ValueError(f"there is no check {name!r}" + (f"; did you mean {near[0]}?" if near else ""))
    return known[name]


def links(check: Check, version: ccm.Version) -> tuple[Link, ...]:
    """The check's links to specifications of that version, as declared or through the crosswalk."""
    return tuple(found for link in check.links if (found := _carried(check.name, link, version)) is not None)


def linked(specification: str, checks: Sequence[Check] = CHECKS) -> tuple[tuple[Check, Link], ...]:
    """Every check that speaks of a specification of either version, with how far. `ValueError` if there is no such specification."""
    version = ccm.specification(specification).version
    return _index(version, Held(tuple(checks))).get(specification, ())


class Held:
    """Checks as the key of a cache: the same values, whatever tuple holds them."""

    def __init__(self, checks: tuple[Check, ...]) -> None:
        self.checks = checks
        self._ids = tuple(map(id, checks))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Held) and self._ids == other._ids

    def __hash__(self) -> int:
        return hash(self._ids)


@functools.lru_cache(maxsize=16)
def _index(version: ccm.Version, held: Held) -> dict[str, tuple[tuple[Check, Link], ...]]:
    found: dict[str, tuple[tuple[Check, Link], ...]] = {}
    for each in held.checks:
        for link in links(each, version):
            found[link.specification] = (*found.get(link.specification, ()), (each, link))
    return found


def _carried(check: str, link: Link, version: ccm.Version) -> Link | None:
    """A link as it stands in a version; `None` where that version has nothing that it could speak of."""
    way = ccm.translate(link.specification, version)
    if way.source == way.target:
        return link
    if way.target is None or check in NARROWER.get(way.target, ()):
        return None
    if link.reach == "full" and way.revised:
        return Link(
            specification=way.target, reach="part", words=f"what CCM 4.0 and 4.1 word differently; in 4.1: {link.words}"
        )
    return Link(specification=way.target, reach=link.reach, words=link.words)
