"""Quotas that AWS tells together with what is used of them: those of IAM by account, of RDS and of Auto Scaling by region.

One call each. Service Quotas tells the limits of every service, but what is used of them only through metrics of a period; those, and
limits that count per single thing, are not read.
"""

from collections.abc import Iterator, Mapping

from collectors.aws.accounts import SUMMARY
from collectors.aws.elements import arn, number, text
from collectors.aws.elsewhere import OrganizationSession
from collectors.collector import Item, Session, Unseen, collector
from collectors.watching import Quota

OF_IAM = (
    "AccountPolicies", "Groups", "InstanceProfiles", "Policies", "PolicyVersionsInUse", "Providers", "Roles", "ServerCertificates", "Users",
)  # fmt: skip
"""Names under which the account summary tells what is used; with `Quota` behind them, the limit."""
OF_SCALING = {
    "NumberOfAutoScalingGroups": "MaxNumberOfAutoScalingGroups",
    "NumberOfLaunchConfigurations": "MaxNumberOfLaunchConfigurations",
}
"""What is used -> its limit."""


@collector(
    "aws.quotas",
    sees=Quota,
    kinds=("quota",),
    learns=("limit", "used"),
    readings=("used",),
    moves=("Used", *OF_SCALING),
    grants=("autoscaling:DescribeAccountLimits", "rds:DescribeAccountAttributes"),
    where="region",
)
class Quotas:
    """The quotas of RDS and of Auto Scaling in the region."""

    def list(self, session: Session) -> Iterator[Item]:
        """Elements of `DescribeAccountAttributes`, and parts of the one answer of `DescribeAccountLimits`."""
        yield from session.pages("rds.DescribeAccountAttributes", "AccountQuotas")
        limits = session.ask("autoscaling.DescribeAccountLimits")
        if limits is None:
            raise Unseen("no limits")
        yield from ({key: limits.get(key) for key in pair} for pair in OF_SCALING.items())

    def describe(self, session: Session, item: Item) -> Quota:
        """No call."""
        name = text(item, "AccountQuotaName")
        if name is not None:
            return quota(session, "rds", name, limit=number(item, "Max"), used=number(item, "Used"))
        (used,) = OF_SCALING.keys() & item.keys()
        return quota(session, "autoscaling", used, limit=number(item, OF_SCALING[used]), used=number(item, used))


@collector(
    "aws.account_quotas",
    sees=Quota,
    kinds=("quota",),
    learns=("limit", "used"),
    readings=("used",),
    moves=OF_IAM,
    grants=("iam:GetAccountSummary",),
    where="account",
)
class AccountQuotas:
    """The quotas of IAM."""

    def list(self, session: OrganizationSession) -> Iterator[Item]:
        """Pairs of the account summary, which is asked for once with `aws.accounts`."""
        answer = session.elsewhere(session.account, SUMMARY)
        known = None if answer is None else answer.get("SummaryMap")
        if not isinstance(known, Mapping):
            raise Unseen("no summary")
        for name in OF_IAM:
            pair = {key: known[key] for key in (name, f"{name}Quota") if key in known}
            if len(pair) == 2:
                yield pair

    def describe(self, session: Session, item: Item) -> Quota:
        """No call."""
        (name,) = set(OF_IAM) & item.keys()
        return quota(session, "iam", name, limit=number(item, f"{name}Quota"), used=number(item, name))


def quota(session: Session, service: str, name: str, *, limit: int | None, used: int | None) -> Quota:
    """One quota of one service."""
    region = "" if session.region == "global" else session.region
    return Quota(
        id=arn(session, "servicequotas", f"{service}/{name}", region=region), provider="aws", account=session.account,
        region=session.region, kind="quota", name=f"{service}: {name}", managed_by="customer", limit=limit, used=used,
    )  # fmt: skip
