"""Web application firewalls (I&S, TVM, LOG): are their rules of today, do they turn anything away, and is it kept what they find?"""

from collectors.serving import Filter
from controls.check import check, part
from controls.verdict import Verdict, failed, holds, not_applicable, passed, unknown


@check(
    part("CCM:4.1:TVM-05", "every other detection tool, and how soon a new version is taken once it is tested"),
    part("CCM:4.1:I&S-09", "what its own rules find, every other layer, and how an attack is answered"),
    judges=Filter,
    severity="medium",
    remediation=(
        "AWS: let each managed rule group of the web ACL follow its default version, or name a version that is not older. "
        "Google Cloud: use preconfigured rules of the newest stable release of the core rule set. "
        "Azure: assign the newest version of the managed rule set in the firewall policy."
    ),
)
def filter_rules_are_current(firewall: Filter) -> Verdict:
    """Rule sets that somebody else maintains are in use at their current version.

    New attacks get new rules, and a version that was pinned once knows none of them. The check reads whether each rule set of a vendor in
    each web application firewall is at the version that the vendor now gives, or a later one. It does not see rules of one's own.
    """
    if firewall.managed_rules is None:
        return unknown("not learned which versions its rule sets have")
    if firewall.managed_rules == "none":
        return not_applicable("no rule set of a vendor is in use")
    return passed() if firewall.managed_rules == "current" else failed("a rule set is at an outdated version")


@check(
    part("CCM:4.1:I&S-09", "what each rule finds and lets through, every other layer, and how an attack is answered"),
    judges=Filter,
    severity="medium",
    remediation=(
        "AWS: let rules block, and rule groups act as they are written instead of counting (no override to Count). "
        "Google Cloud: take rules of the security policy out of preview. "
        "Azure: switch the firewall policy from Detection to Prevention."
    ),
)
def filters_turn_attacks_away(firewall: Filter) -> Verdict:
    """Web application firewalls block, and do not only count.

    A firewall that only counts looks the same on a drawing. The check reads whether some rule of each web application firewall turns
    requests away. It does not see which, or whether they find what matters here.
    """
    return holds(firewall.blocking, "its rules only count what they find")


@check(
    part("CCM:4.1:LOG-09", "what each record says; records of everything behind the firewall"),
    part("CCM:4.1:LOG-03", "events elsewhere, and whether somebody acts on what it finds"),
    judges=Filter,
    severity="medium",
    remediation=(
        "AWS: switch on logging of the web ACL (wafv2:PutLoggingConfiguration). "
        "Google Cloud: switch on logging of the backend service, and do not set the policy's log level lower. "
        "Azure: give the gateway or Front Door a diagnostic setting with the category of its firewall log."
    ),
)
def filters_are_logged(firewall: Filter) -> Verdict:
    """What web application firewalls find is kept in a log.

    Whoever was turned away comes back by another way. The check reads whether each web application firewall writes what it finds to a
    log. It does not see how long that is kept, or whether anybody reads it.
    """
    return holds(firewall.logged, "what it finds is not kept")
