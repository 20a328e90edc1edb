"""Which administrative acts raise an alarm: policies of Cloud Monitoring over metrics of logs, or over log entries themselves.

A topic counts if a policy that is on and has somebody to tell looks for at least one act of it. What is looked for is told by the
words that filters of the CIS benchmark for Google Cloud have in common; a filter in other words is not recognised. A sink of a folder
or the organisation may take a project's records elsewhere: the alarms of the project that it writes to then count for all. Sign-ins and
acts of super administrators are recorded by the organisation alone, so that they are heard there or nowhere. Rules of another tool
that reads the logs are not seen.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from collectors.collector import Item, collector
from collectors.gcp import lineage
from collectors.gcp.elements import at, on, parts, text, texts
from collectors.gcp.inventory import OWNER
from collectors.gcp.lineage import LEVELS
from collectors.gcp.session import RESOURCE, GcpSession
from collectors.gcp.trails import SINK, takes_all
from collectors.watching import Alerting

METRIC, POLICY, CHANNEL = (
    "logging.googleapis.com/LogMetric",
    "monitoring.googleapis.com/AlertPolicy",
    "monitoring.googleapis.com/NotificationChannel",
)
TOPICS = {
    "audit trails": ("auditconfigdeltas", "configservicev2", "logging_sink", "deletesink", "updatesink"),
    "configuration": ("cloudsql.instances.update", "setorgpolicy", "orgpolicy"),
    "data stores": ("gcs_bucket", "storage.setiampermissions", "storage.buckets.delete"),
    "identity": ("setiampolicy", "iam_role", "roles/owner", "projectownership", "createserviceaccountkey", "google.iam.admin"),
    "keys": ("cloudkms", "destroycryptokeyversion", "cryptokey"),
    "networks": ("gce_firewall_rule", "gce_network", "gce_route", "gce_subnetwork", "compute.firewalls", "compute.networks",
                 "compute.routes"),
    "root use": ("super_admin", "superadmin", '"admin.googleapis.com'),
    "sign-in": ("login.googleapis.com", "google.login"),
}  # fmt: skip
"""Topic -> words of a filter, in lower case, of which one is enough."""
OF_ORGANIZATIONS = frozenset({"root use", "sign-in"})
_USER_METRIC = re.compile(r"logging\.googleapis\.com/user/([^\"'\s)]+)")


@collector(
    "gcp.alarms",
    sees=Alerting,
    kinds=("alarms",),
    learns=("topics",),
    redacts=("email_address", "userLabels", "documentation"),
    grants=("cloudasset.assets.listResource",),
    where="account",
)
class Alarms:
    """The alarms of a project, all together."""

    def list(self, session: GcpSession) -> Iterator[Item]:
        """The project's own asset."""
        return session.assets(LEVELS["projects"])

    def describe(self, session: GcpSession, item: Item) -> Alerting:
        """Its metrics, policies and channels, cited where they count."""
        return Alerting(
            id=f"{item['name']}/alarms", provider="gcp", account=session.account, region="global", kind="alarms", tags={},
            managed_by="customer", topics=topics(session, item),
        )  # fmt: skip


def topics(session: GcpSession, item: Item) -> tuple[str, ...] | None:
    """What is looked for here, and where the records are sent to; `None` if a part of it was not learned."""
    own = looked_for(session, session.owner)
    if own is None:
        return None
    found = own - OF_ORGANIZATIONS
    for level in lineage.levels(item)[1:]:
        places = session.worked_out("places", SINK, RESOURCE, _places, owner=level)
        if places is None:
            return None
        for place, sent in places:
            heard = looked_for(session, place)
            if heard is None:
                return None
            found |= heard & sent - (frozenset() if level.startswith("organizations/") else OF_ORGANIZATIONS)
    return tuple(sorted(found))


def looked_for(session: GcpSession, owner: str) -> frozenset[str] | None:
    """What policies of a project that are on and tell somebody look for."""
    owner = session.known_as(owner)
    metrics = session.worked_out("filters", METRIC, RESOURCE, _filters, owner=owner)
    channels = session.worked_out("open", CHANNEL, RESOURCE, _open, owner=owner)
    policies = session.worked_out("on", POLICY, RESOURCE, _on, owner=owner)
    if metrics is None or channels is None or policies is None:
        return None
    found: set[str] = set()
    for policy in policies:
        heard = {topic for condition in conditions(policy) for topic in topics_of(condition, metrics)}
        if heard and channels.intersection(texts(policy, "notificationChannels")):
            session.notes.cites.append(f"//monitoring.googleapis.com/{text(policy, 'name')}")
            found |= heard
    return frozenset(found)


def conditions(policy: Mapping[str, Any]) -> Iterator[str]:
    """The filters of a policy's conditions."""
    for condition in parts(policy, "conditions"):
        for way in ("conditionThreshold", "conditionMatchedLog", "conditionAbsent"):
            if said := text(condition, way, "filter"):
                yield said
        for way in ("conditionMonitoringQueryLanguage", "conditionPrometheusQueryLanguage", "conditionSql"):
            if said := text(condition, way, "query"):
                yield said


def topics_of(condition: str, metrics: Mapping[str, str]) -> set[str]:
    """The topics of a condition: of the metrics that it names, or of its own words."""
    named = [name for name in _USER_METRIC.findall(condition) if name in metrics]
    words = " ".join(metrics[name] for name in named) if named else condition
    return set(recognised(words))


def recognised(words: str) -> Iterable[str]:
    """The topics that a filter's words are of. Audit logs are switched off in an IAM policy, so that such a filter is not of identity."""
    folded = words.lower()
    if "auditconfigdeltas" in folded:
        folded = folded.replace("setiampolicy", "")
    return (topic for topic, marks in TOPICS.items() if any(mark in folded for mark in marks))


def _places(assets: Iterator[dict[str, Any]]) -> tuple[tuple[str, frozenset[str]], ...]:
    """Projects to which sinks that are on send what is written below them, each with the topics of what is sent."""
    found = []
    for asset in assets:
        sink = at(asset, "resource", "data")
        place = OWNER.search(text(sink, "destination") or "")
        if (
            place is None
            or not place[0].startswith("projects/")
            or not on(sink, "includeChildren")
            or on(sink, "disabled")
        ):
            continue
        sent = frozenset(TOPICS if takes_all(sink) else recognised(text(sink, "filter") or ""))
        found.append((place[0], sent))
    return tuple(sorted(found, key=lambda one: one[0]))


def _filters(assets: Iterator[dict[str, Any]]) -> dict[str, str]:
    """Metric -> filter, of those that are on."""
    metrics = (at(asset, "resource", "data") for asset in assets)
    return {
        name: said
        for one in metrics
        if (name := text(one, "name")) and (said := text(one, "filter")) and at(one, "disabled") is not True
    }


def _open(assets: Iterator[dict[str, Any]]) -> frozenset[str]:
    """Channels that are on and not known to reach nobody."""
    channels = (at(asset, "resource", "data") for asset in assets)
    return frozenset(
        name
        for one in channels
        if (name := text(one, "name"))
        and at(one, "enabled") is not False
        and text(one, "verificationStatus") != "UNVERIFIED"
    )


def _on(assets: Iterator[dict[str, Any]]) -> tuple[dict[str, Any], ...]:
    """Policies that are on."""
    policies = (at(asset, "resource", "data") for asset in assets)
    return tuple(one for one in policies if isinstance(one, dict) and one.get("enabled") is not False)
