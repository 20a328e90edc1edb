"""What Intune demands of devices before it calls them compliant, platform by platform, through Microsoft Graph.

A device must meet every policy that is assigned to it, and organisations write one for each concern: so one rule here is a platform, with
all of its policies that are assigned to somebody. To whom they are assigned is not read. A tenant without a licence for Intune has a gap.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from collectors.azure.elements import flag, listed, number, some
from collectors.collector import Item, Session, collector
from collectors.terms import DeviceRule

PLATFORM = re.compile(r"#microsoft\.graph\.(windows|mac|ios|android|aosp)\w*CompliancePolicy", re.ASCII)
NAMES = {"windows": "windows", "mac": "macos", "ios": "ios", "android": "android", "aosp": "android"}


@collector(
    "azure.device_rules",
    sees=DeviceRule,
    kinds=("device rule",),
    learns=("screen_locks", "storage_encrypted"),
    moves=("version", "lastModifiedDateTime"),
    redacts=("displayName", "description", "groupId", "target"),
    grants=("DeviceManagementConfiguration.Read.All",),
    where="organization",
)
class DeviceRules:
    """Every platform for which there is a policy."""

    def list(self, session: Session) -> Iterator[Item]:
        """Policies that are assigned, put together by platform; one of a platform that we do not know stands for itself."""
        found = defaultdict(list)
        for policy in session.pages("directory.CompliancePolicies", "value"):
            kind = str(policy.get("@odata.type"))
            known = PLATFORM.fullmatch(kind)
            if policy.get("assignments") != []:
                found[NAMES[known[1]] if known else kind].append(policy)
        return ({"platform": platform, "policies": found[platform]} for platform in sorted(found))

    def describe(self, session: Session, item: Item) -> DeviceRule:
        """The policies tell all."""
        return DeviceRule(
            id=f"/tenants/{session.account}/devicerules/{item['platform'].lower()}", provider="azure", account=session.account,
            region="global", kind="device rule", name=item["platform"], tags={}, managed_by="customer",
            screen_locks=demanded(item, locks), storage_encrypted=demanded(item, encrypts),
        )  # fmt: skip


def demanded(item: Item, asks: Callable[[Mapping[str, Any]], bool | None]) -> bool | None:
    """Some policy of the platform that is known to be assigned asks for it."""
    return some(asks(one) and assigned(one) for one in item["policies"])


def assigned(policy: Mapping[str, Any]) -> bool | None:
    """The policy is for somebody."""
    found = listed(policy, "assignments")
    return None if found is None else bool(found)


def locks(policy: Mapping[str, Any]) -> bool | None:
    """A password is asked for after some minutes without use; phones of Apple call it a passcode."""
    for word in ("password", "passcode"):
        if f"{word}Required" in policy:
            minutes = number(policy, f"{word}MinutesOfInactivityBeforeLock")
            required = flag(policy, f"{word}Required")
            return required and minutes is not None and minutes > 0
    return None


def encrypts(policy: Mapping[str, Any]) -> bool | None:
    """Encryption of storage is asked for; a phone of Apple is encrypted wherever it has a passcode."""
    fields = [name for name in ("storageRequireEncryption", "bitLockerEnabled") if name in policy]
    return some(flag(policy, name) for name in fields) if fields else flag(policy, "passcodeRequired")
