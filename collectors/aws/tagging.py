"""Tags of resources whose listings do not tell them, read for a whole region at once."""

from collections.abc import Mapping
from typing import Any

from collectors.aws.elements import tags
from collectors.aws.gathered import CellSession

KINDS = (
    "acm:certificate", "dynamodb:table", "ecr:repository", "elasticache", "elasticloadbalancing:loadbalancer", "es:domain",
    "kinesis:stream", "lambda:function", "sns", "sqs", "wafv2",
)  # fmt: skip
"""What is asked for at once in a region; the edge's own kind lives in one region only."""


def mapped(labels: Any) -> dict[str, str] | None:
    """Tags of a service that gives them as a mapping, sorted by key; `None` where there is none."""
    if not isinstance(labels, Mapping) or not all(isinstance(value, str) for value in labels.values()):
        return None
    return dict(sorted(labels.items()))


def tags_of(session: CellSession, arn: str, kind: str) -> dict[str, str] | None:
    """Tags of one resource of that kind (`acm:certificate`); what the tagging service does not list never had any."""
    found = session.among(
        "resourcegroupstaggingapi.GetResources",
        "ResourceTagMappingList",
        by="ResourceARN",
        of=arn,
        ResourceTypeFilters=list(KINDS) if kind in KINDS else [kind],
    )
    if found is None:
        return None
    return tags(found[0].get("Tags")) if found else {}
