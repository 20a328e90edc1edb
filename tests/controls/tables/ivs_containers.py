"""Whether containers stay in their place."""

from tests.controls.rows import switch

TABLE = {"containers_are_confined": switch("confined", True, "over their machine", "container service", "machine")}
