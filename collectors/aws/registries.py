"""Image repositories of ECR. A repository is scanned by its own setting, or by a rule of the registry that scans on push or without end; a
rule for scans by hand scans nothing by itself. Tags stay where none may be moved: exclusions from that let some move."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from collectors.aws.elements import flag, instant, text
from collectors.aws.exposure import public
from collectors.aws.gathered import CellSession
from collectors.aws.reach import rules_of
from collectors.aws.tagging import tags_of
from collectors.collector import Item, collector, learned
from collectors.serving import Registry

GONE, NONE = ("RepositoryNotFoundException",), ("RepositoryPolicyNotFoundException",)
SCANS = {"SCAN_ON_PUSH": True, "CONTINUOUS_SCAN": True, "MANUAL": False}
"""How often a rule scans -> it does so by itself."""
TAGS_STAY = {"IMMUTABLE": True, "IMMUTABLE_WITH_EXCLUSION": False, "MUTABLE": False, "MUTABLE_WITH_EXCLUSION": False}


@collector(
    "aws.registries",
    sees=Registry,
    kinds=("image registry",),
    learns=("scanned", "immutable", "public"),
    grants=(
        "ecr:DescribeRepositories",
        "ecr:GetRegistryScanningConfiguration",
        "ecr:GetRepositoryPolicy",
        "tag:GetResources",
    ),
    counted=("AWS::ECR::Repository",),
    where="region",
)
class Registries:
    """Every private repository of the account in the region."""

    def list(self, session: CellSession) -> Iterator[Item]:
        """Elements of `DescribeRepositories`."""
        return session.pages("ecr.DescribeRepositories", "repositories")

    def describe(self, session: CellSession, item: Item) -> Registry:
        """The element, its policy, and the registry's own configuration, which is asked for once."""
        name = item["repositoryArn"]
        answer = session.ask("ecr.GetRepositoryPolicy", gone=GONE, absent=NONE, repositoryName=item["repositoryName"])
        rules = learned(answer, lambda known: rules_of(known.get("policyText")) if known else ())
        return Registry(
            id=name, provider="aws", account=session.account, region=session.region, kind="image registry", name=item["repositoryName"],
            tags=tags_of(session, name, "ecr:repository"), managed_by="customer", created=instant(item, "createdAt"),
            scanned=scanned(session, item), immutable=TAGS_STAY.get(text(item, "imageTagMutability") or ""),
            public=learned(rules, public),
        )  # fmt: skip


def scanned(session: CellSession, item: Item) -> bool | None:
    """By the repository's own setting, or by a rule of the registry."""
    own = flag(item.get("imageScanningConfiguration"), "scanOnPush")
    answer = session.common("ecr.GetRegistryScanningConfiguration")
    ruled = None if answer is None else by_rule(answer.get("scanningConfiguration"), item["repositoryName"])
    return True if True in {own, ruled} else None if None in {own, ruled} else False


def by_rule(configuration: Mapping[str, Any] | None, name: str) -> bool | None:
    """Some rule of the registry scans the repository of that name by itself."""
    if configuration is None:
        return None
    fitting = [
        SCANS.get(text(rule, "scanFrequency") or "")
        for rule in configuration.get("rules") or ()
        if any(fits(one["filter"], name) for one in rule.get("repositoryFilters") or ())
    ]
    return True if True in fitting else None if None in fitting else False


def fits(pattern: str, name: str) -> bool:
    """A star stands for anything; a filter without one is looked for anywhere in the name (ECR user guide, "Filters")."""
    parts = ".*".join(map(re.escape, pattern.split("*")))
    return bool(re.fullmatch(parts if "*" in pattern else f".*{parts}.*", name))
