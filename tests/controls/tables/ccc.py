"""What a change cannot undo, whether changes are seen, and where they come from."""

from tests.controls.rows import APART, FAILED, PASSED, UNKNOWN, ago, ahead, switch

TABLE = {
    "load_balancers_are_protected_from_deletion": switch("deletion_protected", True, "by one call", "load balancer", "api"),
    "databases_are_protected_from_deletion": [
        *switch("deletion_protected", True, "by one call", "database", "object store"),
        ({"kind": "table", "deletion_protected": False}, FAILED, "by one call"),
    ],
    "configuration_changes_are_recorded": [
        ({"enabled": True, "complete": True}, PASSED, ""),
        ({"enabled": False}, FAILED, "configuration are not recorded"),
        ({"enabled": False, "complete": False}, FAILED, "configuration are not recorded"),
        ({"enabled": True, "complete": False}, FAILED, "of some kinds"),
        ({"complete": False}, FAILED, "of some kinds"),
        ({"enabled": True}, UNKNOWN, "not learned"),
        ({"complete": True}, UNKNOWN, "not learned"),
        ({"kind": "threat detection", "enabled": False}, APART, "only"),
    ],
    "configuration_recording_works": [
        ({"enabled": True, "last_seen": ago(hours=47)}, PASSED, ""),
        ({"enabled": True, "last_seen": ago(hours=48)}, FAILED, "last recorded on 2026-03-29; at most 48 hours may pass"),
        ({"enabled": True, "never_seen": True}, FAILED, "never recorded"),
        ({"enabled": False}, FAILED, "are not recorded"),
        ({"enabled": False, "last_seen": ago(hours=1)}, FAILED, "are not recorded"),
        ({"enabled": True}, UNKNOWN, "not learned when"),
        ({"enabled": True, "never_seen": False}, UNKNOWN, "not learned when"),
        ({"last_seen": ago(hours=1)}, UNKNOWN, "not learned whether"),
        ({"last_seen": ago(hours=99)}, UNKNOWN, "not learned whether"),
        ({"kind": "threat detection", "enabled": False}, APART, "only"),
    ],
    "posture_is_assessed": switch("enabled", True, "not assessed", "posture assessment", "threat detection"),
    "audit_cannot_be_switched_off": switch("audit_protected", True, "stop or remove"),
    "accounts_cannot_leave": switch("leaving_denied", True, "take itself out"),
    "accounts_obey_the_organization": switch("organization", True, "no organisation"),
    "machines_come_from_code": [
        *(({"tags": tags}, PASSED, "") for tags in (
            {"aws:cloudformation:stack-name": "web"}, {"goog-terraform-provisioned": "true"}, {"azd-env-name": "prod"}, {"goog-dm": "web"},
            {"Terraform": "true"}, {"acme:terraform": "yes"}, {"managed-by": "Terraform"}, {"ManagedBy": "pulumi/3.1"}, {"IaC": "bicep"},
            {"name": "web", "created_by": "cdk"}, {"provisioner": "config-connector"},
        )),
        *(({"tags": tags}, FAILED, "no tag names a tool") for tags in (
            {}, {"owner": "terraform"}, {"managed-by": "alice"}, {"managed-by": ""}, {"terraform": "false"}, {"terraform": " No "},
            {"goog-terraform-provisioned": "false"}, {"managed-by": "manual"}, {"managed-by": "army"}, {"aws:autoscaling:groupname": "web"},
        )),
        *(({"kind": kind, "tags": {}}, FAILED, "no tag") for kind in ("machine group", "function", "container service")),
        ({"tags": None}, UNKNOWN, "tags not learned"),
        ({"kind": "web app", "tags": {}}, APART, "only"),
    ],
}  # fmt: skip
TIMES = [
    ("configuration_recording_works", {"enabled": True, "last_seen": ago(hours=40)}, ahead(hours=8)),
    ("configuration_recording_works", {"enabled": False, "last_seen": ago(hours=40)}, None),
]  # fmt: skip
"""Check, facts, until when the verdict holds."""
MOVED = [
    ("configuration_recording_works", {"enabled": True, "last_seen": ago(hours=8)}, {"max_silence_hours": 6}, FAILED),
]  # fmt: skip
"""Check, facts, parameters (all that it has), the outcome under them."""
