"""Security incident management (SEF): whether news of an incident can reach the people who must act on it."""

from collectors.resource import Account
from controls.check import check, part
from controls.verdict import Verdict, holds


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
