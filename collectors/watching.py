"""What watches, warns, restrains and restores: detectors, alarms, findings, guardrails, stores of logs and of backups.

The rules of `collectors.resource` hold: `None` is not learned, absence is said, readings are named as such.
"""

from datetime import datetime
from typing import ClassVar, Literal

from collectors.resource import Resource


class Watch(Resource, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One way in which a provider's service watches one account in one region (`global` where it does not divide by region).

    There is one for every account, region and kind, be it off: `enabled` says so. Kinds: `threat detection`, `malware protection`,
    `vulnerability scanning`, `configuration recording`, `posture assessment`, `data discovery`, `access analysis`.
    """

    shared: ClassVar[bool] = True

    enabled: bool | None = None
    complete: bool | None = None
    """It looks at all that it can look at there (all resource types, all features that need no agent); `False` where it is off."""
    reported: bool | None = None
    """What it finds goes to somebody by itself: a rule, a topic, a notification or a mail with a receiver."""
    last_seen: datetime | None = None
    """A reading: when it last did its work; `None` with `never_seen` unset means not learned."""
    never_seen: bool | None = None
    """A reading: the provider says that it has not worked yet."""
    coverable: int | None = None
    """A reading: how many things there are for it to look at."""
    covered: int | None = None
    """A reading: how many of them it looks at."""


class Alerting(Resource, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which kinds of administrative acts raise an alarm that reaches somebody, in one account; kind `alarms`."""

    shared: ClassVar[bool] = True

    topics: tuple[str, ...] | None = None
    """Of `audit trails`, `identity`, `keys`, `networks`, `root use`, `sign-in`, `data stores`, `configuration`, sorted."""


class Finding(Resource, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something open that a detector of the provider has found; kinds `vulnerability`, `threat`, `foreign access`, `unused access`."""

    severity: Literal["critical", "high", "medium", "low"] | None = None
    first_seen: datetime | None = None
    fixable: bool | None = None
    """A version or a setting is published that mends it."""
    in_progress: bool | None = None
    """A reading: somebody has taken it up (acknowledged, assigned, in a workflow), by the provider's own record."""
    subject: str | None = None
    """The provider's id of what it was found in."""
    published: datetime | None = None
    """When the vulnerability became public."""


class Guardrail(Resource, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the policies of the organisation withhold from everybody in one account, its administrators too; kind `guardrail`."""

    shared: ClassVar[bool] = True

    regions_limited: bool | None = None
    """Resources can be made in named regions only."""
    audit_protected: bool | None = None
    """Nobody in the account can stop or remove the audit trail."""
    leaving_denied: bool | None = None
    """The account cannot take itself out of the organisation."""
    organization: bool | None = None
    """The account belongs to an organisation whose policies are in force."""
    strangers_denied: bool | None = None
    """Identities of others cannot be let in to what the account keeps, whatever its own policies say; named exceptions may be."""


class LogStore(Resource, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where logs are kept and searched: `log store` (a log group, a log bucket, a workspace)."""

    retention_days: int | None = None
    """Days until the provider deletes a record; 0 where they are kept without end."""
    key_held_by: Literal["none", "provider", "customer"] | None = None
    locked: bool | None = None
    """Its retention cannot be shortened by anybody."""
    masked: bool | None = None
    """What looks like a secret or personal data is masked for its readers."""


class Vault(Resource, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where backups are kept; kind `backup vault`."""

    locked: bool | None = None
    """Backups cannot be deleted before their time, by administrators neither."""
    copied_elsewhere: bool | None = None
    """Its backups are also kept in another region."""
    key_held_by: Literal["none", "provider", "customer"] | None = None
    last_restore: datetime | None = None
    """A reading: when a backup of it was last restored (or restore-tested) with success."""
    never_restored: bool | None = None
    """A reading: the provider knows of no restore in the time that it looks back."""
    failing: bool | None = None
    """A reading: its latest backups ended in an error."""


class Quota(Resource, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A limit of the provider on one account; kind `quota`."""

    shared: ClassVar[bool] = True

    limit: int | None = None
    used: int | None = None
    """A reading."""
