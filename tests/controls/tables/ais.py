"""Who may call what runs, on what it runs, and whose code and images are let run."""

from collectors.resource import FAR
from tests.controls.rows import APART, FAILED, NOW, PASSED, UNKNOWN, ago, ahead, switch

TABLE = {
    "functions_run_supported_runtimes": [
        ({"runtime_ends": ahead(days=1)}, PASSED, ""),
        ({"kind": "web app", "runtime_ends": FAR}, PASSED, "no end"),
        ({"runtime_ends": NOW}, FAILED, "support of its runtime ends on 2026-03-31"),
        ({"kind": "web app", "runtime_ends": ago(days=9)}, FAILED, "2026-03-22"),
        ({}, UNKNOWN, "not learned when support of its runtime"),
        ({"kind": "machine", "runtime_ends": ago(days=9)}, APART, "function, web app only"),
    ],
    "callers_are_known": [
        *switch("open_to_callers", False, "anybody may call", "function", "machine"),
        *(({"kind": kind, "open_to_callers": True}, FAILED, "anybody") for kind in ("container service", "web app")),
    ],
    "apis_know_their_callers": switch("callers_known", True, "asks nobody", "api", "load balancer"),
    "only_signed_code_runs": [
        *switch("code_verified", True, "unsigned code", "function", "machine"),
        ({"kind": "container service", "code_verified": False}, FAILED, "unsigned code"),
    ],
    "clusters_run_signed_images": switch("images_verified", True, "from anywhere"),
    "images_are_scanned": switch("scanned", True, "nobody looks"),
    "registries_are_not_public": switch("public", False, "anybody may pull"),
    "image_tags_stay": switch("immutable", True, "can be moved"),
}  # fmt: skip
TIMES = [
    ("functions_run_supported_runtimes", {"runtime_ends": ahead(days=1)}, ahead(days=1)),
    ("functions_run_supported_runtimes", {"runtime_ends": FAR}, None),
]  # fmt: skip
"""Check, facts, until when the verdict holds."""
