"""Container registries. Tags are locked one by one in the data plane, which is not asked: whether they stay is not learned."""

from collections.abc import Iterator, Mapping
from typing import Any, cast

from collectors.azure.defender import plan
from collectors.azure.elements import header, instant, properties, said, switched
from collectors.azure.session import AzureSession
from collectors.collector import Item, Session, collector
from collectors.serving import Registry

PLANS = ("Containers", "ContainerRegistry")
"""Defender's plans that look through images; the second is the older one."""


@collector(
    "azure.registries",
    sees=Registry,
    kinds=("image registry",),
    learns=("scanned", "public"),
    moves=("freeTrialRemainingTime",),
    grants=(
        "Microsoft.ResourceGraph/resources/read",
        "Microsoft.ContainerRegistry/registries/read",
        "Microsoft.Security/pricings/read",
    ),
    where="account",
)
class Registries:
    """Every container registry of the subscription."""

    def list(self, session: Session) -> Iterator[Item]:
        """Rows of Resource Graph."""
        return session.pages("graph.Registries", "data")

    def describe(self, session: Session, item: Item) -> Registry:
        """The row tells all but whether Defender looks at its images."""
        known = properties(item)
        plans = cast("AzureSession", session).ask_once("arm.Pricings")
        found = [plan(plans, name) for name in PLANS]
        return Registry(
            **header(session, item), kind="image registry", created=instant(known, "creationDate"),
            scanned=None if None in found else any(one.on for one in found if one),
            public=switched(known, "anonymousPullEnabled"),
        )  # fmt: skip


def content_expires(known: Mapping[str, Any] | None) -> bool | None:
    """Images without a tag are deleted after some days."""
    policies = (known or {}).get("policies")
    retention = policies.get("retentionPolicy") if isinstance(policies, Mapping) else None
    if known is None:
        return None
    return said(retention, "status", {"enabled": True, "disabled": False}) if isinstance(retention, Mapping) else False
