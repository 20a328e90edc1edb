"""The programme as values: what a provider has committed to, for which services, how often, over which scope.

`agent.strict` reads it from YAML; here is only its shape. Field docstrings become the published JSON Schema's descriptions.
"""

from datetime import date
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

Id = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
AccountId = Annotated[str, Meta(pattern=r"^\d{12}$", description="A quoted string of twelve digits, leading zeros and all.")]
Duration = Annotated[str, Meta(pattern=r"^[1-9]\d{0,4}[mhd]$", description="A number and m, h or d: 24h, 2d.")]
Percent = Annotated[str, Meta(pattern=r"^(100(\.0+)?|\d{1,2}(\.\d+)?)%$", description="0% to 100%, e.g. 99.5%.")]
Text = Annotated[str, Meta(min_length=1)]
Severity = Literal["critical", "high", "medium", "low"]


class Strict(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Refuses keys that it does not know."""


class Cadence(Strict, frozen=True, kw_only=True):
    """When cycles end and what is due when."""

    cycle: Literal["monthly", "quarterly"]
    time_zone: Annotated[str, Meta(description="IANA name, e.g. Europe/Berlin")] = "UTC"
    sweep_every: Duration = "24h"
    seal_within: Duration = "2d"
    review_within: Duration = "10d"
    publish_within: Duration = "15d"


class Exclusion(Strict, frozen=True, kw_only=True):
    """An account or region left out of scope, with the reason that reports print."""

    reason: Text
    owner: Text
    account: AccountId | None = None
    region: str | None = None


class AwsScope(Strict, frozen=True, kw_only=True):
    """Which AWS accounts and regions are looked at, and as whom."""

    organization: Annotated[str, Meta(pattern=r"^o-[a-z0-9]{10,32}$")] | None = None
    accounts: tuple[AccountId, ...] = ()
    """With `organization`: only these, every other one is unallocated (a gap). Without: these. Neither: the ambient account."""
    role: str | None = None
    """Name of the read-only role assumed in every account; none to use the ambient credentials in their own account."""
    external_id: str | None = None
    regions: tuple[str, ...] = ()
    """Only these of the enabled regions; none for all of them."""
    exclude: tuple[Exclusion, ...] = ()


class Scope(Strict, frozen=True, kw_only=True):
    """Where the agent looks."""

    aws: AwsScope | None = None


class Selector(Strict, frozen=True, kw_only=True):
    """Which of what is seen belongs to a service. Types that serve a whole account are not divided by tags."""

    accounts: tuple[AccountId, ...] = ()
    tags: dict[str, str] = {}


class Commitment(Strict, frozen=True, kw_only=True):
    """One specification that a service commits to, and its objective."""

    owner: Text
    responsibility: Literal["provider", "customer", "shared", "third party"]
    ours: str | None = None
    customers: str | None = None
    slo: Percent = "100%"
    tolerance: Percent = "0%"
    """Share of the due sweeps of a cycle that may be out of objective."""


class RegistryEntry(Strict, frozen=True, kw_only=True):
    """The service's entry in the STAR registry."""

    entry: str | None = None
    submitted: date | None = None


class Service(Strict, frozen=True, kw_only=True):
    """One service with its own cycles and bundles."""

    id: Id
    name: Text
    owner: Text
    level: Literal["1", "2-certification", "2-attestation"] | Literal[1]
    ccm: Literal["4.0.13", "4.1.0"]
    specifications: dict[str, Commitment]
    """Keys are version-qualified: `CCM:4.1:IAM-13`, or `CCM:4.1:LOG-*` for a whole domain."""
    scope: Selector = Selector()
    registry: RegistryEntry = RegistryEntry()


class Owner(Strict, frozen=True, kw_only=True):
    """Where an owner is reached."""

    email: str | None = None
    webhook: str | None = None


class Signing(Strict, frozen=True, kw_only=True):
    """Keys, as paths beside the programme file; made by `starcadence init`, never by `run`."""

    key: str = "keys/signing.pem"
    salt_key: str = "keys/salt.key"


class Programme(Strict, frozen=True, kw_only=True):
    """All that a provider has promised, in one file."""

    provider: Text
    contact: Text
    cadence: Cadence
    scope: Scope
    services: tuple[Service, ...]
    owners: dict[str, Owner] = {}
    remediate_within: dict[Severity, Duration] = {}
    approved_exceptions: str | None = None
    """A folder of small files, one approved exception each."""
    store: str = "store"
    signing: Signing = Signing()


class ApprovedException(Strict, frozen=True, kw_only=True):
    """A decision to live with a deviation for a while. It never turns a failure into a pass."""

    id: Id
    check: Text
    """The check's name."""
    requester: Text
    approver: Text
    """Another person than the requester."""
    rationale: Text
    created: date
    expires: date
    """Not later than a year after `created`; from the day after, it covers nothing."""
    compensating_control: str | None = None
    resources: tuple[str, ...] = ()
    """Exact resource ids, or a trailing `*`."""
    accounts: tuple[AccountId, ...] = ()
    tags: dict[str, str] = {}
