"""Identity and access (IAM), of the directory in which people sign in: what its own policies demand of everybody."""

from collectors.terms import Directory
from controls.check import check, part
from controls.verdict import Verdict, holds, unknown

OUT = "whom a policy leaves out by name, and people who sign in elsewhere"


@check(
    part("CCM:4.1:IAM-13", f"which second factor is strong enough for what; {OUT}"),
    judges=Directory,
    severity="critical",
    remediation=(
        "Azure: switch on security defaults, or make a policy of conditional access that demands multifactor authentication of all users "
        "for all applications, from wherever they come."
    ),
)
def sign_ins_demand_a_second_factor(directory: Directory) -> Verdict:
    """Nobody signs in without a second factor.

    That somebody has registered a second factor does not say that anybody asks for it. The check reads whether security defaults, or a
    policy for everybody and everything, demand one. It does not see whom a policy leaves out by name: an account for emergencies is one.
    """
    return holds(directory.mfa_demanded, "no policy demands a second factor of everybody")


@check(
    part("CCM:4.1:IAM-13", f"how strong the ways are that remain; {OUT}"),
    part("CCM:4.1:IAM-15", f"what the others may then do; {OUT}"),
    judges=Directory,
    severity="high",
    remediation=(
        "Azure: switch on security defaults, or make a policy of conditional access that blocks Exchange ActiveSync and other clients for "
        "all users."
    ),
)
def legacy_sign_ins_are_refused(directory: Directory) -> Verdict:
    """Ways to sign in that know no second factor are closed.

    Most guessed passwords are tried by protocols of mail that never ask for more. The check reads whether a policy refuses them to
    everybody. It does not see whom it leaves out by name.
    """
    return holds(directory.legacy_sign_ins_refused, "older ways to sign in stay open")


@check(
    part("CCM:4.1:IAM-10", "for how long, by whose approval and for what each of them holds the role"),
    part("CCM:4.1:IAM-05", "every role but the highest, and what it is used for"),
    judges=Directory,
    severity="high",
    remediation="Azure: take the role Global Administrator from all but a few, give narrower roles, and let it be asked for (PIM).",
)
def global_administrators_are_few(directory: Directory, *, max_holders: int = 4) -> Verdict:
    """The directory's highest role is held by few, all the time.

    Whoever holds it can become anybody. The check counts who holds the highest role all the time, and compares with `max_holders`. It does
    not see members of a group that holds it, or who can ask for it when it is needed.
    """
    if directory.administrators is None:
        return unknown("not learned who holds its highest role")
    held = f"{directory.administrators} hold its highest role all the time; at most {max_holders} should"
    return holds(directory.administrators <= max_holders, held)
