"""Identity and access (IAM), of rights that nobody uses: what the provider's own analysis found, and for how long it lies about."""

from datetime import datetime, timedelta

from collectors.watching import Finding
from controls.ages import taken_up
from controls.check import check, part
from controls.verdict import Verdict


@check(
    part(
        "CCM:4.1:IAM-08",
        "the review of rights by a person, its interval and its record; rights that are used and not needed",
    ),
    part("CCM:4.1:IAM-05", "rights that are used and not needed, and accounts that no analyzer looks at"),
    judges=Finding,
    kinds=("unused access",),
    severity="medium",
    remediation=(
        "AWS: remove the role, key, password or actions that the finding of Access Analyzer names, or archive the finding with the reason "
        "why they are kept."
    ),
    observes="effect",
)
def unused_access_is_taken_up(finding: Finding, *, now: datetime, max_open_days: int = 90) -> Verdict:
    """No right that nobody uses stays for three months without a decision.

    What nobody uses nobody misses, but for whoever steals it. The check compares, for each open finding of unused access, the time since
    it was first seen with `max_open_days`. It does not see whether anything looks for it everywhere, or whether the decision was right.
    """
    return taken_up(finding.first_seen, within=timedelta(days=max_open_days), now=now, what="open")
