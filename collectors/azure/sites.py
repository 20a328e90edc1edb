"""App Service: web apps and functions, each with its configuration, its authentication and its logs."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from collectors.azure.elements import flag, header, inner, listed, properties, said, some, switched, text
from collectors.azure.ends import runtime_ends
from collectors.azure.logs import kept
from collectors.azure.privileges import BESIDE, privileged
from collectors.collector import Item, Session, collector
from collectors.resource import FAR
from collectors.serving import Workload

LOGS = {"function": frozenset({"FunctionAppLogs"}), "web app": frozenset({"AppServiceHTTPLogs"})}
LEVELS = {"anonymous": True, "function": False, "admin": False, "system": False, "user": False}
"""What a function asks of callers -> it asks nothing."""
CLOSED = {"enabled": False, "disabled": True}
FRAMEWORK = frozenset({"v2.0", "v3.5", "v4.0"})
"""Of .NET Framework, which lives as long as Windows; Azure writes it beside any other stack too."""


@collector(
    "azure.sites",
    sees=Workload,
    kinds=("function", "web app"),
    learns=("runtime_ends", "open_to_callers", "transport_encrypted", "privileged", "logged"),
    redacts=(
        "publishingUsername", "appSettings", "connectionStrings", "azureStorageAccounts", "metadata", "test_data", "testData",
        "inProcHostedSecrets", "customDomainVerificationId", "registration",
    ),
    moves=("lastModifiedTimeUtc", "usageState", "availabilityState", "runtimeAvailabilityState", "siteScopedCertificatesEnabled"),
    beside=BESIDE,
    grants=(
        "Microsoft.ResourceGraph/resources/read",
        "Microsoft.Web/sites/read",
        "Microsoft.Web/sites/config/read",
        "Microsoft.Web/sites/functions/read",
        "Microsoft.Insights/diagnosticSettings/read",
    ),
    where="account",
)  # fmt: skip
class Sites:
    """Every app of App Service; slots are left out."""

    def list(self, session: Session) -> Iterator[Item]:
        """Rows of Resource Graph."""
        return session.pages("graph.Sites", "data")

    def describe(self, session: Session, item: Item) -> Workload:
        """The row tells of TLS; configuration, authentication, functions and logs are asked for."""
        known = properties(item)
        kind = "function" if "functionapp" in str(item.get("kind")).lower() else "web app"
        settings = properties(session.ask("arm.SiteConfig", id=item["id"]))
        exports = session.ask("arm.DiagnosticSettings", id=item["id"])
        return Workload(
            **header(session, item), kind=kind, runtime_ends=ends(item, known, settings),
            open_to_callers=open_to_callers(session, item, kind, settings), transport_encrypted=flag(known, "httpsOnly"),
            privileged=privileged(session, item), logged=None if exports is None else kept(exports, LOGS[kind]),
        )  # fmt: skip


def ends(item: Item, known: Mapping[str, Any] | None, settings: Mapping[str, Any] | None) -> datetime | None:
    """When the support of the app's runtime ends; on Windows only newer .NET and containers say what they run."""
    flexible = inner(known, "functionAppConfig", "runtime")
    if flexible is not None:
        return runtime_ends(f"{text(flexible, 'name')}|{text(flexible, 'version')}")
    stack = text(settings, "linuxFxVersion") or text(settings, "windowsFxVersion")
    if stack:
        return runtime_ends(stack)
    framework = text(settings, "netFrameworkVersion")
    if framework is None or "linux" in str(item.get("kind")).lower():
        return FAR if "container" in str(item.get("kind")).lower() and settings is not None else None
    return None if framework in FRAMEWORK else runtime_ends(f"dotnet|{framework.removeprefix('v')}")


def open_to_callers(session: Session, item: Item, kind: str, settings: Mapping[str, Any] | None) -> bool | None:
    """Anybody may call: the network is open, no certificate and no sign-in is asked for, and of a function not even its key.

    What an app asks in its own pages is not seen: a web app without App Service's authentication is open.
    """
    known = properties(item)
    doors = (
        said(known, "publicNetworkAccess", CLOSED),
        certified(known),
        None if settings is None else fenced(settings),
    )
    if True in doors:
        return False
    asked = authenticated(properties(session.ask("arm.SiteAuth", id=item["id"])))
    if asked:
        return False
    anonymous = True if kind == "web app" else keyless(session, item)
    if anonymous is False:
        return False
    return None if None in (known, settings, asked, anonymous) else True


def certified(known: Mapping[str, Any] | None) -> bool:
    """Each caller needs a certificate."""
    mode = (text(known, "clientCertMode") or "").lower()
    return bool(flag(known, "clientCertEnabled")) and mode == "required"


def fenced(settings: Mapping[str, Any]) -> bool:
    """Addresses that no rule names are refused."""
    if (text(settings, "ipSecurityRestrictionsDefaultAction") or "").lower() == "deny":
        return True
    rules = listed(settings, "ipSecurityRestrictions") or []
    return any((text(one, "action") or "").lower() == "deny" and text(one, "ipAddress") == "Any" for one in rules)


def authenticated(auth: Mapping[str, Any] | None) -> bool | None:
    """The platform asks everybody to sign in before anything answers."""
    if auth is None:
        return None
    on = switched(auth, "platform", "enabled")
    rules = inner(auth, "globalValidation")
    refused = (text(rules, "unauthenticatedClientAction") or "").lower() not in {"", "allowanonymous"}
    return on and (refused or bool(flag(rules, "requireAuthentication"))) and not exempt(rules)


def exempt(rules: Mapping[str, Any] | None) -> bool:
    """Some paths are open to all the same."""
    return bool((rules or {}).get("excludedPaths"))


def keyless(session: Session, item: Item) -> bool | None:
    """Some function answers over HTTP without a key."""
    functions = listed(session.ask("arm.SiteFunctions", id=item["id"]), "value")
    return None if functions is None else some(map(anonymous, functions))


def anonymous(function: Mapping[str, Any]) -> bool | None:
    """One function is on, is called over HTTP, and asks for no key."""
    known = properties(function)
    bindings = listed(inner(known, "config"), "bindings")
    if flag(known, "isDisabled"):
        return False
    return None if bindings is None else some(map(_open, bindings))


def _open(binding: Mapping[str, Any]) -> bool | None:
    way = text(binding, "type")
    if way is None or way.lower() != "httptrigger":
        return None if way is None else False
    return LEVELS.get(str(binding.get("authLevel") or "function").lower())
