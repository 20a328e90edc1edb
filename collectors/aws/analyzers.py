"""IAM Access Analyzer in one account and region: whether access from outside is analyzed, by its own analyzer or by the organisation's.

The organisation's analyzer stands in the management account, or in the account to which the organisation has delegated it, and covers every
account in its region.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from collectors.aws.elements import text
from collectors.aws.elsewhere import OrganizationSession
from collectors.aws.watches import places, watch
from collectors.collector import Item, collector
from collectors.watching import Watch

KIND = "access analysis"
PRINCIPAL = "access-analyzer.amazonaws.com"
OPERATION = "accessanalyzer.ListAnalyzers"


@collector(
    "aws.analyzers",
    sees=Watch,
    kinds=(KIND,),
    learns=("enabled",),
    moves=("lastResourceAnalyzed", "lastResourceAnalyzedAt"),
    redacts=("Email", "Name"),
    grants=("access-analyzer:ListAnalyzers", "organizations:ListDelegatedAdministrators"),
    where="region",
)
class Analyzers:
    """The analysis of the cell, once."""

    def list(self, session: OrganizationSession) -> Iterator[Item]:
        """One item."""
        return places(session, KIND)

    def describe(self, session: OrganizationSession, item: Item) -> Watch:  # noqa: ARG002 - the item is the cell
        """One call, and one more for each region in the whole organisation where the account has no analyzer of its own."""
        own = active(session.elsewhere(session.account, OPERATION, "analyzers"), ("ACCOUNT", "ORGANIZATION"))
        return watch(session, "access-analyzer", KIND, enabled=own or covered(session, own=own))


def active(answer: Mapping[str, Any] | None, kinds: tuple[str, ...]) -> bool | None:
    """Some analyzer of external access, of those types, is at work; those of unused or internal access look for something else."""
    if answer is None:
        return None
    return any(text(one, "type") in kinds and text(one, "status") == "ACTIVE" for one in answer["analyzers"])


def covered(session: OrganizationSession, *, own: bool | None) -> bool | None:
    """An analyzer of the organisation covers the cell; `own` is what the account's own listing says."""
    accounts = administrators(session)
    if accounts is None:
        return None
    found = [own]
    for account in accounts:
        found.append(active(session.elsewhere(account, OPERATION, "analyzers"), ("ORGANIZATION",)))
        if found[-1]:
            return True
    return None if None in found else False


def administrators(session: OrganizationSession) -> tuple[str, ...] | None:
    """Accounts in which an analyzer of the organisation may stand, but for the session's own."""
    if session.management_account is None:
        return ()
    answer = session.elsewhere(
        session.management_account, "organizations.ListDelegatedAdministrators", "DelegatedAdministrators",
        region="global", ServicePrincipal=PRINCIPAL,
    )  # fmt: skip
    if answer is None:
        return None
    delegated = [one["Id"] for one in answer["DelegatedAdministrators"]]
    return tuple(one for one in (session.management_account, *delegated) if one != session.account)
