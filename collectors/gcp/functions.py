"""Cloud Functions, of both generations, and services of Cloud Run.

Anybody may call what listens to the Internet and lets `allUsers` (or any account of Google's) invoke it. Cloud Run and functions of the
second generation redirect plain HTTP by themselves; those of the first do only if they are told to.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from collectors.collector import Item, collector
from collectors.gcp import lineage
from collectors.gcp.elements import at, data, instant, labels, last, on, path, region, text
from collectors.gcp.keeping import logged
from collectors.gcp.running import UNNAMED, default_account, privileged
from collectors.gcp.runtimes import ends
from collectors.gcp.session import IAM_POLICY, RESOURCE, GcpSession
from collectors.gcp.signatures import demanded
from collectors.resource import FAR
from collectors.serving import Workload

FUNCTION, SERVICE = "cloudfunctions.googleapis.com/(Cloud)?Function", "run.googleapis.com/Service"
FIRST = "cloudfunctions.googleapis.com/CloudFunction"
MADE_BY = "goog-managed-by"
"""Label of services of Cloud Run that are functions underneath; those are seen as functions."""
LEARNS = (
    "open_to_callers",
    "transport_encrypted",
    "code_verified",
    "runtime_ends",
    "privileged",
    "logged",
)
GRANTS = ("cloudasset.assets.listResource", "cloudasset.assets.listIamPolicy")
ALL, OLD = "ALLOW_ALL", "run.googleapis.com/"
LISTENS: dict[str | None, bool] = {
    None: True, "all": True, "INGRESS_TRAFFIC_ALL": True, ALL: True, "INGRESS_TRAFFIC_UNSPECIFIED": True,
    "INGRESS_SETTINGS_UNSPECIFIED": True, "internal": False, "internal-and-cloud-load-balancing": False,
    "INGRESS_TRAFFIC_INTERNAL_ONLY": False, "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER": False, "INGRESS_TRAFFIC_NONE": False,
    "ALLOW_INTERNAL_ONLY": False, "ALLOW_INTERNAL_AND_GCLB": False,
}  # fmt: skip
"""Where callers may come from, in the words of each API -> the Internet is among it."""


@collector("gcp.functions", sees=Workload, kinds=("function",), learns=LEARNS, redacts=("environmentVariables", "buildEnvironmentVariables",
           "sourceUploadUrl", "sourceToken"), moves=("versionId",), grants=GRANTS, where="account")  # fmt: skip
class Functions:
    """Every function of the project, once: the inventory has those of the first generation twice."""

    def list(self, session: GcpSession) -> Iterator[Item]:
        """Assets of functions; of two with one name, the second is the first again in newer words."""
        first = set()
        for asset in sorted(session.assets(FUNCTION), key=lambda asset: asset["assetType"] != FIRST):
            place = path(asset["name"])
            if place not in first:
                yield asset
            first.add(place)

    def describe(self, session: GcpSession, item: Item) -> Workload:
        """The asset, who may invoke it, and the project's rules."""
        function = data(item)
        later = at(function, "serviceConfig")  # of the second generation
        underneath = path(text(later, "service"))
        account = text(later, "serviceAccountEmail") or text(function, "serviceAccountEmail")
        account = account or (default_account(session) if later else f"{session.account}@appspot.gserviceaccount.com")
        return Workload(
            id=item["name"], provider="gcp", account=session.account, region=region(item), kind="function",
            name=last(text(function, "name") or item["name"]), tags=labels(function), managed_by="customer",
            created=instant(function, "createTime"), open_to_callers=open_to(session, item, function, underneath),
            transport_encrypted=refuses_plain(function),
            code_verified=bool(text(later, "binaryAuthorizationPolicy")) and demanded(session),
            runtime_ends=ends(text(function, "buildConfig", "runtime") or text(function, "runtime")),
            privileged=privileged(session, item, account), logged=logged(session),
        )  # fmt: skip


@collector("gcp.container_services", sees=Workload, kinds=("container service",), learns=LEARNS, redacts=("env",),
           moves=("observedGeneration", "lastTransitionTime", "generation", "resourceVersion"), grants=GRANTS, where="account")  # fmt: skip
class ContainerServices:
    """Every service of Cloud Run of the project that is no function."""

    def list(self, session: GcpSession) -> Iterator[Item]:
        """Assets of services."""
        return (asset for asset in session.assets(SERVICE) if marks(data(asset)).get(MADE_BY) != "cloudfunctions")

    def describe(self, session: GcpSession, item: Item) -> Workload:
        """The asset, in the words of either version of the API, who may invoke it, and the project's rules."""
        service = data(item)
        template = at(service, "spec", "template", "spec") or at(service, "template")
        named = text(template, "serviceAccountName") or text(template, "serviceAccount")
        account = named or (default_account(session) if template else UNNAMED)
        own = session.policy(item)
        return Workload(
            id=item["name"], provider="gcp", account=session.account, region=region(item), kind="container service",
            name=last(item["name"]), tags=marks(service), managed_by="customer",
            created=instant(service, "metadata", "creationTimestamp") or instant(service, "createTime"),
            open_to_callers=listens(service) and (unguarded(service) or invocable(session, item, own)),
            transport_encrypted=True, code_verified=verified(session, service), runtime_ends=FAR,
            privileged=privileged(session, item, account), logged=logged(session),
        )  # fmt: skip


def marks(service: Mapping[str, Any]) -> dict[str, str]:
    """Labels, which the older words keep in metadata."""
    return labels(at(service, "metadata") or service)


def said(service: Mapping[str, Any], name: str) -> str | None:
    """An annotation of the older words: `ingress` of `run.googleapis.com/ingress`."""
    return text(service, "metadata", "annotations", OLD + name)


def listens(service: Mapping[str, Any]) -> bool | None:
    """The Internet reaches it."""
    return LISTENS.get(said(service, "ingress") or text(service, "ingress"))


def unguarded(service: Mapping[str, Any]) -> bool:
    """Callers are not asked who they are, whatever the policy says."""
    return on(service, "invokerIamDisabled") or said(service, "invoker-iam-disabled") == "true"


def verified(session: GcpSession, service: Mapping[str, Any]) -> bool | None:
    """Binary Authorization is on for it, by the project's policy or by one that it names."""
    named = said(service, "binary-authorization") or text(service, "binaryAuthorization", "policy")
    if named not in {None, "default"}:
        return True
    used = named == "default" or on(service, "binaryAuthorization", "useDefault")
    return used and demanded(session)


def open_to(session: GcpSession, item: Item, function: Mapping[str, Any], underneath: str | None) -> bool | None:
    """Anybody may call it: it listens to the Internet, and its policy, or that of the service underneath, lets anybody in."""
    settings = text(function, "serviceConfig", "ingressSettings") or text(function, "ingressSettings")
    listening = LISTENS.get(settings)
    if not listening:
        return listening
    if "serviceConfig" not in function and "httpsTrigger" not in function:
        return False if "eventTrigger" in function else None  # events alone call it
    own = session.policy(item)
    if underneath is None:
        return invocable(session, item, own)
    service = session.named(SERVICE, IAM_POLICY, f"//run.googleapis.com/{underneath}")
    whole = session.named(SERVICE, RESOURCE, f"//run.googleapis.com/{underneath}")
    if service is None or whole is None:
        return None
    if unguarded(at(whole, "resource", "data") or {}):
        return True
    return invocable(session, item, service.get("iamPolicy", {}))


def invocable(session: GcpSession, item: Item, own: Mapping[str, Any] | None) -> bool | None:
    """A policy on it or above lets anybody invoke."""
    if own is not None and lineage.public(own):
        return True
    above = lineage.public_above(session, item, ("roles/run.", "roles/cloudfunctions.", "roles/editor", "roles/owner"))
    return True if above else None if own is None or above is None else False


def refuses_plain(function: Mapping[str, Any]) -> bool | None:
    """The second generation redirects plain HTTP always, the first only where it is told to; what no caller reaches takes none."""
    if "serviceConfig" in function:
        return text(function, "serviceConfig", "securityLevel") != "SECURE_OPTIONAL"
    if "httpsTrigger" in function:
        return text(function, "httpsTrigger", "securityLevel") == "SECURE_ALWAYS"
    return True if "eventTrigger" in function else None
