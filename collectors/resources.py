"""Every resource type there is, once."""

from collectors.governing import Share, Stack
from collectors.resource import (
    Account,
    DataStore,
    Entitlement,
    Firewall,
    Identity,
    Key,
    Network,
    Region,
    Resource,
    Trail,
    Unjudged,
)
from collectors.serving import Certificate, Cluster, Endpoint, Filter, Registry, Secret, Workload
from collectors.terms import DeviceRule, Directory, Exemption
from collectors.watching import Alerting, Finding, Guardrail, LogStore, Quota, Vault, Watch

AnyResource = (
    Account | Region | Identity | Entitlement | DataStore | Key | Trail | Firewall | Network | Unjudged
    | Workload | Cluster | Endpoint | Filter | Certificate | Secret | Registry
    | Watch | Alerting | Finding | Guardrail | LogStore | Vault | Quota | Stack | Share | Directory | DeviceRule | Exemption
)  # fmt: skip
TYPES: tuple[type[Resource], ...] = (
    Account, Region, Identity, Entitlement, Directory, DeviceRule, Guardrail, Exemption, DataStore, Key, Secret, Certificate, Trail,
    LogStore, Alerting, Watch, Finding, Firewall, Network, Endpoint, Filter, Workload, Cluster, Registry, Stack, Share, Vault, Quota,
    Unjudged,
)  # fmt: skip
"""Every resource type, once, in report order."""
