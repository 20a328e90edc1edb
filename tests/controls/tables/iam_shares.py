"""Whom things are lent to, and whether strangers can be let in at all."""

from tests.controls.rows import FAILED, PASSED, UNKNOWN, inherited, switch

TABLE = {
    "shares_stay_in_the_organization": [
        ({"foreign_access": ()}, PASSED, "nobody outside"),
        ({"foreign_access": ("o-elsewhere", "999988887777")}, FAILED, "lent to 999988887777, o-elsewhere"),
        ({}, UNKNOWN, "not learned whom"),
        inherited({"foreign_access": ("999988887777",)}),
    ],
    "strangers_cannot_be_let_in": switch("strangers_denied", True, "let anybody in"),
}
