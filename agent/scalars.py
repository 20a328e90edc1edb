"""The smallest values of a programme, each with its pattern and how to write it; and the strictness that all of it shares."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

Id = Annotated[
    str,
    Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$", description="Lower-case letters, digits and hyphens, at most 63, e.g. object-store."),
]  # fmt: skip
AccountId = Annotated[
    str, Meta(pattern=r"^\d{12}$", description='Twelve digits in quotes, leading zeros and all, e.g. "012345670123".')
]
ProjectId = Annotated[
    str,
    Meta(
        pattern=r"^([a-z][a-z0-9.-]{0,60}:)?[a-z][a-z0-9-]{4,28}[a-z0-9]$",
        description="A project's id, neither its name nor its number, e.g. acme-prod.",
    ),
]
Number = Annotated[
    str, Meta(pattern=r"^[1-9]\d{3,18}$", description='Its number, digits only and in quotes, e.g. "123456789012".')
]
PLACE = r"^(\d{12}|([a-z][a-z0-9.-]{0,60}:)?[a-z][a-z0-9-]{4,28}[a-z0-9]|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$"
Place = Annotated[
    str,
    Meta(
        pattern=PLACE,
        description="An AWS account's twelve digits in quotes, a Google Cloud project's id, or an Azure subscription's id.",
    ),
]
Uuid = Annotated[
    str,
    Meta(
        pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$",
        description="An id in lower case, e.g. 11111111-2222-4333-8444-555555555555.",
    ),
]
ManagementGroup = Annotated[
    str,
    Meta(pattern=r"^[\w().-]{1,90}$", description="A management group's id, not its display name, e.g. cloud-example."),
]
Region = Annotated[
    str, Meta(pattern=r"^[a-z]{2,4}(-[a-z]{2,12}){1,3}-\d{1,2}$", description="A region's own name, e.g. eu-central-1.")
]
Duration = Annotated[str, Meta(pattern=r"^[1-9]\d{0,4}[mhd]$", description="A number and m, h or d, e.g. 24h or 2d.")]
Percent = Annotated[
    str, Meta(pattern=r"^(100(\.0{1,6})?|\d{1,2}(\.\d{1,6})?)%$", description="A share from 0% to 100%, e.g. 99.5%.")
]
Organization = Annotated[
    str, Meta(pattern=r"^o-[a-z0-9]{10,32}$", description="An organisation's id, e.g. o-exampleorg01.")
]
AggregatorName = Annotated[
    str,
    Meta(
        pattern=r"^[\w-]{1,256}$",
        description="The name of an aggregator of AWS Config, not its ARN, e.g. organisation.",
    ),
]
Role = Annotated[
    str, Meta(pattern=r"^[\w+=,.@/-]{1,128}$", description="A role's name, not its ARN, e.g. starcadence-read.")
]
Listen = Annotated[
    str,
    Meta(
        pattern=r"^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+):\d{1,5}$", description='Address and port, e.g. "127.0.0.1:9464".'
    ),
]
Text = Annotated[str, Meta(pattern=r"\S")]
RegisterKind = Literal[
    "incidents", "changes", "joiners_leavers", "access_reviews", "training", "suppliers", "disposal", "management_reviews",
    "data_flows", "components",
]  # fmt: skip
Severity = Literal["critical", "high", "medium", "low"]
Variable = Annotated[
    str, Meta(pattern=r"^[A-Z_][A-Z0-9_]*$", description="The name of an environment variable, e.g. STARCADENCE_HOOK_KEY.")
]  # fmt: skip


class Strict(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Refuses keys that it does not know."""
