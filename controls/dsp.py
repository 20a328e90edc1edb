"""Data security and privacy lifecycle management (DSP): what keeps data from being read by everybody."""

from collectors.resource import Account, DataStore
from controls.check import check, part
from controls.verdict import Verdict, holds, unknown

SENSITIVE = "which data is sensitive, and its protection in the other stages of its life"


@check(
    part("CCM:4.1:DSP-17", f"{SENSITIVE}; single objects and shares to named strangers"),
    judges=DataStore,
    kinds=("object store", "snapshot", "image", "database", "database snapshot", "dataset"),
    severity="critical",
    remediation=(
        "AWS: block public access on the bucket (s3:PutBucketPublicAccessBlock) and remove the policy or ACL that grants everybody; make "
        "the snapshot private; set the database's PubliclyAccessible to false. "
        "Google Cloud: remove allUsers and allAuthenticatedUsers from the IAM policy or access list and enforce public access prevention; "
        "take 0.0.0.0/0 out of the instance's authorised networks. "
        "Azure: disallow blob public access on the storage account, end the snapshot's export, and take the rules for every address or all "
        "of Azure off the database's firewall."
    ),
)
def data_stores_are_not_public(store: DataStore) -> Verdict:
    """No data store is open to everybody.

    Most leaks of cloud data are a store that anybody may read. The check reads whether a bucket's or dataset's policy, access list
    and public access block together let everybody in, whether everybody may restore a snapshot or start from an image, and whether
    a database is set to have a public address. It does not see a firewall that may still stand before the database, access through
    an application in front of a store, or which data is meant to be public: that is an approved exception's to say.
    """
    if store.public is None:
        return unknown("not learned whether it is public")
    return holds(not store.public, "open to everybody by its settings")


@check(
    part("CCM:4.1:DSP-07", "every other default, and how systems and business practices are designed"),
    part("CCM:4.1:DSP-17", f"{SENSITIVE}; every other kind of store"),
    judges=Account,
    severity="high",
    remediation=(
        "AWS: set all four settings of the account's public access block (s3:PutAccountPublicAccessBlock). "
        "Google Cloud: enforce the organisation policy storage.publicAccessPrevention on the project or above. "
        'Azure: assign the policy "Storage account public access should be disallowed" to the subscription with the effect Deny.'
    ),
)
def account_blocks_public_data(account: Account) -> Verdict:
    """The account keeps every object store from being made public.

    A block for the whole account holds for the bucket that somebody makes tomorrow, whatever its policy says. The check reads that
    the block is there and complete. It does not see other kinds of store, nor data that leaves through an application.
    """
    return holds(account.public_data_blocked, "no complete account-wide block on public object stores")
