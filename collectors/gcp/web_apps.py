"""Versions of App Engine that serve.

Plain HTTP is answered unless every handler of a version redirects it. Anybody may call what listens to the Internet, unless
Identity-Aware Proxy stands before the application; a login that handlers ask for is not weighed.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from collectors.collector import Item, collector
from collectors.gcp.elements import at, data, instant, labels, on, parts, region, text
from collectors.gcp.keeping import logged
from collectors.gcp.running import privileged
from collectors.gcp.runtimes import ends
from collectors.gcp.session import RESOURCE, GcpSession
from collectors.serving import Workload

VERSION, SERVICE, APPLICATION = (f"appengine.googleapis.com/{kind}" for kind in ("Version", "Service", "Application"))
REACHED = frozenset({None, "INGRESS_TRAFFIC_ALLOWED_UNSPECIFIED", "INGRESS_TRAFFIC_ALLOWED_ALL"})


@collector(
    "gcp.web_apps",
    sees=Workload,
    kinds=("web app",),
    learns=("open_to_callers", "transport_encrypted", "runtime_ends", "privileged", "logged"),
    redacts=("envVariables", "buildEnvVariables"),
    grants=("cloudasset.assets.listResource", "cloudasset.assets.listIamPolicy"),
    where="account",
)
class WebApps:
    """Every version of the project's application that is not stopped."""

    def list(self, session: GcpSession) -> Iterator[Item]:
        """Assets of versions."""
        return (asset for asset in session.assets(VERSION) if text(data(asset), "servingStatus") != "STOPPED")

    def describe(self, session: GcpSession, item: Item) -> Workload:
        """The asset, those of its service and application, and the project's sinks."""
        version = data(item)
        service = session.named(SERVICE, RESOURCE, item["name"].partition("/versions/")[0], owner=session.owner)
        account = text(version, "serviceAccount") or f"{session.account}@appspot.gserviceaccount.com"
        return Workload(
            id=item["name"], provider="gcp", account=session.account, region=region(item), kind="web app",
            name=item["name"].partition("/services/")[2], managed_by="customer", created=instant(version, "createTime"),
            tags=None if service is None else labels(at(service, "resource", "data") or {}),
            open_to_callers=open_to_callers(session, item, service), transport_encrypted=redirects(version),
            runtime_ends=ends(text(version, "runtime")), privileged=privileged(session, item, account), logged=logged(session),
        )  # fmt: skip


def open_to_callers(session: GcpSession, item: Item, service: Mapping[str, Any] | None) -> bool | None:
    """The Internet reaches its service, and nobody asks who calls."""
    if service is None:
        return None
    if text(service, "resource", "data", "networkSettings", "ingressTrafficAllowed") not in REACHED:
        return False
    application = session.named(APPLICATION, RESOURCE, item["name"].partition("/services/")[0], owner=session.owner)
    return None if application is None else not on(application, "resource", "data", "iap", "enabled")


def redirects(version: Mapping[str, Any]) -> bool:
    """Every handler redirects; a version without one answers either way."""
    handlers = parts(version, "handlers")
    return bool(handlers) and all(text(one, "securityLevel") == "SECURE_ALWAYS" for one in handlers)
