"""What tags say: who owns something, how sensitive its data is, whether code made it. The one place where their keys stand.

Keys are compared without case, separators and a prefix before the last `:` or `/`: `acme:Cost_Center` is `costcenter`. A tag without
a value says nothing, and what the provider wrote itself (`aws:...`) names no owner.
"""

import functools
import re
from collections.abc import Collection, Mapping

from controls.verdict import Verdict, failed, passed, unknown

OWNERS = frozenset({
    "owner", "owners", "ownedby", "owneremail", "owneremailaddress", "ownerteam", "dataowner", "technicalowner", "businessowner",
    "steward", "datasteward", "custodian", "team", "squad", "contact", "contactemail", "responsible", "maintainer", "costcenter",
    "costcentre", "department", "businessunit", "service", "servicename", "application", "app", "applicationname", "product",
})  # fmt: skip
"""Keys whose value leads to somebody who answers for the thing."""
CLASSES = frozenset({
    "classification", "dataclass", "dataclassification", "dataclassificationlevel", "securityclass", "securityclassification",
    "informationclass", "informationclassification", "sensitivity", "datasensitivity", "sensitivitylabel", "confidentiality",
    "confidentialitylevel",
})  # fmt: skip
"""Keys whose value says how sensitive the data is."""
BY_CODE = ("aws:cloudformation:", "goog-dm", "goog-terraform-provisioned", "goog-config-", "azd-env-name")
"""How keys begin that a tool of infrastructure as code writes by itself."""
SAID = frozenset(["terraform", "opentofu", "iac", "infrastructureascode", "createdbyterraform", "terraformmanaged"])
"""Keys that people write; any value counts but a no."""
MAKERS = frozenset(["managedby", "createdby", "provisionedby", "provisioner", "deployedby", "iactool"])
"""Keys whose value is the tool."""
TOOLS = ("terraform", "opentofu", "terragrunt", "cloudformation", "cdk", "pulumi", "bicep", "arm", "crossplane", "ansible", "serverless",
         "sam", "config-connector", "helm")  # fmt: skip
NO = frozenset({"", "no", "false", "none", "manual", "0"})


@functools.lru_cache(maxsize=10_000)
def folded(key: str) -> str:
    """A key as it is compared."""
    return re.sub(r"[^a-z0-9]", "", re.split(r"[:/]", key)[-1].lower())


def names(tags: Mapping[str, str] | None, keys: Collection[str], *, otherwise: str) -> Verdict:
    """One of the keys has a value."""
    if tags is None:
        return unknown("tags not learned")
    for key, value in tags.items():
        if folded(key) in keys and value.strip() and not key.startswith("aws:"):
            return passed()
    return failed(otherwise)


def made_by_code(tags: Mapping[str, str]) -> bool:
    """A tool of infrastructure as code left its mark, or somebody says that one made it."""
    return any(_marks(key, value) for key, value in tags.items() if _speaks(key))


@functools.lru_cache(maxsize=10_000)
def _speaks(key: str) -> bool:
    """A key may tell of a tool of infrastructure as code."""
    return key.lower().startswith(BY_CODE) or folded(key) in SAID | MAKERS


def _marks(key: str, value: str) -> bool:
    word = value.strip().lower()
    if word in NO:
        return False
    return folded(key) not in MAKERS or key.lower().startswith(BY_CODE) or re.split(r"[^a-z-]", word)[0] in TOOLS
