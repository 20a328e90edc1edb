"""What a cloud does not have at all, so that a check of it has nothing to judge there, in every sweep and for everybody.

Each is `nothing` in `controls.unproven`, which says why in words, and those words stand in the report. Not here is what the cloud has and
nobody reads for us (findings in an interface of their own): that remains not shown.
"""

from collections.abc import Mapping

from controls.unproven import UNPROVEN

PEOPLE = frozenset({"passwords_are_long", "passwords_are_not_reused", "root_user_has_no_keys", "root_user_needs_mfa"})
"""Of accounts that have users of their own."""
STACKS = frozenset({"stacks_are_protected_from_deletion", "stacks_have_not_drifted", "stacks_roll_back"})
ABSENT: Mapping[str, frozenset[str]] = {
    "aws": frozenset({"devices_are_encrypted", "devices_lock_their_screens", "exemptions_end"}),
    "gcp": PEOPLE | STACKS | {"exemptions_end", "foreign_access_is_taken_up", "shares_stay_in_the_organization"},
    "azure": PEOPLE
    | STACKS
    | {
        "configuration_changes_are_recorded",
        "configuration_recording_works",
        "shares_stay_in_the_organization",
        "subnets_give_no_public_addresses",
    },
}
"""Cloud -> checks of what it does not have."""


def absent(provider: str, check: str) -> bool:
    """The cloud has nothing that the check judges, whoever looks."""
    return check in ABSENT.get(provider, ())


def lack(provider: str, check: str) -> str | None:
    """Why there is nothing, in words; `None` where the cloud has what the check judges, or nobody looks."""
    said = UNPROVEN.get(provider, {}).get(check)
    return said.words if said is not None and absent(provider, check) else None
