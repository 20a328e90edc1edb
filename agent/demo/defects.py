"""Every defect of the simulated estate in one table: what is broken, where, from when to when, and what a check must say."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from agent.demo import faults
from agent.demo.estate import SEEDED, Estate
from controls.verdict import Outcome

Act = Callable[[Estate], None]


@dataclass(frozen=True, kw_only=True)
class Defect:
    """One check's verdict on one resource that is not a pass."""

    check: str
    resource: str
    """The resource's name in `Estate.ids`, `alias/...`."""
    seed: Act | None
    """How it is broken; `None` where a row above breaks it too."""
    outcome: Outcome = Outcome.FAILED
    begins: datetime | None = None
    """When it begins; `None`: it was so before the first sweep."""
    mend: Act | None = None
    ends: datetime | None = None
    """When it is mended; `None`: it stays."""
    by_itself: bool = False
    """Time alone brings it: `begins` is no act of anybody."""

    def stands(self, at: datetime) -> bool:
        """It is there at an instant."""
        return (self.begins is None or self.begins <= at) and (self.ends is None or at < self.ends)


def day(text: str) -> datetime:
    """The beginning of a day, UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


UNKNOWN = Outcome.UNKNOWN
DEFECTS: tuple[Defect, ...] = (
    # what holds data
    Defect(check="data_is_encrypted_at_rest", resource="production/eu-west-1/volume/scratch", seed=faults.unencrypted_volume),
    Defect(check="data_is_encrypted_at_rest", resource="production/eu-west-1/snapshot/scratch", seed=None),
    Defect(check="data_stores_are_not_public", resource="production/eu-west-1/snapshot/scratch", seed=faults.public_snapshot,
           begins=day("2026-10-14")),
    Defect(check="data_is_encrypted_at_rest", resource="staging/eu-west-1/database/legacy", seed=faults.legacy_database),
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
    # keys
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
    Defect(check="privileged_planes_are_separated", resource="production/role/platform-operator", seed=faults.two_planes),
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
)  # fmt: skip


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
