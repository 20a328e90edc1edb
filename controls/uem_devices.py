"""Universal endpoint management (UEM), of people's devices: what they must be before somebody may come in from them."""

from collectors.terms import DeviceRule
from controls.check import check, part
from controls.verdict import Verdict, holds

BOUND = "whose access the rule is bound to, and devices that come in by another way"


@check(
    part("CCM:4.1:UEM-06", f"after how long each screen locks; {BOUND}"),
    judges=DeviceRule,
    severity="medium",
    remediation=(
        "Google Cloud: demand a screen lock in the device policy of the access level (requireScreenlock). "
        "Azure: demand a password, and minutes of inactivity before it is asked for, in the compliance policy."
    ),
)
def devices_lock_their_screens(rule: DeviceRule) -> Verdict:
    """Rules for people's devices let in only those that lock their screens.

    A laptop that is left open is somebody else's a minute later. The check reads whether each rule that demands something of devices
    demands a screen that locks. It does not see whether a rule is bound to anybody's access, or the devices themselves.
    """
    return holds(rule.screen_locks, "lets in devices that do not lock their screens")


@check(
    part("CCM:4.1:UEM-08", f"what else holds data outside of data centres; {BOUND}"),
    judges=DeviceRule,
    severity="medium",
    remediation=(
        "Google Cloud: allow only the encryption status ENCRYPTED in the device policy of the access level (allowedEncryptionStatuses). "
        "Azure: demand encryption of data storage in the compliance policy (storageRequireEncryption or bitLockerEnabled)."
    ),
)
def devices_are_encrypted(rule: DeviceRule) -> Verdict:
    """Rules for people's devices let in only those whose storage is encrypted.

    Whoever finds a lost laptop reads its disk, unless that is encrypted. The check reads whether each rule that demands something of
    devices demands that their storage is encrypted. It does not see whether a rule is bound to anybody's access, or the devices themselves.
    """
    return holds(rule.storage_encrypted, "lets in devices whose storage is not encrypted")
