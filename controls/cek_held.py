"""Cryptography, encryption and key management (CEK), whose key: over logs, secrets and backups, which are no data stores of their own."""

from collectors.serving import Secret
from collectors.watching import LogStore, Vault
from controls.check import check, part
from controls.verdict import Verdict, failed, passed, unknown

OFFERED = "whether our own customers are offered keys of theirs: what lies under a key of ours is only what such an offer needs"


def ours(held_by: str | None) -> Verdict:
    """The key is one that we control."""
    if held_by is None:
        return unknown("not learned whose key encrypts it")
    return passed() if held_by == "customer" else failed("encrypted under the provider's key")


@check(
    part("CCM:4.1:CEK-08", OFFERED),
    part("CCM:4.1:LOG-02", "other logs, how long they are kept, and who may use the key"),
    judges=LogStore,
    severity="low",
    remediation=(
        "AWS: give the log group a key of KMS of your own (logs:AssociateKmsKey). "
        "Google Cloud: make the log bucket with a Cloud KMS key (CMEK); it cannot be given one later. "
        "Azure: link the workspace to a dedicated cluster that has a customer-managed key."
    ),
)
def logs_are_under_our_keys(store: LogStore) -> Verdict:
    """Logs are encrypted under keys that we control.

    Logs tell what data and people do; a key of our own can be withdrawn from all copies at once, the cloud's can not. The check reads
    whose key encrypts each log store. It does not see who may use the key.
    """
    return ours(store.key_held_by)


@check(
    part("CCM:4.1:CEK-08", OFFERED),
    part("CCM:4.1:IAM-14", "credentials that lie elsewhere, and how a secret is handed over and changed"),
    judges=Secret,
    severity="low",
    remediation=(
        "AWS: encrypt the secret under a key of KMS of your own (secretsmanager:UpdateSecret, KmsKeyId). "
        "Google Cloud: make the secret with a Cloud KMS key (CMEK) in each place where it is kept."
    ),
)
def secrets_are_under_our_keys(secret: Secret) -> Verdict:
    """Secrets are encrypted under keys that we control.

    Who reads a secret under a key of our own needs two rights, and both are ours to withdraw. The check reads whose key encrypts each
    secret. It does not see who may use the key.
    """
    return ours(secret.key_held_by)


@check(
    part("CCM:4.1:CEK-08", OFFERED),
    part("CCM:4.1:BCR-08", "whether everything is backed up, whether a backup is complete, and who may use the key"),
    judges=Vault,
    severity="low",
    remediation=(
        "AWS: make a vault with a key of KMS of your own and let the plan write there; a vault's key cannot be changed. "
        "Google Cloud: make the backup vault with a Cloud KMS key (CMEK). "
        "Azure: set a customer-managed key in the vault's encryption settings, before anything is protected in it."
    ),
)
def backups_are_under_our_keys(vault: Vault) -> Verdict:
    """Backups are encrypted under keys that we control.

    A backup holds everything that the original held, for longer. The check reads whose key encrypts each vault of backups; those that a
    vault takes over under their original's key may be under another. It does not see who may use the key.
    """
    return ours(vault.key_held_by)
