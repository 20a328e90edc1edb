"""Users and applications of the tenant, through Microsoft Graph: no names of persons are asked for.

Sign-in activity is a report that Microsoft makes late, and keeps only for tenants with a P1 licence or more; the second factor is what
the user has registered, not what a conditional access policy asks for.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, cast

from collectors.azure.elements import flag, inner, instant, listed, text
from collectors.azure.session import AzureSession
from collectors.collector import Item, Session, collector
from collectors.resource import AccessKey, Identity

USES = ("lastSuccessfulSignInDateTime", "lastSignInDateTime", "lastNonInteractiveSignInDateTime")


@collector(
    "azure.identities",
    sees=Identity,
    kinds=("user", "application"),
    learns=("console", "mfa", "keys", "last_active", "never_active"),
    readings=("last_active", "never_active"),
    moves=("answered", "signInActivity"),
    redacts=("displayName", "hint", "userPrincipalName", "customKeyIdentifier"),
    grants=("User.Read.All", "AuditLog.Read.All", "Application.Read.All"),
    where="organization",
)
class Identities:
    """Every user of the tenant, guests too, and every application that it registered."""

    def list(self, session: Session) -> Iterator[Item]:
        """Elements of `/users`, each with its registration beside it; then `/applications`, each with when Microsoft answered."""
        registered = {
            str(one.get("id")): {"isMfaRegistered": one.get("isMfaRegistered")}
            for one in session.pages("directory.Registrations", "value")
        }
        for user in session.pages("directory.Users", "value"):
            yield {**user, "registration": registered.get(str(user.get("id")))}
        for application in session.pages("directory.Applications", "value"):
            yield {**application, "answered": cast("AzureSession", session).answered}

    def describe(self, session: Session, item: Item) -> Identity:
        """The elements tell all."""
        kind = "application" if "passwordCredentials" in item else "user"
        place = f"/tenants/{session.account}/{kind}s/{item['id'].lower()}"
        if kind == "application":
            return Identity(
                id=place, provider="azure", account=session.account, region="global", kind=kind, name=text(item, "appId"), tags={},
                managed_by="customer", created=instant(item, "createdDateTime"), console=False, keys=keys(item),
            )  # fmt: skip
        used = last_used(item)
        return Identity(
            id=place, provider="azure", account=session.account, region="global", kind=kind, name=item["id"], tags={},
            managed_by="customer", created=instant(item, "createdDateTime"), console=flag(item, "accountEnabled"),
            mfa=flag(item["registration"], "isMfaRegistered"), keys=(), last_active=used,
            never_active=used is None and not item.get("signInActivity"),
        )  # fmt: skip


def last_used(item: Item) -> datetime | None:
    """The latest sign-in of any sort."""
    activity = inner(item, "signInActivity")
    return max((found for name in USES if (found := instant(activity, name))), default=None)


def keys(item: Item) -> tuple[AccessKey, ...] | None:
    """Secrets and certificates; one whose end had come when Microsoft answered is not active any more."""
    now = item["answered"]
    found: list[AccessKey] = []
    for name in ("passwordCredentials", "keyCredentials"):
        credentials = listed(item, name)
        if credentials is None:
            return None
        found += (AccessKey(active=not ended(one, now), created=instant(one, "startDateTime")) for one in credentials)
    return tuple(sorted(found, key=lambda one: (one.created is None, str(one.created))))


def ended(credential: Mapping[str, Any], now: datetime | None) -> bool:
    """The credential's end lies behind."""
    end = instant(credential, "endDateTime")
    return end is not None and now is not None and end <= now
