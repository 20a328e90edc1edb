"""How clusters know their callers, and how their nodes start and stay up to date."""

from tests.controls.rows import switch

TABLE = {
    "cluster_apis_take_no_legacy_sign_ins": switch("legacy_access", False, "by older ways"),
    "cluster_nodes_are_upgraded": switch("nodes_renewed", True, "stay as they were made"),
    "cluster_nodes_verify_their_boot": switch("nodes_verified", True, "start unsigned software"),
}
