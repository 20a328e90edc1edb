"""Every resource type there is, once."""

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
from collectors.serving import Certificate, Cluster, Endpoint, Registry, Secret, Workload
from collectors.watching import Alerting, Finding, Guardrail, LogStore, Quota, Vault, Watch

AnyResource = (
    Account | Region | Identity | Entitlement | DataStore | Key | Trail | Firewall | Network | Unjudged
    | Workload | Cluster | Endpoint | Certificate | Secret | Registry
    | Watch | Alerting | Finding | Guardrail | LogStore | Vault | Quota
)  # fmt: skip
TYPES: tuple[type[Resource], ...] = (
    Account, Region, Identity, Entitlement, Guardrail, DataStore, Key, Secret, Certificate, Trail, LogStore, Alerting, Watch, Finding,
    Firewall, Network, Endpoint, Workload, Cluster, Registry, Vault, Quota, Unjudged,
)  # fmt: skip
"""Every resource type, once, in report order."""
