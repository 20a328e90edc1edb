"""The account itself: its root user, its password policy, its block of public data, its security contact.

A root user that has neither a password nor a key, of an organisation that manages the credentials of its root users, cannot sign in and
cannot make itself a password: no second factor is missing there. AWS says so of the account, and of the organisation in its management
account.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from collectors.aws.elements import arn, flag, number
from collectors.aws.elsewhere import OrganizationSession
from collectors.collector import Item, Session, collector, learned
from collectors.resource import Account

SUMMARY = "iam.GetAccountSummary"
MANAGED = "RootCredentialsManagement"
"""The organisation's feature under which a root user recovers no password."""
UNORGANIZED = (
    "OrganizationNotFoundException",
    "OrganizationNotInAllFeaturesModeException",
    "ServiceAccessNotEnabledException",
)
BLOCKS = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")


@collector(
    "aws.accounts",
    sees=Account,
    kinds=("account",),
    learns=(
        "root_mfa",
        "root_keys",
        "password_length",
        "password_reuse_prevented",
        "public_data_blocked",
        "security_contact",
    ),
    redacts=("EmailAddress", "Name", "PhoneNumber", "Title"),
    grants=(
        "iam:GetAccountSummary",
        "iam:GetAccountPasswordPolicy",
        "iam:ListOrganizationsFeatures",
        "s3:GetAccountPublicAccessBlock",
        "account:GetAlternateContact",
    ),
    where="account",
)
class Accounts:
    """The account, once."""

    def list(self, session: Session) -> Iterator[Item]:
        """One item, made from the cell: that the account is there is known without a call."""
        yield {"AccountId": session.account}

    def describe(self, session: OrganizationSession, item: Item) -> Account:
        """Four calls, each for facts of its own; that for the summary serves the account's quotas too, one for root users serves all."""
        summary = learned(session.elsewhere(session.account, SUMMARY), lambda known: dict(known.get("SummaryMap", {})))
        passwords = session.ask("iam.GetAccountPasswordPolicy", absent=("NoSuchEntity", "NoSuchEntityException"))
        block = session.ask(
            "s3control.GetPublicAccessBlock",
            absent=("NoSuchPublicAccessBlockConfiguration",),
            AccountId=session.account,
        )
        contact = session.ask(
            "account.GetAlternateContact", absent=("ResourceNotFoundException",), AlternateContactType="SECURITY"
        )
        return Account(
            id=arn(session, "iam", "root", region=""), provider="aws", account=session.account, region="global", kind="account",
            name=item["AccountId"], managed_by="customer",
            root_mfa=guarded(session, summary), root_keys=counted(summary, "AccountAccessKeysPresent"),
            password_length=learned(passwords, lambda known: ruled(known, "MinimumPasswordLength")),
            password_reuse_prevented=learned(passwords, reuse_prevented),
            public_data_blocked=learned(block, all_blocked), security_contact=learned(contact, registered),
        )  # fmt: skip


def guarded(session: OrganizationSession, summary: Mapping[str, Any] | None) -> bool | None:
    """The root user needs a second factor, or cannot sign in at all."""
    factor = counted(summary, "AccountMFAEnabled")
    management = session.management_account
    credentials = [counted(summary, name) for name in ("AccountPasswordPresent", "AccountAccessKeysPresent")]
    if factor is not False or credentials != [False, False] or management in {None, session.account}:
        return factor
    assert management is not None
    answer = session.elsewhere(management, "iam.ListOrganizationsFeatures", absent=UNORGANIZED, region="global")
    return None if answer is None else MANAGED in answer.get("EnabledFeatures", ())


def counted(summary: Mapping[str, Any] | None, key: str) -> bool | None:
    """A count of the account summary as yes or no."""
    count = number(summary, key)
    return None if count is None else count > 0


def ruled(answer: Mapping[str, Any], key: str) -> int | None:
    """A number of the password policy; 0 where no policy is set."""
    return number(answer.get("PasswordPolicy"), key) if answer else 0


def reuse_prevented(answer: Mapping[str, Any]) -> int | None:
    """How many passwords are remembered; IAM leaves the field out of a policy that remembers none."""
    policy = answer.get("PasswordPolicy") if answer else {}
    return None if policy is None else number({"PasswordReusePrevention": 0, **policy}, "PasswordReusePrevention")


def all_blocked(answer: Mapping[str, Any]) -> bool | None:
    """All four blocks are on: one that is off lets some public access be made, or stand."""
    flags = [blocks(answer, name) for name in BLOCKS]
    return False if False in flags else None if None in flags else True


def blocks(answer: Mapping[str, Any] | None, name: str) -> bool | None:
    """One of the four blocks, of an account or of a bucket; off where none are configured."""
    if answer is None:
        return None
    return flag(answer.get("PublicAccessBlockConfiguration"), name) if answer else False


def registered(answer: Mapping[str, Any]) -> bool | None:
    """There is a contact; `{}` says that there is none."""
    return ("AlternateContact" in answer or None) if answer else False
