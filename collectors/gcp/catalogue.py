"""The Google Cloud collectors, each once, in the order of the reports."""

from typing import cast

from collectors.collector import Collector
from collectors.gcp.buckets import Buckets
from collectors.gcp.databases import DatabaseBackups, Databases
from collectors.gcp.datasets import Datasets
from collectors.gcp.disks import Disks
from collectors.gcp.entitlements import InheritedEntitlements, ProjectEntitlements
from collectors.gcp.firewalls import FirewallPolicies, FirewallRules, HierarchicalFirewalls
from collectors.gcp.keys import Keys
from collectors.gcp.networks import Networks
from collectors.gcp.others import Others, OthersAbove
from collectors.gcp.projects import Projects, Regions
from collectors.gcp.service_accounts import ServiceAccounts
from collectors.gcp.snapshots import Snapshots
from collectors.gcp.trails import AggregatedTrails, Trails

COLLECTORS = cast(
    # Type checkers do not follow a decorator that makes a value of a class; a test holds that each is one.
    "tuple[Collector, ...]",
    (
        Projects, Regions, ServiceAccounts, ProjectEntitlements, InheritedEntitlements, Buckets, Disks, Snapshots, Databases,
        DatabaseBackups, Datasets, Keys, Trails, AggregatedTrails, FirewallRules, FirewallPolicies, HierarchicalFirewalls, Networks,
        Others, OthersAbove,
    ),
)  # fmt: skip
