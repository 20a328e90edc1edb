"""Active findings of IAM Access Analyzer: what somebody outside of the account or of the organisation can reach, and what nobody uses.

Findings of an analyzer of the organisation, about any of its accounts, are seen where that analyzer stands. An archived finding is a
decision and is not listed. Access Analyzer does not weigh its findings. Unused access is seen where access from outside is analyzed too.
"""

from collections.abc import Iterator

from collectors.aws.analyzers import KIND
from collectors.aws.elements import instant, text
from collectors.aws.watches import looks
from collectors.collector import Item, Session, collector
from collectors.watching import Finding

ANALYZERS = "aws.analyzers"
FOREIGN, UNUSED = "foreign access", "unused access"
LOOKING_FOR = {
    "ACCOUNT": FOREIGN, "ORGANIZATION": FOREIGN, "ACCOUNT_UNUSED_ACCESS": UNUSED, "ORGANIZATION_UNUSED_ACCESS": UNUSED,
}  # fmt: skip
"""Types of analyzer -> what they look for; those of internal access look for something else."""


@collector(
    "aws.outsiders",
    sees=Finding,
    kinds=(FOREIGN, UNUSED),
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
            kind = LOOKING_FOR.get(text(analyzer, "type") or "")
            if kind is None or text(analyzer, "status") != "ACTIVE":
                continue
            arn = analyzer["arn"]
            findings = session.pages(
                "accessanalyzer.ListFindingsV2", "findings", analyzerArn=arn, filter={"status": {"eq": ["ACTIVE"]}}
            )
            yield from ({**one, "analyzerArn": arn, "kind": kind} for one in findings)

    def describe(self, session: Session, item: Item) -> Finding:
        """No call."""
        return Finding(
            id=f"{item['analyzerArn']}/finding/{item['id']}", provider="aws", account=session.account, region=session.region,
            kind=item["kind"], name=text(item, "resourceType"), managed_by="customer", first_seen=instant(item, "createdAt"),
            subject=text(item, "resource"),
        )  # fmt: skip
