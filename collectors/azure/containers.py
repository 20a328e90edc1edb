"""Container Apps: how each is called, as whom it runs, and where its environment keeps its logs."""

from collections.abc import Iterator, Mapping
from typing import Any, cast

from collectors.azure.elements import header, inner, instant, listed, properties, some, switched, text
from collectors.azure.logs import kept
from collectors.azure.machines import own_id
from collectors.azure.privileges import BESIDE, privileged
from collectors.azure.session import AzureSession
from collectors.azure.sites import authenticated
from collectors.collector import Item, Session, collector
from collectors.serving import Workload

CONSOLE = frozenset({"ContainerAppConsoleLogs"})


@collector(
    "azure.container_apps",
    sees=Workload,
    kinds=("container service",),
    learns=("open_to_callers", "transport_encrypted", "privileged", "logged"),
    moves=("latestRevisionName", "latestReadyRevisionName", "latestRevisionFqdn", "runningStatus"),
    redacts=(
        "env", "args", "command", "secrets", "customDomainVerificationId", "registration", "daprAIConnectionString", "passwordSecretRef",
    ),
    beside=BESIDE,
    grants=(
        "Microsoft.ResourceGraph/resources/read",
        "Microsoft.App/containerApps/read",
        "Microsoft.App/containerApps/authConfigs/read",
        "Microsoft.App/managedEnvironments/read",
        "Microsoft.Insights/diagnosticSettings/read",
    ),
    where="account",
)  # fmt: skip
class ContainerApps:
    """Every container app of the subscription."""

    def list(self, session: Session) -> Iterator[Item]:
        """Rows of Resource Graph."""
        return session.pages("graph.ContainerApps", "data")

    def describe(self, session: Session, item: Item) -> Workload:
        """The row tells how it is called; authentication and the environment's logs are asked for."""
        known = properties(item)
        entry = inner(known, "configuration", "ingress")
        return Workload(
            **header(session, item), kind="container service", created=instant(inner(item, "systemData"), "createdAt"),
            open_to_callers=open_to_callers(session, item), privileged=privileged(session, item), logged=logged(session, known),
            transport_encrypted=transport_encrypted(known, entry),
        )  # fmt: skip


def transport_encrypted(known: Mapping[str, Any] | None, entry: Mapping[str, Any] | None) -> bool | None:
    """Plain HTTP is sent on to HTTPS; where nobody can call, nobody calls in the clear."""
    if unsaid(known):
        return None
    if entry is None:
        return True
    insecure = switched(entry, "allowInsecure")
    return None if insecure is None else not insecure and (text(entry, "transport") or "").lower() != "tcp"


def unsaid(known: Mapping[str, Any] | None) -> bool:
    """Nobody says how the app is entered; where it cannot be, its configuration has no entry."""
    settings = inner(known, "configuration")
    return settings is None or not isinstance(settings.get("ingress"), dict | None)


def open_to_callers(session: Session, item: Item) -> bool | None:
    """It answers outside of its environment, to every address, without a certificate and without a sign-in."""
    known = properties(item)
    entry = inner(known, "configuration", "ingress")
    outside = switched(entry, "external")
    if unsaid(known) or (entry is not None and outside is None):
        return None
    fences = listed(entry, "ipSecurityRestrictions") or []
    allowed = any((text(one, "action") or "").lower() == "allow" for one in fences)
    certified = (text(entry, "clientCertificateMode") or "").lower() == "require"
    if entry is None or not outside or allowed or certified:
        return False
    rules = listed(session.ask("arm.ContainerAppAuth", id=item["id"]), "value")
    asked = None if rules is None else some(authenticated(properties(one)) for one in rules)
    return None if asked is None else not asked


def logged(session: Session, known: Mapping[str, Any] | None) -> bool | None:
    """The environment sends what its apps write to a workspace, or its diagnostic settings do."""
    environment = text(known, "environmentId") or text(known, "managedEnvironmentId")
    if environment is None:
        return None
    rows = cast("AzureSession", session).joined("graph.AppEnvironments", own_id, environment)
    if not rows or properties(rows[0]) is None:
        return None
    kept_in = text(inner(properties(rows[0]), "appLogsConfiguration"), "destination")
    if kept_in != "azure-monitor":
        return kept_in == "log-analytics"
    exports = cast("AzureSession", session).ask_once("arm.DiagnosticSettings", id=environment)
    return None if exports is None else kept(exports, CONSOLE)
