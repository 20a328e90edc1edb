"""Whether news of an incident reaches those who act on it."""

from tests.controls.rows import switch

TABLE = {
    "security_contact_is_registered": switch("security_contact", True, "no security contact"),
}  # fmt: skip
