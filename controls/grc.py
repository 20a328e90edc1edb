"""Governance, risk and compliance (GRC), as far as a cloud's own settings show it: exemptions from policy come to an end."""

from datetime import datetime, timedelta

from collectors.resource import FAR
from collectors.terms import Exemption
from controls.check import check, part
from controls.verdict import Verdict, failed, not_applicable, passed, unknown


@check(
    part(
        "CCM:4.1:GRC-04",
        "who asked for an exception, who approved it and why, and exceptions from policies that are no setting of a cloud",
    ),
    judges=Exemption,
    severity="medium",
    remediation="Azure: give the policy exemption an end within a year (expiresOn), or delete it.",
)
def exemptions_end(exemption: Exemption, *, now: datetime, max_days: int = 366) -> Verdict:
    """Each exemption from a policy of the cloud ends within a year.

    What is let off for ever is no exception any more but another policy, which nobody approved. The check reads whether each exemption that
    the cloud keeps from its policies ends by itself, and not later than `max_days` from now: whoever needs it for longer looks at it again.
    It does not see whether somebody approved it, or why.
    """
    if exemption.ends is None:
        return unknown("not learned when it ends")
    if exemption.ends == FAR:
        return failed("has no end")
    if exemption.ends <= now:
        return not_applicable(f"ended on {exemption.ends:%Y-%m-%d}")
    soon = exemption.ends - timedelta(days=max_days)
    if now < soon:
        return failed(f"ends on {exemption.ends:%Y-%m-%d}, in more than {max_days} days", holds_until=soon)
    return passed(holds_until=exemption.ends)
