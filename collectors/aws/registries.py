"""Image repositories of ECR. A repository is scanned by its own setting, or by a rule of the registry that scans on push or without end; a
rule for scans by hand scans nothing by itself. Tags stay where none may be moved: exclusions from that let some move."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from collectors.aws.elements import flag, instant, text
from collectors.aws.gathered import CellSession
from collectors.aws.tagging import tags_of
from collectors.collector import Item, collector
from collectors.serving import Registry


@collector(
    "aws.registries",
    sees=Registry,
    kinds=("image registry",),
    learns=("scanned", "immutable"),
    grants=("ecr:DescribeRepositories", "ecr:GetRegistryScanningConfiguration", "tag:GetResources"),
    counted=("AWS::ECR::Repository",),
    where="region",
)
class Registries:
    """Every private repository of the account in the region."""

    def list(self, session: CellSession) -> Iterator[Item]:
        """Elements of `DescribeRepositories`."""
        return session.pages("ecr.DescribeRepositories", "repositories")

    def describe(self, session: CellSession, item: Item) -> Registry:
        """The element, and the registry's own configuration, which is asked for once."""
        name, mutability = item["repositoryArn"], text(item, "imageTagMutability")
        return Registry(
            id=name, provider="aws", account=session.account, region=session.region, kind="image registry", name=item["repositoryName"],
            tags=tags_of(session, name, "ecr:repository"), managed_by="customer", created=instant(item, "createdAt"),
            scanned=scanned(session, item), immutable=None if mutability is None else mutability == "IMMUTABLE",
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
    rules = [rule for rule in configuration.get("rules") or () if rule.get("scanFrequency") != "MANUAL"]
    return any(fits(one["filter"], name) for rule in rules for one in rule.get("repositoryFilters") or ())


def fits(pattern: str, name: str) -> bool:
    """A star stands for anything; a filter without one is looked for anywhere in the name (ECR user guide, "Filters")."""
    parts = ".*".join(map(re.escape, pattern.split("*")))
    return bool(re.fullmatch(parts if "*" in pattern else f".*{parts}.*", name))
