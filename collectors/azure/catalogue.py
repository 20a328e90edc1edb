"""The Azure collectors, each once, in the order of the reports."""

from typing import cast

from collectors.azure.cosmos import CosmosAccounts
from collectors.azure.disks import Disks, Snapshots
from collectors.azure.entitlements import Delegations, Entitlements
from collectors.azure.firewalls import Firewalls
from collectors.azure.flexible import FlexibleServers
from collectors.azure.identities import Identities
from collectors.azure.keys import Keys
from collectors.azure.networks import Networks
from collectors.azure.others import Others
from collectors.azure.sql import SqlDatabases
from collectors.azure.storage import Storage
from collectors.azure.subscriptions import Subscriptions
from collectors.azure.trails import Regions, Trails
from collectors.collector import Collector

COLLECTORS = cast(
    # Type checkers do not follow a decorator that makes a value of a class; a test holds that each is one.
    "tuple[Collector, ...]",
    (
        Subscriptions, Regions, Identities, Entitlements, Delegations, Storage, Disks, Snapshots, SqlDatabases, FlexibleServers,
        CosmosAccounts, Keys, Trails, Firewalls, Networks, Others,
    ),
)  # fmt: skip
