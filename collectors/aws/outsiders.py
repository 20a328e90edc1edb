"""Active findings of IAM Access Analyzer: what somebody outside of the account or of the organisation can reach.

Findings of an analyzer of the organisation, about any of its accounts, are seen where that analyzer stands. An archived finding is a
decision and is not listed. Access Analyzer does not weigh its findings.
"""

from collections.abc import Iterator

from collectors.aws.analyzers import KIND
from collectors.aws.elements import instant, text
from collectors.aws.watches import looks
from collectors.collector import Item, Session, collector
from collectors.watching import Finding

ANALYZERS = "aws.analyzers"
OF_OUTSIDE = frozenset({"ACCOUNT", "ORGANIZATION"})
"""Types of analyzer that look for access from outside."""


@collector(
    "aws.outsiders",
    sees=Finding,
    kinds=("foreign access",),
    learns=("first_seen", "subject"),
    moves=("analyzedAt", "updatedAt"),
    grants=("access-analyzer:ListAnalyzers", "access-analyzer:ListFindings"),
    beside=(ANALYZERS,),
    where="region",
)
class Outsiders:
    """Every active finding of the analyzers that stand in the account and region."""

    def list(self, session: Session) -> Iterator[Item]:
        """Elements of `ListFindingsV2`, with the analyzer that they are of; no call where none covers the account."""
        if looks(session, ANALYZERS, KIND) is False:
            return
        for analyzer in session.pages("accessanalyzer.ListAnalyzers", "analyzers"):
            if text(analyzer, "type") not in OF_OUTSIDE or text(analyzer, "status") != "ACTIVE":
                continue
            arn = analyzer["arn"]
            findings = session.pages(
                "accessanalyzer.ListFindingsV2", "findings", analyzerArn=arn, filter={"status": {"eq": ["ACTIVE"]}}
            )
            yield from ({**one, "analyzerArn": arn} for one in findings)

    def describe(self, session: Session, item: Item) -> Finding:
        """No call."""
        return Finding(
            id=f"{item['analyzerArn']}/finding/{item['id']}", provider="aws", account=session.account, region=session.region,
            kind="foreign access", name=text(item, "resourceType"), managed_by="customer", first_seen=instant(item, "createdAt"),
            subject=text(item, "resource"),
        )  # fmt: skip
