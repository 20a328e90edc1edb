"""What keeps data from being read by everybody, and for longer than it is needed."""

from tests.controls.rows import APART, FAILED, switch

TABLE = {
    "data_stores_are_not_public": [
        *switch("public", False, "open to everybody"),
        ({"kind": "volume", "public": True}, APART, "speaks of object store"),
        *(({"kind": kind, "public": True}, FAILED, "open") for kind in ("database", "image", "dataset")),
    ],
    "account_blocks_public_data": switch("public_data_blocked", True, "no complete account-wide block"),
}  # fmt: skip
