"""What a collector sees: one thing in a cloud as a provider-neutral value.

Few, broad types; `kind` tells apart what one check covers together. In every fact `None` means *not learned* (the answer was
denied, malformed, redacted); absence is said: `False`, `"none"`, `()`. A fact that a kind cannot have stays `None`, and checks
name the kinds that they judge. Fields that move by themselves (last used, last delivered) are a collector's `readings`.
"""

from datetime import UTC, datetime
from typing import ClassVar, Literal

import msgspec

FAR = datetime(9999, 12, 31, tzinfo=UTC)
"""Of an end: there is none, or none is announced."""


class Resource(  # `gc=False` as in `collectors.sighting`: a resource is no part of a ring
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="type", tag=True, gc=False
):
    """What every resource says of itself, before its facts."""

    shared: ClassVar[bool] = False
    """True where the type serves every service of its account, so that a service's tag selector does not divide it."""

    id: str
    """The provider's own id: ARN, Cloud Asset name or ARM id; for an account or a region of one, its ARN-like root."""
    provider: str
    """`aws`, `gcp`, `azure`, or a third party's own word."""
    account: str
    """Account, project or subscription id, always a string."""
    region: str
    """The provider's region, or `global`."""
    kind: str
    """One of its collector's declared kinds, in plain words: `volume`, `object store`."""
    name: str | None = None
    tags: dict[str, str] | None = None
    """The provider's tags or labels; `{}` where it says that there are none."""
    managed_by: Literal["customer", "provider"] | None = None
    """From the provider's own marker (a service-linked role, an AWS-managed key); such resources are inherited."""
    created: datetime | None = None


class Account(Resource, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One account, subscription or project: the settings that hold for all of it."""

    shared: ClassVar[bool] = True

    root_mfa: bool | None = None
    """The account's root (or break-glass) user needs a second factor, or cannot sign in at all."""
    root_keys: bool | None = None
    """The root user has long-lived access keys."""
    password_length: int | None = None
    """Least length of a password; 0 where no policy is set."""
    password_reuse_prevented: int | None = None
    """How many earlier passwords are refused; 0 where none are."""
    public_data_blocked: bool | None = None
    """An account-wide block keeps object stores from being made public."""
    security_contact: bool | None = None
    """A security contact is registered (presence only: the contact itself is never kept)."""


class Region(Resource, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One account in one region (`global` where a cloud does not divide by region): the defaults that hold there."""

    shared: ClassVar[bool] = True

    volumes_encrypted_by_default: bool | None = None
    activity_logged: bool | None = None
    """A trail that is logging records the management events of this account in this region."""


class PortRange(msgspec.Struct, frozen=True, kw_only=True, order=True):
    """TCP or UDP ports first..last, both included; protocol `any` means every port of every protocol."""

    protocol: str
    first: int
    last: int


class AccessKey(msgspec.Struct, frozen=True, kw_only=True):
    """A long-lived credential of an identity; never the credential itself."""

    active: bool
    created: datetime | None
    """When it was made or last rotated."""


class Identity(Resource, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Someone or something that signs in: a user, a service account."""

    shared: ClassVar[bool] = True

    console: bool | None = None
    """Can sign in with a password."""
    mfa: bool | None = None
    keys: tuple[AccessKey, ...] | None = None
    last_active: datetime | None = None
    """A reading: the latest use of the password or of any key; `None` with `never_active` unset means not learned."""
    never_active: bool | None = None
    """A reading: the provider says that no credential was ever used."""


class Entitlement(Resource, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one user, group, role or policy may do: the sum of the policies that stand on it."""

    shared: ClassVar[bool] = True

    administrator: bool | None = None
    """Every action on every resource is allowed."""
    wildcards: tuple[str, ...] | None = None
    """Services of which every action on every resource is allowed, sorted; `*` for all."""
    planes: tuple[str, ...] | None = None
    """Which of `data`, `keys`, `logging` it may administer, sorted."""
    foreign_trust: tuple[str, ...] | None = None
    """Accounts outside of the organisation that may assume it; `*` for anybody. `()` for what nobody assumes."""
    foreign_trust_guarded: bool | None = None
    """Each foreign trust asks for an external id (or an equal condition); `None` where there is no foreign trust."""
    granted_directly: bool | None = None
    """A person holds rights in its own name, not through a group or a role that people take."""
    last_used: datetime | None = None
    """A reading: when its rights were last used; `None` with `never_used` unset means not learned."""
    never_used: bool | None = None
    """A reading: the provider says that nobody used them in the time that it looks back."""


class DataStore(Resource, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something that holds data: `object store`, `volume`, `snapshot`, `image`, `database`, `database snapshot`, `dataset`, `table`,
    `warehouse`, `search index`, `file share`, `file server`, `cache`, `memory cache` (nothing at rest), `queue`, `topic`, `stream`."""

    encrypted: bool | None = None
    key_held_by: Literal["none", "provider", "customer"] | None = None
    """Whose key encrypts it: `none`, the provider's own, or one that the customer controls."""
    public: bool | None = None
    """Anybody can reach or read it; for a snapshot, anybody can restore it."""
    foreign_access: tuple[str, ...] | None = None
    """Accounts outside of its own that it is shared with, sorted."""
    transport_encrypted: bool | None = None
    """Refuses connections without TLS."""
    versioned: bool | None = None
    access_logged: bool | None = None
    backup_days: int | None = None
    """How many days of automatic backups are kept; 0 for none."""
    deletion_protected: bool | None = None
    """It, or what was deleted from it, cannot be lost by one call: protection, soft delete, a lock."""
    multi_zone: bool | None = None
    content_expires: bool | None = None
    """A lifecycle rule deletes what has become old."""
    last_backup: datetime | None = None
    """A reading: the latest instant to which it can be brought back; `None` with `never_backed_up` unset means not learned."""
    never_backed_up: bool | None = None
    """A reading: the provider holds nothing from which it could be brought back."""
    private_only: bool | None = None
    """Reachable from private networks only, by its settings."""


class Key(Resource, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An encryption key in a key service; never its material."""

    state: Literal["enabled", "disabled", "pending deletion", "other"] | None = None
    rotatable: bool | None = None
    """The provider can rotate it by itself (symmetric, own material)."""
    rotation_days: int | None = None
    """Days between automatic rotations; 0 where it does not rotate."""
    open_policy: bool | None = None
    """Its policy lets anybody, of any account, use it without a condition."""
    algorithm: str | None = None
    """Family and size in plain words: `AES-256`, `RSA-2048`, `EC-P256`, `HMAC-256`."""
    hardware_held: bool | None = None
    """Made and kept in a hardware security module (of the provider's service or outside)."""
    expires: datetime | None = None
    """When it, or its imported material, ends; `FAR` where it has no end."""
    recoverable_days: int | None = None
    """Days in which a deletion can be undone; 0 for none."""
    single_purpose: bool | None = None
    """It can be used for one purpose only (to encrypt, to sign, or to authenticate), not several."""


class Trail(Resource, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A record of who did what: a trail, a log sink, an activity-log export."""

    shared: ClassVar[bool] = True

    logging: bool | None = None
    multi_region: bool | None = None
    organization: bool | None = None
    management_events: bool | None = None
    """Reads and writes of the control plane are recorded."""
    validated: bool | None = None
    """Its files carry digests that show a later change."""
    key_held_by: Literal["none", "provider", "customer"] | None = None
    delivered: datetime | None = None
    """A reading: when it last delivered to its store."""
    delivery_failing: bool | None = None
    """A reading: the provider reports an error for the latest delivery."""
    store_public: bool | None = None
    """Anybody can read the store to which it delivers."""
    store_access_logged: bool | None = None
    """Reads of that store are themselves recorded."""
    store_locked: bool | None = None
    """Nobody, administrators too, can change or delete there before a time (object lock, locked retention, immutability)."""
    watched: bool | None = None
    """Its records go to where rules look at them (a log group, an event bus, an analytics workspace)."""


class Firewall(Resource, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Rules that let traffic in: a security group, a firewall, a network security group."""

    open_to_world: tuple[PortRange, ...] | None = None
    """What any address on the Internet may reach, sorted."""
    default: bool | None = None
    """The one that the provider attaches where none is named."""
    rules: int | None = None
    """How many rules it has, in and out."""


class Network(Resource, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A private network (`network`), or a part of one (`subnet`)."""

    flow_logged: bool | None = None
    default: bool | None = None
    """The one that the provider makes, not one that somebody designed."""
    in_use: bool | None = None
    """Something is attached to it."""
    names_logged: bool | None = None
    """Look-ups of names from it are recorded."""
    gives_public_addresses: bool | None = None
    """What starts in it gets a public address by itself."""
    environments: tuple[str, ...] | None = None
    """What the machines in it name by their tags, sorted: `production`, `staging`, `test`, `development`, or a word of theirs."""


class Unjudged(Resource, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything of one native type that no collector describes, in one account: counted, so that nothing is dropped in silence."""

    shared: ClassVar[bool] = True

    things: int | None = None
    """How many were seen. A reading."""
