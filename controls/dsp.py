"""Data security and privacy lifecycle management (DSP): what keeps data from strangers, in its place, and for no longer than needed."""

from collectors.resource import Account, DataStore
from collectors.watching import Guardrail, LogStore, Watch
from controls.check import check, part
from controls.verdict import Verdict, failed, holds, passed, unknown

SENSITIVE = "which data is sensitive, and its protection in the other stages of its life"


@check(
    part("CCM:4.1:DSP-17", f"{SENSITIVE}; single objects and shares to named strangers"),
    judges=DataStore,
    kinds=(
        "object store",
        "snapshot",
        "image",
        "database",
        "database snapshot",
        "dataset",
        "warehouse",
        "search index",
        "file share",
        "cache",
        "queue",
        "topic",
        "stream",
    ),
    severity="critical",
    remediation=(
        "AWS: block public access on the bucket (s3:PutBucketPublicAccessBlock) and remove the policy or ACL that grants everybody; make "
        "the snapshot or image private; set the database's PubliclyAccessible to false; let no policy of a queue, topic, stream, search "
        "domain or file system allow everybody. "
        "Google Cloud: remove allUsers and allAuthenticatedUsers from the IAM policy or access list and enforce public access prevention; "
        "take 0.0.0.0/0 out of the instance's authorised networks. "
        "Azure: disallow blob public access on the storage account, end the snapshot's export, and take the rules for every address or all "
        "of Azure off the database's firewall."
    ),
)
def data_stores_are_not_public(store: DataStore) -> Verdict:
    """No data store is open to everybody.

    Most leaks of cloud data are a store that anybody may read. The check reads whether the policy, access list and public access block of
    a bucket, dataset, queue, topic, stream, search index or file share together let everybody in, whether everybody may restore a snapshot
    or start from an image, and whether a database or warehouse is set to have a public address. It does not see a firewall that may still
    stand before the database, access through an application in front of a store, or which data is meant to be public: that is an approved
    exception's to say.
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


@check(
    part("CCM:4.1:DSP-17", f"{SENSITIVE}; shares by other ways than the store's own policy"),
    part(
        "CCM:4.1:DSP-10",
        "which data is personal or sensitive, other ways of transfer, and whether a transfer is lawful",
    ),
    judges=DataStore,
    kinds=(
        "object store",
        "snapshot",
        "image",
        "database snapshot",
        "table",
        "search index",
        "queue",
        "topic",
        "stream",
    ),
    severity="medium",
    remediation=(
        "AWS: take the other account out of the bucket's policy or access list, or out of the snapshot's attributes; share through a role "
        "in our own account instead. "
        "Google Cloud: take principals of strangers out of the bucket's IAM policy. "
        "Azure: end the snapshot's export and the account's stored access policies; share through our own directory."
    ),
)
def data_is_not_shared_with_strangers(store: DataStore) -> Verdict:
    """Data stores are shared with no account but their own.

    A share outlives the reason for which it was made. The check reads which accounts outside of its own each store names in its policy or
    attributes, those of our own organisation too: a share that is meant is an approved exception. It does not see what is read through a
    role.
    """
    if store.foreign_access is None:
        return unknown("not learned with whom it is shared")
    return holds(not store.foreign_access, f"shared with {', '.join(sorted(store.foreign_access))}")


@check(
    part("CCM:4.1:I&S-06", "how tenants and environments are kept apart, and everything that is no database"),
    part("CCM:4.1:DSP-17", f"{SENSITIVE}; who may sign in to the database"),
    judges=DataStore,
    kinds=("database", "warehouse", "search index"),
    severity="high",
    remediation=(
        "AWS: place the database, warehouse or search domain in private subnets and set PubliclyAccessible to false. "
        "Google Cloud: give the instance a private address only (Private Service Connect or private services access). "
        "Azure: set publicNetworkAccess to Disabled, and reach it through a private endpoint."
    ),
)
def databases_are_private(database: DataStore) -> Verdict:
    """Databases can be reached from private networks only.

    A database needs no stranger's connection, however well its password is chosen. The check reads whether each database,
    warehouse and search index can be reached from private networks only, by its settings. It does not see who is in those networks.
    """
    return holds(database.private_only, "can be reached from outside of private networks")


@check(
    part(
        "CCM:4.1:DSP-03", "data in stores that it does not read, where data flows, and whether the inventory is kept up"
    ),
    part("CCM:4.1:DSP-04", "the scheme of classes, and what is done with what is found"),
    judges=Watch,
    kinds=("data discovery",),
    severity="low",
    remediation=(
        "AWS: enable Macie with automated sensitive data discovery in the region. "
        "Google Cloud: make a discovery scan configuration of Sensitive Data Protection for the organisation or project. "
        "Azure: switch on sensitive data discovery in the plans Defender CSPM or Defender for Storage."
    ),
)
def sensitive_data_is_looked_for(watch: Watch) -> Verdict:
    """The provider's search for sensitive data is on.

    Personal data turns up where nobody put it on purpose. The check reads whether the cloud's own search for sensitive data is on in each
    account and region. It does not see which stores it reads or what it finds. It prevents no loss of data, on endpoints or elsewhere.
    """
    return holds(watch.enabled, "nothing looks for sensitive data")


@check(
    part("CCM:4.1:DSP-16", "how long data must and may be kept by law and contract, and data in other kinds of store"),
    judges=DataStore,
    kinds=("object store",),
    severity="low",
    remediation=(
        "AWS: give the bucket a lifecycle rule that expires objects, and old versions. "
        "Google Cloud: give the bucket a lifecycle rule with the action Delete. "
        "Azure: give the storage account a lifecycle management policy that deletes old blobs."
    ),
)
def data_is_deleted_in_time(store: DataStore) -> Verdict:
    """Object stores delete what has become old.

    What is no longer there cannot leak. The check reads whether a lifecycle rule of each object store deletes what has become old. It does
    not see whether its time is the right one; a store that must keep for ever is an approved exception.
    """
    return holds(store.content_expires, "keeps everything without end")


@check(
    part(
        "CCM:4.1:DSP-16", "how long records must and may be kept by law and contract, and data in other kinds of store"
    ),
    judges=LogStore,
    severity="low",
    remediation=(
        "AWS: set a retention on the log group (logs:PutRetentionPolicy). "
        "Google Cloud: set a retention on the log bucket. "
        "Azure: set the total retention of the workspace's tables."
    ),
)
def logs_are_deleted_in_time(store: LogStore) -> Verdict:
    """Log stores delete what has become old.

    Logs name people; nobody may keep that without end. The check reads whether the provider deletes records of each log store after some
    time. It does not see whether the time is the right one: `logs_are_kept` asks that it is long enough.
    """
    if store.retention_days is None:
        return unknown("retention not learned")
    return failed("keeps records without end") if store.retention_days == 0 else passed()


@check(
    part(
        "CCM:4.1:DSP-19",
        "which data lies where, services without a region, where it is processed, and what was agreed with customers",
    ),
    judges=Guardrail,
    severity="medium",
    remediation=(
        "AWS: attach a service control policy that denies requests for other regions (aws:RequestedRegion). "
        "Google Cloud: enforce the organisation policy gcp.resourceLocations with the locations that were agreed. "
        'Azure: assign the policy "Allowed locations" to the subscription or its management group.'
    ),
)
def data_stays_in_chosen_regions(guardrail: Guardrail) -> Verdict:
    """Nothing can be made outside of chosen regions.

    Where data lies decides whose law holds. The check reads whether a policy from above each account limits in which regions anybody can
    make resources. It does not see which regions are chosen, or what was made before.
    """
    return holds(guardrail.regions_limited, "resources can be made in every region")
