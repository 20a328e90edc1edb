"""Whether databases turn callers without TLS away."""

from tests.controls.rows import switch

TABLE = {
    "databases_refuse_plain_text": switch("transport_encrypted", True, "are not refused", "database", "object store"),
}
