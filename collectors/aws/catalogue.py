"""The AWS collectors, each once, in the order of the reports."""

from typing import cast

from collectors.aws.accounts import Accounts
from collectors.aws.alarms import Alarms
from collectors.aws.analyzers import Analyzers
from collectors.aws.brokers import Brokers
from collectors.aws.buckets import Buckets
from collectors.aws.caches import Caches
from collectors.aws.certificates import Certificates
from collectors.aws.classic_load_balancers import ClassicLoadBalancers
from collectors.aws.clusters import Clusters
from collectors.aws.containers import Containers
from collectors.aws.database_snapshots import DatabaseSnapshots
from collectors.aws.databases import Databases
from collectors.aws.datasets import Datasets
from collectors.aws.detectors import Detectors
from collectors.aws.discoveries import Discoveries
from collectors.aws.distributions import Distributions
from collectors.aws.entitlements import Entitlements
from collectors.aws.file_servers import FileServers
from collectors.aws.file_systems import FileSystems
from collectors.aws.filters import Filters
from collectors.aws.firewalls import Firewalls
from collectors.aws.functions import Functions
from collectors.aws.guardrails import Guardrails
from collectors.aws.http_apis import HttpApis
from collectors.aws.hubs import Hubs
from collectors.aws.images import Images
from collectors.aws.keys import Keys
from collectors.aws.load_balancers import LoadBalancers
from collectors.aws.log_stores import LogStores
from collectors.aws.machine_groups import MachineGroups
from collectors.aws.machines import Machines
from collectors.aws.networks import Networks
from collectors.aws.others import Others
from collectors.aws.outsiders import Outsiders
from collectors.aws.permission_sets import PermissionSets
from collectors.aws.queues import Queues
from collectors.aws.quotas import AccountQuotas, Quotas
from collectors.aws.recorders import Recorders
from collectors.aws.regions import Regions
from collectors.aws.registries import Registries
from collectors.aws.rest_apis import RestApis
from collectors.aws.scanners import Scanners
from collectors.aws.search_indexes import SearchIndexes
from collectors.aws.secrets import Secrets
from collectors.aws.shares import Shares
from collectors.aws.snapshots import Snapshots
from collectors.aws.stacks import Stacks
from collectors.aws.streams import Streams
from collectors.aws.subnets import Subnets
from collectors.aws.tables import Tables
from collectors.aws.templates import Templates
from collectors.aws.threats import Threats
from collectors.aws.topics import Topics
from collectors.aws.trails import Trails
from collectors.aws.users import Users
from collectors.aws.vaults import Vaults
from collectors.aws.volumes import Volumes
from collectors.aws.vulnerabilities import Vulnerabilities
from collectors.aws.warehouse_snapshots import WarehouseSnapshots
from collectors.aws.warehouses import Warehouses
from collectors.collector import Collector

COLLECTORS = cast(
    # Type checkers do not follow a decorator that makes a value of a class; a test holds that each is one.
    "tuple[Collector, ...]",
    (
        Accounts, Regions, Users, Entitlements, Buckets, Volumes, Snapshots, Databases, DatabaseSnapshots, Keys, Trails, Firewalls,
        Networks, Machines, LoadBalancers, ClassicLoadBalancers,
        PermissionSets, Filters, Containers, Templates, Stacks, Shares,
        Functions, Subnets, MachineGroups, Registries, Certificates, Secrets, Clusters,
        Detectors, Scanners, Recorders, Hubs, Discoveries, Analyzers, LogStores, Alarms, Guardrails, Vaults, Threats, Vulnerabilities,
        Outsiders, AccountQuotas, Quotas, RestApis, HttpApis, Distributions,
        Tables, Datasets, Warehouses, WarehouseSnapshots,
        SearchIndexes, FileSystems, FileServers, Caches, Streams, Brokers, Queues, Topics, Images, Others,
    ),
)  # fmt: skip
