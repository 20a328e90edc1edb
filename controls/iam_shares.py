"""Identity and access (IAM), of strangers: what is lent to them, and whether anybody may let them in at all."""

from collectors.governing import Share
from collectors.watching import Guardrail
from controls.check import check, part
from controls.verdict import Verdict, failed, holds, passed, unknown


@check(
    part("CCM:4.1:IAM-15", "every other way in, and whether a lender inside the organisation was meant"),
    part("CCM:4.1:IAM-05", "rights on everything that is not lent, and whether the work needs what is lent"),
    judges=Share,
    severity="high",
    remediation=(
        "AWS: disassociate the outside principals from the resource share, and let it allow none (ram:UpdateResourceShare, "
        "allowExternalPrincipals)."
    ),
)
def shares_stay_in_the_organization(share: Share) -> Verdict:
    """Nothing is lent to accounts outside of the organisation.

    What is lent is used with the rights of somebody whom nobody here employs. The check reads whom outside of the organisation each share
    of resources names. It does not see what the resources are; a partner that is meant is an approved exception.
    """
    if share.foreign_access is None:
        return unknown("not learned whom it is lent to")
    return (
        failed(f"lent to {', '.join(sorted(share.foreign_access))}")
        if share.foreign_access
        else passed("lent to nobody outside")
    )


@check(
    part("CCM:4.1:IAM-15", "access of our own identities, and what the named exceptions may do"),
    part("CCM:4.1:DSP-17", "every other protection of sensitive data, and which data is sensitive"),
    judges=Guardrail,
    severity="medium",
    remediation=(
        "AWS: attach a resource control policy that denies, at least of S3, every principal whose aws:PrincipalOrgID is not ours, but for "
        "AWS's own services and named partners. "
        "Google Cloud: set the organisation policy iam.allowedPolicyMemberDomains to the organisation's own customer id."
    ),
)
def strangers_cannot_be_let_in(guardrail: Guardrail) -> Verdict:
    """Nobody in an account can let identities of other organisations in.

    One careless policy gives data away, unless something above it says that it counts for nothing. The check reads whether a policy from
    above each account keeps identities of others out of what it holds, object stores at least, whatever its own policies say. It does
    not see who may change that policy, nor what named exceptions are for.
    """
    return holds(guardrail.strangers_denied, "its own policies may let anybody in")
