"""Tables of controls.cek_held."""

from tests.controls.rows import FAILED, PASSED, UNKNOWN, inherited

OURS = [
    ({"key_held_by": "customer"}, PASSED, ""),
    ({"key_held_by": "provider"}, FAILED, "under the provider's key"),
    ({"key_held_by": "none"}, FAILED, "under the provider's key"),
    ({}, UNKNOWN, "whose key"),
    inherited({"key_held_by": "provider"}),
]
TABLE = {
    "logs_are_under_our_keys": OURS,
    "secrets_are_under_our_keys": OURS,
    "backups_are_under_our_keys": OURS,
}
