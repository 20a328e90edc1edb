"""The Google Cloud collectors, each once, in the order of the reports."""

from typing import cast

from collectors.collector import Collector
from collectors.gcp.alerting import Alarms
from collectors.gcp.alloydb import AlloyDb
from collectors.gcp.buckets import Buckets
from collectors.gcp.certificates import Certificates
from collectors.gcp.clusters import Clusters
from collectors.gcp.databases import DatabaseBackups, Databases
from collectors.gcp.datasets import Datasets
from collectors.gcp.devices import DeviceRules
from collectors.gcp.disks import Disks
from collectors.gcp.endpoints import Endpoints
from collectors.gcp.entitlements import InheritedEntitlements, ProjectEntitlements
from collectors.gcp.filters import Filters
from collectors.gcp.firewalls import FirewallPolicies, FirewallRules, HierarchicalFirewalls
from collectors.gcp.functions import ContainerServices, Functions
from collectors.gcp.guardrails import Guardrails
from collectors.gcp.keys import Keys
from collectors.gcp.log_stores import LogStores, LogStoresAbove
from collectors.gcp.machine_groups import MachineGroups
from collectors.gcp.machines import Machines
from collectors.gcp.networks import Networks
from collectors.gcp.other_stores import OtherStores
from collectors.gcp.others import Others, OthersAbove
from collectors.gcp.patches import Vulnerabilities
from collectors.gcp.projects import Projects, Regions
from collectors.gcp.quotas import Quotas
from collectors.gcp.registries import Registries
from collectors.gcp.secrets import Secrets
from collectors.gcp.served_databases import ServedDatabases
from collectors.gcp.service_accounts import ServiceAccounts
from collectors.gcp.snapshots import Snapshots
from collectors.gcp.trails import AggregatedTrails, Trails
from collectors.gcp.vaults import Vaults
from collectors.gcp.virtual_networks import VirtualNetworks
from collectors.gcp.watches import Watches
from collectors.gcp.web_apps import WebApps

COLLECTORS = cast(
    # Type checkers do not follow a decorator that makes a value of a class; a test holds that each is one.
    "tuple[Collector, ...]",
    (
        Projects, Regions, ServiceAccounts, ProjectEntitlements, InheritedEntitlements, DeviceRules, Guardrails, Buckets, Disks,
        Snapshots, Databases, DatabaseBackups, ServedDatabases, AlloyDb, OtherStores, Datasets, Keys, Secrets, Certificates, Trails,
        AggregatedTrails, LogStores, LogStoresAbove, Alarms, Watches, Vulnerabilities, FirewallRules, FirewallPolicies,
        HierarchicalFirewalls, Networks, VirtualNetworks, Endpoints, Filters, Machines, MachineGroups, Functions, ContainerServices,
        WebApps, Clusters, Registries, Vaults, Quotas, Others, OthersAbove,
    ),
)  # fmt: skip
