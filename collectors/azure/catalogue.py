"""The Azure collectors, each once, in the order of the reports."""

from typing import cast

from collectors.azure.alarms import Alarms
from collectors.azure.apis import Apis
from collectors.azure.backups import BackupVaults
from collectors.azure.caches import Caches
from collectors.azure.certificates import Certificates
from collectors.azure.clusters import Clusters
from collectors.azure.containers import ContainerApps
from collectors.azure.cosmos import CosmosAccounts
from collectors.azure.devices import DeviceRules
from collectors.azure.directory import Directories
from collectors.azure.disks import Disks, Snapshots
from collectors.azure.doors import FrontDoors
from collectors.azure.entitlements import Delegations, Entitlements
from collectors.azure.exemptions import Exemptions
from collectors.azure.filters import Filters
from collectors.azure.findings import Threats, Vulnerabilities
from collectors.azure.firewalls import Firewalls
from collectors.azure.flexible import FlexibleServers
from collectors.azure.gateways import Gateways
from collectors.azure.guardrails import Guardrails
from collectors.azure.identities import Identities
from collectors.azure.images import Images
from collectors.azure.keys import Keys
from collectors.azure.logstores import LogStores
from collectors.azure.machines import Machines
from collectors.azure.managed import ManagedDatabases
from collectors.azure.messaging import Messaging
from collectors.azure.networks import Networks
from collectors.azure.others import Others
from collectors.azure.quotas import Quotas
from collectors.azure.registries import Registries
from collectors.azure.scalesets import MachineGroups
from collectors.azure.secrets import Secrets
from collectors.azure.sites import Sites
from collectors.azure.sql import SqlDatabases
from collectors.azure.storage import Storage
from collectors.azure.subscriptions import Subscriptions
from collectors.azure.trails import Regions, Trails
from collectors.azure.volumes import Volumes
from collectors.azure.watches import Watches
from collectors.collector import Collector

COLLECTORS = cast(
    # Type checkers do not follow a decorator that makes a value of a class; a test holds that each is one.
    "tuple[Collector, ...]",
    (
        Subscriptions, Regions, Guardrails, Exemptions, Identities, Directories, DeviceRules, Entitlements, Delegations, Storage,
        Disks, Snapshots, SqlDatabases, ManagedDatabases, FlexibleServers, CosmosAccounts, Volumes, Caches, Messaging, Images, Keys,
        Secrets, Certificates, Trails, LogStores, Alarms, Watches, Threats, Vulnerabilities, Firewalls, Networks, Gateways, FrontDoors,
        Filters, Apis, Machines, MachineGroups, Sites, ContainerApps, Clusters, Registries, BackupVaults, Quotas, Others,
    ),
)  # fmt: skip
