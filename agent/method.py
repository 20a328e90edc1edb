"""Which code computes figures: a digest that a bundle seals, so that replay under other code says so and never "tampered"."""

import functools
import hashlib
from importlib import resources

MODULES = {
    "agent": (
        "accounting", "baseline", "basis", "breaches", "claims", "committed", "cycle", "dossier", "exceptions", "exemptions",
        "findings", "gathering", "judging", "material", "membership", "metering", "papers", "period", "planning", "record",
        "records", "registered", "registers", "rejudging", "report", "ruling", "scanned", "shards", "standing", "suppliers",
        "totals", "units",
    ),
    "agent.exports": ("caiq", "ocsf", "oscal", "workbook"),
    "agent.foreign": ("disagreements", "finding", "folding", "judging"),
    "controls": ("assess", "catalogue", "check", "expressions", "metering", "metrics", "packed", "reasons", "tally", "verdict"),
    "controls.ccm": ("__init__", "questions"),
    "collectors": ("resource", "sighting"),
}  # fmt: skip
"""Everything between sealed evidence and a figure of the report, besides the checks (which have digests of their own)."""


@functools.cache
def method() -> str:
    """sha256 over those modules' source, by name."""
    total = hashlib.sha256()
    for package, names in MODULES.items():
        for name in names:
            source = resources.files(package).joinpath(f"{name}.py").read_bytes()
            total.update(f"{package}.{name} {hashlib.sha256(source).hexdigest()}\n".encode())
    return total.hexdigest()
