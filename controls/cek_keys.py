"""Cryptography, encryption and key management (CEK), the second half: keys and certificates over their lives."""

import re
from datetime import datetime, timedelta

from collectors.resource import FAR, Key
from collectors.serving import Certificate
from controls.ages import lasts
from controls.check import check, part
from controls.labels import OWNERS, names
from controls.verdict import Outcome, Verdict, failed, holds, not_applicable, passed, unknown

OUTSIDE = "keys outside of the cloud's key service"
SIZED = re.compile(r"(AES|HMAC|EC|RSA)-(?:P|SECP)?(\d+)(?:\D.*)?")
LEAST = {"AES": 128, "HMAC": 224, "EC": 224}
"""Bits from which a family is strong; for RSA a parameter says it."""
NAMED = ("ED25519", "ED448", "X25519", "SM2", "SM4", "CHACHA20", "ML-KEM", "ML-DSA", "SLH-DSA")
"""Families of which every size is strong."""


def strong(algorithm: str, *, min_rsa_bits: int) -> bool:
    """A family that is known to be strong, in a size that is. A word that is not known is not strong."""
    word = algorithm.upper()
    sized = SIZED.fullmatch(word)
    if sized is None:
        return word.startswith(NAMED)
    family, bits = sized.groups()
    return int(bits) >= LEAST.get(family, min_rsa_bits)


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


@check(
    part("CCM:4.1:CEK-04", f"how algorithms were chosen for the data and its risk, modes and padding; {OUTSIDE}"),
    part("CCM:4.1:CEK-10", f"the library and the randomness that a key was made with; {OUTSIDE}"),
    judges=Key,
    severity="high",
    remediation=(
        "AWS: make a new key of a strong specification (SYMMETRIC_DEFAULT, RSA_2048 or more, ECC_NIST_P256 or more) and encrypt anew. "
        "Google Cloud: make a key version with a strong algorithm, make it the primary one and encrypt or sign anew. "
        "Azure: make a key of RSA 2048 bits or more, or of the curve P-256 or larger, and change to it."
    ),
    metric="CEK-04-M1",
)
def keys_use_strong_algorithms(key: Key, *, min_rsa_bits: int = 2048) -> Verdict:
    """Keys are of strong algorithms and sizes.

    What a weak key protects can be computed open. The check compares each key's family and size with what is known to be strong: AES
    from 128 bits, RSA from `min_rsa_bits`, curves and HMAC from 224 bits, Edwards curves and the post-quantum families; a word that it
    does not know fails. It does not see modes, padding or how a caller uses the key.
    """
    if key.algorithm is None:
        return unknown("algorithm not learned")
    return holds(strong(key.algorithm, min_rsa_bits=min_rsa_bits), f"{key.algorithm} is not known to be strong")


@check(
    part(
        "CCM:4.1:CEK-10",
        f"the certificate of the module and its randomness, which are the provider's own evidence; {OUTSIDE}",
    ),
    judges=Key,
    severity="low",
    remediation=(
        "AWS: keys of KMS are made in hardware; move keys with imported material to ones that KMS or CloudHSM made. "
        "Google Cloud: make the key with the protection level HSM, and change to it. "
        "Azure: make the key as RSA-HSM or EC-HSM in a premium vault or a managed HSM, and change to it."
    ),
)
def keys_are_made_in_hardware(key: Key) -> Verdict:
    """Keys are made and kept in hardware security modules.

    A key that never leaves its module cannot be copied by whoever reads a machine's memory. The check reads whether the key service
    says that the key is held in hardware. It does not see the module's certificate, nor what became of material that was imported.
    """
    return holds(key.hardware_held, "not held in a hardware security module")


@check(
    part(
        "CCM:4.1:CEK-17",
        f"whether the date was chosen well, keys without one, and certificates of other issuers; {OUTSIDE}",
    ),
    judges=Key,
    severity="medium",
    remediation=(
        "AWS: import new material before the old one ends, or disable the key (kms:DisableKey). "
        "Google Cloud: disable or destroy the version of the key whose time is over. "
        "Azure: disable the key's expired version (enabled false), or rotate it and set a new expiry."
    ),
)
def expired_keys_are_disabled(key: Key, *, now: datetime) -> Verdict:
    """No key is enabled past its end.

    An end date says from when a key shall no longer be trusted; somebody must act on it. The check compares the end of each enabled
    key, or of its imported material, with the day of the sweep. It does not speak of keys without an end, and does not see whether data
    is still encrypted under one.
    """
    if key.state not in {None, "enabled"}:
        return not_applicable(f"not in use: {key.state}")
    if key.expires == FAR:
        return not_applicable("has no end")
    if key.state is None or key.expires is None:
        return unknown("state or end not learned")
    return lasts(key.expires, now=now, what="its time")


@check(
    part("CCM:4.1:CEK-14", f"whether a destruction was decided, lawful and complete; {OUTSIDE}"),
    part(
        "CCM:4.1:CEK-20",
        f"the assessment of the risk of losing keys or exposing them, and whether a recovery works; {OUTSIDE}",
    ),
    judges=Key,
    severity="medium",
    remediation=(
        "AWS: KMS waits 7 to 30 days; schedule deletions with a waiting period of at least a week (PendingWindowInDays). "
        "Google Cloud: make the key with a destroy scheduled duration of at least a week; it cannot be changed later. "
        "Azure: switch on soft delete with at least a week, and purge protection, of the vault."
    ),
)
def deleted_keys_can_be_recovered(key: Key, *, min_days: int = 7) -> Verdict:
    """A deleted key can be called back for at least a week.

    With a key everything that it encrypts is lost, backups too; a week is what it takes to notice. The check compares the days in which
    a deletion can be undone with `min_days`. It does not see whether anybody would notice, or whether a recovery was ever tried.
    """
    if key.recoverable_days is None:
        return unknown("not learned whether a deletion can be undone")
    return holds(
        key.recoverable_days >= min_days,
        f"a deletion can be undone for {key.recoverable_days} days; at least {min_days} are wanted",
    )


@check(
    part(
        "CCM:4.1:CEK-11",
        f"whether the purpose is the one that was agreed, and several data sets under one key; {OUTSIDE}",
    ),
    judges=Key,
    severity="low",
    remediation=(
        "AWS: a key of KMS has one usage; make one key for each purpose. "
        "Google Cloud: a key has one purpose; make one key for each. "
        "Azure: limit the key's permitted operations (key_ops) to encrypt, decrypt, wrapKey and unwrapKey, or to sign and verify."
    ),
)
def keys_serve_one_purpose(key: Key) -> Verdict:
    """Each key can be used for one purpose only.

    A key that both signs and encrypts lets a weakness of one use break the other. The check reads whether the key service limits each
    key to one purpose. It does not see what is encrypted or signed under it.
    """
    return holds(key.single_purpose, "can be used for several purposes")


@check(
    part(
        "CCM:4.1:CEK-21",
        f"whether what the tag says is true, the status of materials other than keys, and changes of it; {OUTSIDE}",
    ),
    judges=Key,
    severity="low",
    remediation=(
        "AWS: tag the key with its owner or team (kms:TagResource). "
        "Google Cloud: label the key with its owner or team. "
        "Azure: tag the key, or its vault, with its owner or team."
    ),
)
def keys_name_an_owner(key: Key) -> Verdict:
    """Each key says who answers for it.

    Nobody dares to rotate or withdraw a key of which nobody knows whose it is. The check looks for a tag or label that names an owner,
    a team, a contact, a cost centre or a service. It does not see whether its value is true or still so.
    """
    return names(key.tags, OWNERS, otherwise="no tag names an owner")


@check(
    part(
        "CCM:4.1:CEK-17",
        "keys without a certificate, certificates that are kept elsewhere, and what is done when one has ended",
    ),
    part("CCM:4.1:IPY-03", "interfaces whose certificates are kept elsewhere; protocol versions and cipher suites"),
    judges=Certificate,
    severity="high",
    remediation=(
        "AWS: let ACM issue the certificate, validated by DNS, so that it renews by itself; else import a new one (acm:ImportCertificate). "
        "Google Cloud: use a Google-managed certificate; else upload a new one and attach it. "
        "Azure: let the vault renew the certificate with its issuer (a lifetime action AutoRenew); else import a new version."
    ),
)
def certificates_do_not_run_out(certificate: Certificate, *, now: datetime, min_days: int = 30) -> Verdict:
    """Certificates renew by themselves, or have a month to go.

    A certificate that runs out stops a service at an hour that was known a year before. The check compares the end of each
    certificate with the day of the sweep, and of each that does not renew by itself with `min_days` more. It does not see certificates
    outside of the provider's stores, or whether a renewal will succeed.
    """
    lead = timedelta(0) if certificate.renews else timedelta(days=min_days)
    stands = lasts(certificate.expires, now=now, what="its time", ahead=lead)
    if certificate.expires is None or certificate.renews is not None or stands.outcome is not Outcome.FAILED:
        return stands
    if now < certificate.expires:
        return unknown("not learned whether it renews by itself", holds_until=certificate.expires)
    return stands


@check(
    part("CCM:4.1:CEK-04", "keys without a certificate, cipher suites, and certificates that are kept elsewhere"),
    judges=Certificate,
    severity="high",
    remediation=(
        "AWS: request or import a certificate with a key of RSA 2048 bits or P-256 or more, and change the endpoints to it. "
        "Google Cloud: create the certificate anew with such a key, and attach it to the target proxy. "
        "Azure: issue a new version of the certificate with such a key (keyProperties), and bind it."
    ),
)
def certificates_use_strong_keys(certificate: Certificate, *, min_rsa_bits: int = 2048) -> Verdict:
    """Certificates are of strong keys.

    Whoever computes the key of a certificate is the service, for everybody who calls. The check compares family and size of each
    certificate's key as `keys_use_strong_algorithms` does. It does not see how it was signed, or where its private key lies.
    """
    if certificate.algorithm is None:
        return unknown("algorithm not learned")
    return holds(
        strong(certificate.algorithm, min_rsa_bits=min_rsa_bits), f"{certificate.algorithm} is not known to be strong"
    )
