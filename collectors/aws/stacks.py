"""Stacks of CloudFormation: whether a change that fails is taken back, and what was found when last they were compared with what stands.

What a stack inside another may be asked, is asked of the outermost: only drift is found in each. Parameters and outputs are never kept.
"""

from collections.abc import Iterator, Mapping

from collectors.aws.elements import flag, instant, tags, text
from collectors.collector import Item, Session, collector
from collectors.governing import Stack

UNMADE = frozenset({"REVIEW_IN_PROGRESS", "DELETE_IN_PROGRESS", "DELETE_COMPLETE"})
"""States of a stack that has made nothing yet, or nothing any more."""
COMPARED = {"DRIFTED": True, "IN_SYNC": False}


@collector(
    "aws.stacks",
    sees=Stack,
    kinds=("stack", "nested stack"),
    learns=("rolls_back", "deletion_protected", "drifted", "drift_checked", "never_checked"),
    readings=("drifted", "drift_checked", "never_checked"),
    moves=("DriftInformation",),
    redacts=("Parameters", "Outputs"),
    grants=("cloudformation:DescribeStacks",),
    counted=("AWS::CloudFormation::Stack",),
    where="region",
)
class Stacks:
    """Every stack of the account in the region that stands."""

    def list(self, session: Session) -> Iterator[Item]:
        """Elements of `DescribeStacks`."""
        found = session.pages("cloudformation.DescribeStacks", "Stacks")
        return (one for one in found if text(one, "StackStatus") not in UNMADE)

    def describe(self, session: Session, item: Item) -> Stack:
        """The listing's element tells all."""
        drift = item.get("DriftInformation")
        disabled = flag(item, "DisableRollback")
        return Stack(
            id=item["StackId"], provider="aws", account=session.account, region=session.region,
            kind="nested stack" if text(item, "ParentId") else "stack", name=text(item, "StackName"), tags=tags(item.get("Tags", [])),
            managed_by="customer", created=instant(item, "CreationTime"), rolls_back=None if disabled is None else not disabled,
            deletion_protected=flag(item, "EnableTerminationProtection"), drifted=COMPARED.get(text(drift, "StackDriftStatus") or ""),
            drift_checked=instant(drift, "LastCheckTimestamp"), never_checked=never_checked(drift),
        )  # fmt: skip


def never_checked(drift: Mapping[str, object] | None) -> bool | None:
    """CloudFormation has no comparison of it; one that it could not make has an instant all the same."""
    status = text(drift, "StackDriftStatus")
    return None if status is None else status == "NOT_CHECKED"
