"""What runs and what it is reached through: workloads, clusters, endpoints, and the certificates, secrets and images that they use.

The rules of `collectors.resource` hold: `None` is not learned, absence is said, readings are named as such.
"""

from datetime import datetime
from typing import Literal

from collectors.resource import Resource


class Workload(Resource, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something that runs code: `machine`, `machine group`, `function`, `container service`, `web app`, `desktop`."""

    networks: tuple[str, ...] | None = None
    """Ids of the networks that a machine lives in, sorted."""
    public_address: bool | None = None
    """A machine that has an address on the Internet of its own."""
    metadata_guarded: bool | None = None
    """A machine's metadata service (its credentials) answers only requests that a forged one cannot make."""
    boot_verified: bool | None = None
    """A machine that starts only signed software (secure boot)."""
    disks_encrypted: bool | None = None
    """Every disk of the machine, temporary ones too where it has them, is encrypted."""
    central_login: bool | None = None
    """People log in to the machine through the cloud's own identities, not by passwords or keys that lie on it."""
    privileged: bool | None = None
    """The identity that it runs as may administer its account or read all of its data."""
    managed: bool | None = None
    """A reading: the provider's management agent on the machine is in contact."""
    inventoried: bool | None = None
    """A reading: the software on it is reported to an inventory."""
    missing_patches: int | None = None
    """A reading: security updates that are published and not installed."""
    patches_assessed: datetime | None = None
    """A reading: when that was last found out."""
    malware_guarded: bool | None = None
    """A reading: a protection against malware is on it, or looks at its disks, and is at work."""
    runtime_ends: datetime | None = None
    """When the provider's support of its language runtime or platform ends; `FAR` where none is announced or it brings its own."""
    open_to_callers: bool | None = None
    """Anybody on the Internet may call it without saying who they are."""
    transport_encrypted: bool | None = None
    """Refuses, or redirects, callers without TLS."""
    code_verified: bool | None = None
    """Only code or images with a trusted signature are let run."""
    logged: bool | None = None
    """What it writes and who calls it is kept in a log."""
    confined: bool | None = None
    """Its containers have no rights over the machine that they run on: not privileged, none of the machine's own spaces."""
    grows: bool | None = None
    """A group that may become larger by itself than it now is."""
    multi_zone: bool | None = None
    rolls_back: bool | None = None
    """A change of it that fails is undone by itself: what last worked runs again."""
    last_backup: datetime | None = None
    """A reading: the latest instant to which it can be brought back; `None` with `never_backed_up` unset means not learned."""
    never_backed_up: bool | None = None
    """A reading: the provider holds nothing from which it could be brought back."""


class Cluster(Resource, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A Kubernetes cluster that the provider runs; kind `cluster`."""

    api_open: bool | None = None
    """Its API can be reached from any address on the Internet."""
    secrets_encrypted: bool | None = None
    """Its secrets are encrypted once more, under a key of our own."""
    audit_logged: bool | None = None
    """The audit log of its API is kept."""
    version_ends: datetime | None = None
    """When the provider's support of its version ends; `FAR` where it is upgraded by itself."""
    nodes_private: bool | None = None
    """None of its nodes has a public address."""
    traffic_limited: bool | None = None
    """Rules between its workloads (network policies) are in force."""
    workload_identity: bool | None = None
    """Its workloads have identities of their own instead of their node's."""
    images_verified: bool | None = None
    """Only images with a trusted signature or from named places are let run."""
    multi_zone: bool | None = None
    legacy_access: bool | None = None
    """Its API also takes passwords, certificates or accounts of its own, or gives rights by attributes instead of roles."""
    nodes_renewed: bool | None = None
    """The provider upgrades its nodes, or replaces them by newer ones, by itself."""
    nodes_verified: bool | None = None
    """Its nodes start only signed software (secure boot)."""


class Endpoint(Resource, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where callers come in: `load balancer`, `content delivery`, `api`."""

    public: bool | None = None
    """Can be reached from the Internet."""
    transport_encrypted: bool | None = None
    """Plain connections are refused or redirected."""
    oldest_tls: Literal["none", "1.0", "1.1", "1.2", "1.3"] | None = None
    """The oldest version of TLS (or SSL, said as 1.0) that it accepts; `none` where it speaks no TLS."""
    filtered: bool | None = None
    """A web application firewall stands before it."""
    access_logged: bool | None = None
    callers_known: bool | None = None
    """An `api` that asks each caller who it is, on every route."""
    multi_zone: bool | None = None
    deletion_protected: bool | None = None
    """A `load balancer` that cannot be deleted by one call."""


class Filter(Resource, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Rules that look into what callers send before it comes in; kind `web application firewall`."""

    blocking: bool | None = None
    """It turns away what some of its rules find; `False` where all of them only count or tell."""
    managed_rules: Literal["none", "current", "outdated"] | None = None
    """Rule sets in it that the provider or a vendor maintains: all at the version that these now give, some at an older one, or none."""
    logged: bool | None = None
    """What it finds is kept in a log."""


class Certificate(Resource, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A certificate for TLS that the provider keeps, imported or issued; kind `certificate`."""

    expires: datetime | None = None
    renews: bool | None = None
    """The provider renews it by itself in time."""
    algorithm: str | None = None
    """Of its key, as in `Key.algorithm`."""


class Secret(Resource, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A password or token in a secret store; never the secret itself. Kind `secret`."""

    renews: bool | None = None
    """It is changed on a schedule, or whoever changes it is called on one."""
    rotated: datetime | None = None
    """When its newest version was made."""
    expires: datetime | None = None
    """`FAR` where it has no end."""
    open_policy: bool | None = None
    """Its policy lets anybody read it."""
    key_held_by: Literal["none", "provider", "customer"] | None = None


class Registry(Resource, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where images of containers lie; kind `image registry`."""

    scanned: bool | None = None
    """Images are looked through for known vulnerabilities when they arrive or ever after."""
    immutable: bool | None = None
    """A tag cannot be moved to another image."""
    public: bool | None = None
    """Anybody may pull from it without saying who they are."""
