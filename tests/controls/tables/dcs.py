"""Whose a thing is, and how sensitive."""

from tests.controls.rows import FAILED, PASSED, owned

TABLE = {
    "machines_name_an_owner": [
        *owned("no tag names an owner"),
        *(({"tags": {word: "x"}}, PASSED, "") for word in (
            "Owner", "cost-center", "CostCentre", "cost_center", "acme/team", "contact", "responsible", "Service", "application",
            "data-steward",
        )),
        *(({"tags": {word: "x"}}, FAILED, "no tag names an owner") for word in ("ownership", "teams", "stage", "downer", "owner-until")),
    ],
    "data_names_its_owner": owned("no tag names an owner"),
    "data_names_its_class": [
        *owned("no tag names a class", {"sensitivity": "high"}),
        *(({"tags": {word: "x"}}, PASSED, "") for word in (
            "classification", "data-classification", "DataClass", "data_class", "Confidentiality", "acme:data-classification",
        )),
        *(({"tags": {word: "x"}}, FAILED, "no tag names a class") for word in ("class", "storage-class", "owner", "sensitive")),
    ],
}  # fmt: skip
