"""Cryptography, encryption and key management (CEK): what is encrypted, and whether its keys turn over and stay."""

from collectors.resource import DataStore, Key, Region
from controls.check import check, part
from controls.verdict import Verdict, failed, holds, not_applicable, passed, unknown

LIBRARIES = "whether the provider's cryptographic libraries are certified is the provider's own evidence"


@check(
    part(
        "CCM:4.1:CEK-03", f"data in use, data inside workloads and kinds of store that no collector reads; {LIBRARIES}"
    ),
    judges=DataStore,
    kinds=("volume", "snapshot", "image", "database", "database snapshot", "dataset", "object store"),
    severity="high",
    remediation=(
        "AWS: copy the volume, snapshot or database snapshot with encryption switched on, restore from the copy and remove the original; "
        "for a bucket set a default encryption (s3:PutEncryptionConfiguration). "
        "Azure: switch on transparent data encryption of the SQL database; the other kinds are always encrypted."
    ),
)
def data_is_encrypted_at_rest(store: DataStore) -> Verdict:
    """Data stores encrypt what they hold.

    Whoever gets hold of a disk, a snapshot or a backup reads what lies on it unless it is encrypted. The check reads the encryption
    setting that the provider reports for each volume, snapshot, database, database snapshot and object store. It does not see
    which algorithm or library does the work, who may use the key, or objects that were written before a bucket's default was set.
    """
    return holds(store.encrypted, "what it holds is not encrypted")


@check(
    part("CCM:4.1:CEK-03", f"data at rest and in use, other interfaces than the object stores' own; {LIBRARIES}"),
    part(
        "CCM:4.1:DSP-10",
        "which data is personal or sensitive, other ways of transfer, and whether a transfer is lawful",
    ),
    part("CCM:4.1:IPY-03", "other interfaces of management, import and export; protocol versions and cipher suites"),
    judges=DataStore,
    kinds=("object store",),
    severity="medium",
    remediation=(
        "AWS: add a bucket policy statement that denies s3:* to every principal when aws:SecureTransport is false. "
        "Google Cloud: enforce the organisation policy storage.secureHttpTransport on the project or above. "
        "Azure: require secure transfer on the storage account (supportsHttpsTrafficOnly)."
    ),
    metric="CEK-03-M3",
)
def object_stores_require_tls(store: DataStore) -> Verdict:
    """Object stores refuse connections without TLS.

    An object store that answers plain HTTP lets anybody on the way read or change what is moved in and out of it. The check reads
    whether the store's own policy denies every request that does not come over TLS. It does not see which TLS versions clients
    choose, nor transfers that take another way than the store's interface.
    """
    return holds(store.transport_encrypted, "connections without TLS are not refused")


@check(
    part(
        "CCM:4.1:CEK-03",
        f"other kinds of store, data in transit and in use; what was made before the default was set; {LIBRARIES}",
    ),
    part("CCM:4.1:DSP-07", "every other default, and how systems and business practices are designed"),
    judges=Region,
    severity="medium",
    remediation="AWS: switch on EBS encryption by default in the region (ec2:EnableEbsEncryptionByDefault).",
)
def volumes_are_encrypted_by_default(region: Region) -> Verdict:
    """New volumes are encrypted without anybody asking for it.

    A default protects the volume that somebody makes in a hurry. The check reads the setting of each account in each enabled
    region. It says nothing of volumes that exist already: `data_is_encrypted_at_rest` judges those one by one.
    """
    return holds(region.volumes_encrypted_by_default, "new volumes are not encrypted by default")


@check(
    part(
        "CCM:4.1:CEK-12",
        "how the cryptoperiod was calculated; keys that the provider cannot rotate (asymmetric, imported, held outside), disabled keys, "
        "and keys outside of the key service",
    ),
    judges=Key,
    severity="medium",
    remediation=(
        "AWS: switch on automatic rotation with a period of at most a year (kms:EnableKeyRotation, RotationPeriodInDays). "
        "Google Cloud: set the key's rotation period to at most 365 days. "
        "Azure: give the key a rotation policy that rotates it at most a year after its creation."
    ),
)
def keys_rotate(key: Key, *, max_days: int = 365) -> Verdict:
    """Keys in use are rotated at least once a year.

    The longer one key encrypts, the more is lost with it. The check reads the automatic rotation of each enabled key that the
    provider is able to rotate, and compares its period with `max_days`. It does not see rotation by hand, and does not speak of
    keys that cannot rotate by themselves or that are not enabled.
    """
    if key.rotatable is False:
        return not_applicable("the provider cannot rotate this key")
    if key.state not in {None, "enabled"}:
        return not_applicable(f"not in use: {key.state}")
    if key.rotatable is None or key.state is None or key.rotation_days is None:
        return unknown("rotation not learned")
    if key.rotation_days == 0:
        return failed("does not rotate")
    if key.rotation_days > max_days:
        return failed(f"rotates every {key.rotation_days} days; at most {max_days}")
    return passed()


@check(
    part(
        "CCM:4.1:CEK-14",
        "whether a destruction was decided and lawful, keys that are already destroyed, and keys outside of the key service",
    ),
    judges=Key,
    severity="high",
    remediation=(
        "AWS: find out what the key still protects; then cancel its deletion (kms:CancelKeyDeletion), or keep the record of who decided "
        "it and why as an approved exception until it is gone. "
        "Google Cloud: restore the key version that is scheduled for destruction, or record the decision in the same way. "
        "Azure: recover the deleted vault before its purge date."
    ),
)
def keys_are_not_about_to_be_lost(key: Key) -> Verdict:
    """No key is waiting for its destruction.

    When a key is destroyed, all that it encrypts is lost with it, the backups too. The check reads each key's state and fails the
    ones that are scheduled for deletion, so that a person looks at each while it can still be called back. It does not see whether
    anything is still encrypted under the key, nor keys that are already gone.
    """
    if key.state is None:
        return unknown("state not learned")
    return failed("scheduled for destruction") if key.state == "pending deletion" else passed()
