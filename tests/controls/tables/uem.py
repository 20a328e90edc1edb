"""Whether an agent reaches machines, and what is on them."""

from tests.controls.rows import switch

TABLE = {
    "machines_are_managed": switch("managed", True, "no management agent", "machine", "function"),
    "machines_are_inventoried": switch("inventoried", True, "not reported", "machine", "function"),
}  # fmt: skip
