"""Security incident management (SEF): whether news of an incident reaches the people who must act on it, and they do."""

from datetime import datetime, timedelta

from collectors.resource import Account
from collectors.watching import Finding
from controls.ages import taken_up
from controls.check import check, part
from controls.verdict import Outcome, Verdict, holds, passed, unknown


@check(
    part(
        "CCM:4.1:SEF-08",
        "whether anybody reads what arrives, every other supplier, and the notifications that the provider itself must give",
    ),
    judges=Account,
    severity="medium",
    remediation=(
        "AWS: register a security contact that a team reads (account:PutAlternateContact, type SECURITY). "
        "Google Cloud: add an essential contact for the category SECURITY to the organisation. "
        "Azure: set an e-mail address of a team as security contact in Defender for Cloud."
    ),
)
def security_contact_is_registered(account: Account) -> Verdict:
    """The cloud provider knows whom to tell of a security incident.

    A breach in the supply chain can only be passed on if the news of it arrives. The check reads that a security contact is
    registered with the cloud provider; the contact itself is never kept. It does not see who reads it. It is no claim on contacts
    at authorities, which a register must show.
    """
    return holds(account.security_contact, "no security contact is registered")


@check(
    part(
        "CCM:4.1:SEF-05",
        "which other metrics were set and who watches them: the share of each cycle that is taken up in time is one",
    ),
    part("CCM:4.1:SEF-06", "how an event is triaged, and events that no detector of the cloud finds"),
    part("CCM:4.1:SEF-07", "how an incident is handled after it was taken up, and its record"),
    part("CCM:4.1:LOG-05", "what is typical for the service, and whether the response is the right one"),
    part("CCM:4.1:TVM-10", "threats that no detector of the cloud knows, and whether the response is the right one"),
    judges=Finding,
    kinds=("threat",),
    severity="high",
    remediation=(
        "AWS: look into the finding; set its workflow status in Security Hub to NOTIFIED while somebody does, archive it when it is done. "
        "Google Cloud: look into the finding; mark it (security marks, a case) while somebody does, set it inactive when it is done. "
        "Azure: look into the alert; set it to in progress while somebody does, and to resolved or dismissed when it is done."
    ),
    metric="SEF-06-M1",
    observes="effect",
)
def threats_are_taken_up(
    finding: Finding,
    *,
    now: datetime,
    critical_days: int = 1,
    high_days: int = 3,
    medium_days: int = 14,
    low_days: int = 30,
) -> Verdict:
    """No threat waits longer than its severity allows until somebody takes it up.

    An intruder needs hours. The check compares, for each open finding of the cloud's threat detection that nobody has taken up by the
    provider's own record, the time since it was first seen with the days that its severity allows. It does not see what is done in another
    tool, or findings that are closed.
    """
    if finding.in_progress:
        return passed("somebody has taken it up")
    if finding.severity is None:
        return unknown("severity not learned")
    days = {"critical": critical_days, "high": high_days, "medium": medium_days, "low": low_days}[finding.severity]
    waits = taken_up(
        finding.first_seen, within=timedelta(days=days), now=now, what=f"{finding.severity}, taken up by nobody"
    )
    if finding.in_progress is None and waits.outcome is Outcome.FAILED:
        return unknown("not learned whether somebody has taken it up")
    return waits
