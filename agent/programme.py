"""The programme as values: what a provider has committed to, for which services, how often, over which scope.

`agent.reading` reads it from strict YAML; here is only its shape. Docstrings become the published JSON Schema's descriptions.
"""

# ruff: noqa: RUF012 -- msgspec copies an empty default for each value

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta

from agent.people import Digests, Mail, Owner, Publication, Route
from agent.scalars import (
    AccountId,
    AggregatorName,
    Duration,
    Id,
    Listen,
    ManagementGroup,
    Number,
    Organization,
    Percent,
    Place,
    ProjectId,
    Region,
    RegisterKind,
    Role,
    Severity,
    Strict,
    Text,
    Uuid,
)


class Cadence(Strict, frozen=True, kw_only=True):
    """When cycles end and what is due when."""

    cycle: Literal["monthly", "quarterly"]
    """Calendar months, or calendar quarters."""
    time_zone: Text = "UTC"
    """In which months begin: an IANA name, e.g. Europe/Berlin."""
    sweep_every: Duration = "24h"
    """How often the whole scope is looked at: from 1h to 31d."""
    seal_within: Duration = "2d"
    """After the end of a cycle, its bundle is sealed."""
    review_within: Duration = "10d"
    """After the end of a cycle, a named person has answered each deviation."""
    publish_within: Duration = "15d"
    """After the end of a cycle, it is published."""
    publish_after: Literal["review", "seal"] = "review"
    """What a publication waits for: the signed review, or the seal only."""
    publish_overdue_review: Literal["hold", "mark"] = "hold"
    """When a review is overdue: hold the publication until it is signed, or publish it marked as not reviewed."""


class Exclusion(Strict, frozen=True, kw_only=True):
    """An account or region left out of scope, with the reason that reports print."""

    reason: Text
    """Why, in words that an auditor may read."""
    owner: Text
    """Who answers for leaving it out; one of `owners`."""
    account: AccountId | None = None
    """This account; with `region`, that region of it."""
    region: Region | None = None
    """This region; without `account`, of every account."""


class Aggregator(Strict, frozen=True, kw_only=True):
    """An aggregator of AWS Config, by which whole accounts are read at once where it is up to date."""

    name: AggregatorName
    """Its name, as `aws configservice describe-configuration-aggregators` lists it."""
    account: AccountId
    """The account that has it: the management account, or the delegated administrator for Config. The role is assumed there too."""
    region: Region
    """The region in which it was made."""


class AwsScope(Strict, frozen=True, kw_only=True):
    """Which AWS accounts and regions are looked at, and as whom."""

    organization: Organization | None = None
    """Every account of it is in scope, excluded with a reason, or unallocated, which is a gap."""
    accounts: tuple[AccountId, ...] = ()
    """With `organization`: only these, every other one is unallocated (a gap). Without: these. Neither: the ambient account."""
    role: Role | None = None
    """Name of the read-only role assumed in every account; none to use the ambient credentials in their own account."""
    external_id: Text | None = None
    """What the role's trust policy asks for; `${NAME}` takes it from the environment, so that it stands in no file."""
    regions: tuple[Region, ...] = ()
    """Only these of the enabled regions; none for all of them."""
    exclude: tuple[Exclusion, ...] = ()
    """What is left out, and why."""
    aggregator: Aggregator | None = None
    """Tells what AWS Config records in fewer calls; without one, or where it is not up to date, each service is asked itself."""
    rate: Percent = "50%"
    """Share of the calls that AWS grants each account, region and API a second; at most 80%, so that others keep the rest."""


class GcpExclusion(Strict, frozen=True, kw_only=True):
    """A project, or all that lies in a folder, left out of scope, with the reason that reports print."""

    reason: Text
    """Why, in words that an auditor may read."""
    owner: Text
    """Who answers for leaving it out; one of `owners`."""
    project: ProjectId | None = None
    """This project."""
    folder: Number | None = None
    """Every project in this folder, at any depth."""


class GcpScope(Strict, frozen=True, kw_only=True):
    """Which Google Cloud projects are looked at, and as whom."""

    organization: Number | None = None
    """Every project of it is in scope, excluded with a reason, or unallocated, which is a gap."""
    folders: tuple[Number, ...] = ()
    """Without `organization`: the projects of these folders. What they inherit from above is then not learned."""
    projects: tuple[ProjectId, ...] = ()
    """With an organisation or folders: only these, every other one is unallocated (a gap). Without: these, or else the ambient one."""
    domains: tuple[Text, ...] = ()
    """Domains of your own besides the organisation's primary one: their people are no strangers."""
    impersonate: (
        Annotated[
            str,
            Meta(
                pattern=r"^[a-z][a-z0-9-]{4,28}[a-z0-9]@[a-z0-9.-]+\.iam\.gserviceaccount\.com$",
                description="A service account's address, e.g. starcadence@acme-audit.iam.gserviceaccount.com.",
            ),
        ]
        | None
    ) = None
    """The service account that is impersonated; none to look as the ambient identity itself."""
    quota_project: ProjectId | None = None
    """The project whose quota of the Cloud Asset API is used; none for that of the credentials."""
    exclude: tuple[GcpExclusion, ...] = ()
    """What is left out, and why."""


class AzureExclusion(Strict, frozen=True, kw_only=True):
    """A subscription left out of scope, with the reason that reports print."""

    subscription: Uuid
    """This subscription."""
    reason: Text
    """Why, in words that an auditor may read."""
    owner: Text
    """Who answers for leaving it out; one of `owners`."""


class AzureScope(Strict, frozen=True, kw_only=True):
    """Which Azure subscriptions are looked at, in which cloud, and as whom."""

    cloud: Literal["AzureCloud", "AzureUSGovernment", "AzureChinaCloud"] = "AzureCloud"
    """The cloud, by the name that the Azure CLI gives it."""
    tenant: Uuid | None = None
    """Every subscription under its root management group is in scope, excluded with a reason, or unallocated, which is a gap."""
    management_group: ManagementGroup | None = None
    """As `tenant`, for this management group alone."""
    subscriptions: tuple[Uuid, ...] = ()
    """With `tenant` or `management_group`: only these, every other one is unallocated (a gap). Without: these, or all visible ones."""
    credentials: Literal["ambient", "managed identity", "workload identity", "environment", "cli"] = "ambient"
    """Who asks; `ambient` tries the others one after another, and `environment` is a service principal named by AZURE_* variables."""
    client_id: Uuid | None = None
    """Of a user-assigned managed identity, or of a workload identity."""
    exclude: tuple[AzureExclusion, ...] = ()
    """What is left out, and why."""


class Scope(Strict, frozen=True, kw_only=True):
    """Where the agent looks."""

    aws: AwsScope | None = None
    """AWS; `{}` for the one account of the ambient credentials."""
    gcp: GcpScope | None = None
    """Google Cloud; `{}` for the one project of the ambient credentials."""
    azure: AzureScope | None = None
    """Azure; `{}` for every subscription that the ambient credentials see."""


class Selector(Strict, frozen=True, kw_only=True):
    """Which of what is seen belongs to a service. Types that serve a whole account are not divided by tags."""

    accounts: tuple[Place, ...] = ()
    """Only what lies in these accounts; none for all in scope."""
    tags: dict[str, str] = {}
    """Only what carries all of these tags; none for everything."""


class Commitment(Strict, frozen=True, kw_only=True):
    """One specification that a service commits to, and its objective."""

    owner: Text
    """Who answers for it; one of `owners`."""
    responsibility: Literal["provider", "customer", "shared", "third party"]
    """Whose it is under the shared security responsibility model (SSRM)."""
    ours: Text | None = None
    """The provider's part, in a few words."""
    customers: Text | None = None
    """The customer's part, in a few words."""
    slo: Percent = "100%"
    """Share of the judged resources that must pass, per check."""
    tolerance: Percent = "0%"
    """Share of the due sweeps of a cycle that may be out of objective."""
    sweep_every: Duration | None = None
    """Asks for more sweeps than the cadence has; the shortest that any objective asks for holds for the whole programme."""


class Certificate(Strict, frozen=True, kw_only=True):
    """The certificate or attestation under a level 2 entry."""

    until: date
    """The last day that it speaks for."""
    surveillance: tuple[date, ...] = ()
    """Days by which surveillance audits or the next attestation period are due."""


class RegistryEntry(Strict, frozen=True, kw_only=True):
    """The service's entry in the STAR registry."""

    entry: Text | None = None
    """Its address in the registry; null before the first submission."""
    submitted: date | None = None
    """When the level 1 questionnaire was last submitted; `starcadence submit` says it too."""
    expires: date | None = None
    """When the entry expires; a year after the last submission unless said."""
    certificate: Certificate | None = None
    """The certificate or attestation underneath, for level 2."""


class Service(Strict, frozen=True, kw_only=True):
    """One service with its own cycles and bundles."""

    id: Id
    """Names the service in the store and in bundles; never changes."""
    name: Text
    """As customers know it."""
    owner: Text
    """Who answers for the service; one of `owners`."""
    level: Literal["1", "2-certification", "2-attestation", 1]
    """What its STAR entry claims underneath: a self-assessment, a certification or an attestation."""
    ccm: Literal["4.0.13", "4.1.0"]
    """The version of the Cloud Controls Matrix that it commits to."""
    specifications: dict[str, Commitment]
    """Keys are version-qualified: `CCM:4.1:IAM-13`, or `CCM:4.1:LOG-*` for a whole domain; an exact key wins over a pattern."""
    scope: Selector = Selector()
    """Which of the programme's scope is this service's; all of it where nothing is said."""
    registry: RegistryEntry = RegistryEntry()
    """Its entry in the STAR registry."""


class ToolFindings(Strict, frozen=True, kw_only=True):
    """Where another tool's findings lie: one export, or a folder of them."""

    path: Text
    """A file or folder beside this file, or an address. OCSF, ASFF, SARIF, CycloneDX, Trivy and Grype are told apart by themselves."""
    services: tuple[Id, ...] = ()
    """Services that they speak for; none for all."""
    stale_after: Duration = "7d"
    """How old an export may be at the end of a cycle; an older one shows nothing."""


class Tls(Strict, frozen=True, kw_only=True):
    """How the health endpoint is encrypted, and who may ask."""

    certificate: Text
    """Its certificate and the chain below the root, as PEM, beside this file."""
    key: Text
    """The certificate's private key, as PEM."""
    clients: Text | None = None
    """Authorities whose client certificates are let in, as PEM; without, nobody is asked for one."""


class HealthEndpoint(Strict, frozen=True, kw_only=True):
    """Where `starcadence daemon` answers for its health and shows the status page."""

    listen: Listen = "127.0.0.1:9464"
    """Address and port; beyond the machine itself only if it says so."""
    tls: Tls | None = None
    """Certificates; none for plain HTTP."""
    tier: Literal["public", "auditor"] = "public"
    """How much the status page shows. With `auditor`, an address beyond the machine needs `tls.clients`."""


class Signing(Strict, frozen=True, kw_only=True):
    """Keys, as paths beside the programme file; made by `starcadence init`, never by `run`."""

    key: Text = "keys/signing.pem"
    """The private key that seals cycles and journal: a file, or `awskms:` and the alias, id or ARN of a P-256 key of AWS KMS."""
    salt_key: Text = "keys/salt.key"
    """The secret that keeps what is withheld from being guessed."""


class StoreOptions(Strict, frozen=True, kw_only=True):
    """How objects are put into an `s3://` store. GCS and Azure keep such settings with the bucket or container."""

    region: Region | None = None
    """The bucket's region; else the one of the ambient AWS settings."""
    kms_key: Text | None = None
    """The key (id, ARN or alias) with which every object is encrypted by SSE-KMS; else the bucket's own setting."""
    retain_days: Annotated[int, Meta(ge=1, le=36500, description="A number of days from 1 to 36500.")] | None = None
    """Object Lock: how long an object can be neither changed nor removed after it was last referred to; else not locked."""
    lock: Literal["governance", "compliance"] = "governance"
    """Whether somebody with a permission of their own may lift a retention, or nobody at all."""


Parameter = Annotated[int, Meta(ge=0, le=1_000_000, description="A whole number from 0 to 1000000.")]


class Parameters(Strict, frozen=True, kw_only=True):
    """Parameters of one check that differ from those that it is shipped with."""

    values: Annotated[dict[Text, Parameter], Meta(min_length=1)]
    """Parameter -> value, as `starcadence catalog checks` names them: `max_age_days: 30`."""
    because: Text | None = None
    """Why; needed where a value lets more pass than the shipped one."""


class Programme(Strict, frozen=True, kw_only=True):
    """All that a provider has promised, in one file."""

    provider: Text
    """The provider's name, as reports print it."""
    contact: Text
    """Where a reader of the public report may ask; printed on it."""
    cadence: Cadence
    """How often, and by when."""
    scope: Scope
    """Where the agent looks; one sweep serves all services."""
    services: Annotated[tuple[Service, ...], Meta(min_length=1)]
    """Each with its own commitments, cycles and bundles."""
    owners: dict[str, Owner] = {}
    """Everybody named as an owner anywhere in this file."""
    routes: dict[str, Route] = {}
    """Where digests of work are sent, by name."""
    mail: Mail | None = None
    """How digests of work are mailed, to owners without a webhook."""
    digests: Digests | None = None
    """When digests of work go out by themselves; none to send them with `work --send` only."""
    publish: tuple[Publication, ...] = ()
    """Where cycles are published; none to pass bundles on by hand."""
    remediate_within: dict[Severity, Duration] = {}
    """How long a deviation may stand, by severity."""
    parameters: dict[Text, Parameters] = {}
    """Parameters of checks, by the check's name: tighter at will, looser with a reason. Reports show both values."""
    metrics: dict[str, Percent] = {}
    """Objectives of your own for CSA's continuous audit metrics, by id, instead of the recommended ones: `BCR-08-M1: 99%`."""
    records: tuple[Text, ...] = ()
    """Folders or buckets (`s3://`, `gs://`, `az://`) of records: policies, reviews, certificates, with front matter or a side file."""
    registers: dict[RegisterKind, Text] = {}
    """Lists that other systems gave, CSV with a side file or JSON: a path or address for each register."""
    suppliers: tuple[Text, ...] = ()
    """Files or addresses of what is inherited from suppliers, one report or certificate each."""
    packs: tuple[Text, ...] = ()
    """Files with checks of others, judged from the next cycle on."""
    findings: tuple[ToolFindings, ...] = ()
    """What other tools found: their exports, judged by our own check of vulnerabilities."""
    approved_exceptions: Text | None = None
    """A folder of small files, one approved exception each."""
    store: Text = "store"
    """Where all state is kept: a folder, beside this file unless it begins with /; or `s3://bucket/prefix`, `gs://` or `az://`."""
    store_options: StoreOptions = StoreOptions()
    """How objects are put into an `s3://` store."""
    signing: Signing = Signing()
    """The keys."""
    health: HealthEndpoint | None = None
    """Where the daemon answers for its health; without, on 127.0.0.1:9464."""


class ApprovedException(Strict, frozen=True, kw_only=True):
    """A decision to live with a deviation for a while. It never turns a failure into a pass."""

    id: Id
    """Names it in reports; never used for another one."""
    check: Text
    """The check's name."""
    requester: Text
    """Who asked for it."""
    approver: Text
    """Who allowed it; another person than the requester."""
    rationale: Text
    """Why the deviation may stand meanwhile."""
    created: date
    """The day of the decision, YYYY-MM-DD."""
    expires: date
    """Not later than a year after `created`; from the day after, it covers nothing."""
    reviewed: date | None = None
    """The day on which somebody last looked whether it is still needed; not before `created`, not after `expires`."""
    compensating_control: Text | None = None
    """What holds the risk down meanwhile."""
    resources: tuple[Text, ...] = ()
    """Exact resource ids, or a trailing `*`."""
    accounts: tuple[Place, ...] = ()
    """Only in these accounts."""
    tags: dict[str, str] = {}
    """Only what carries all of these tags."""
