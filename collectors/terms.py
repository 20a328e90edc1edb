"""Terms: how people must sign in, what a device must be before somebody may come in from it, and whom a policy lets off.

The rules of `collectors.resource` hold: `None` is not learned, absence is said, readings are named as such.
"""

from datetime import datetime
from typing import ClassVar

from collectors.resource import Resource


class Directory(Resource, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where people of the organisation sign in, as its own policies have it; kind `directory`."""

    shared: ClassVar[bool] = True

    mfa_demanded: bool | None = None
    """Everybody needs a second factor, by policy."""
    legacy_sign_ins_refused: bool | None = None
    """Ways to sign in that know no second factor are closed to everybody."""
    administrators: int | None = None
    """How many hold its highest role all the time."""


class DeviceRule(Resource, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is demanded of people's devices; kind `device rule` (an access level, a compliance policy that speaks of devices)."""

    shared: ClassVar[bool] = True

    screen_locks: bool | None = None
    """Only a device whose screen locks by itself, or behind a password, meets it."""
    storage_encrypted: bool | None = None
    """Only a device whose storage is encrypted meets it."""


class Exemption(Resource, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a policy of the cloud lets off, by the cloud's own record; kind `policy exemption`."""

    shared: ClassVar[bool] = True

    ends: datetime | None = None
    """When it ends by itself; `FAR` where it never does."""
    policy: str | None = None
    """The provider's id of what is not applied."""
    scope: str | None = None
    """The provider's id of what it is not applied to, with all that lies in it."""
    mitigated: bool | None = None
    """The policy's aim is said to be met in another way; `False` where the risk is borne."""
