"""Identity and access (IAM), of what an account lends to others."""

from collectors.governing import Share
from controls.check import check, part
from controls.verdict import Verdict, failed, passed, unknown


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
