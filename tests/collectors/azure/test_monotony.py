"""The law of monotony on Azure: a row or an answer that lacks something, nulls it, or words it anew betters no verdict.

Every field of every row and answer of the fake tenant is spoiled in turn. Where leaving a field out says something by Azure's own
documentation, it is listed: Azure leaves out, or nulls, what was never set.
"""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest

from agent.demo.microsoft.azure import FakeAzure
from collectors.azure.catalogue import COLLECTORS
from collectors.collector import Collector, Gone, Unseen
from collectors.resource import Resource
from controls.assess import Judge
from controls.catalogue import CHECKS
from controls.verdict import Outcome
from tests.collectors.azure.looking import NOW
from tests.fakes.azure_estate import BAD, GOOD, settle
from tests.fakes.azure_session import AnsweredSession
from tests.fakes.spoiling import LOST, NULLED, bettered, named, spoiled, unexplained, ways

JUDGED = {one.name: one for one in COLLECTORS if one.name != "azure.others"}
JUDGE = Judge(CHECKS)
WORDED = frozenset(
    {
        "access",
        "direction",
        "protocol",
        "protocols",
        "supportedProtocols",
        "diskState",
        "publicAccess",
        "authLevel",
        "kty",
    }
)
"""Fields of which Azure lists the words; in lists too."""
EITHER = (LOST, NULLED)
pytestmark = [pytest.mark.slow, pytest.mark.sampled]
GAPS = (Unseen, Gone, KeyError, AttributeError)
"""What the machinery makes a gap of; the latter two come of what has no id."""
UNSET: dict[str, tuple[str, ...]] = {
    "azure.storage": ("microsoft.storage/storageaccounts/data2/blobservices/default/containers *.properties.publicAccess",),
    "azure.trails": ("microsoft.storage/storageaccounts/logs/blobservices/default/containers *.properties.publicAccess",),
    "azure.caches": ("microsoft.cache/redis properties.enableNonSslPort",),
    "azure.images": ("microsoft.compute/galleries properties.sharingProfile",),
    "azure.machines": (
        "microsoft.compute/virtualmachines identity",
        "microsoft.network/networkinterfaces properties.ipConfigurations.*.properties.publicIPAddress",
    ),
    "azure.sites": (
        "microsoft.web/sites identity",
        "microsoft.web/sites/jobs2/functions *.properties.config.bindings.*.authLevel",  # then it is `function`
    ),
    "azure.container_apps": (
        "microsoft.app/containerapps identity", "microsoft.app/containerapps properties.configuration.ingress",
        "microsoft.app/containerapps properties.configuration.ingress.allowInsecure",
        "microsoft.app/containerapps properties.configuration.ingress.external",
    ),
    "azure.clusters": ("microsoft.containerservice/managedclusters properties.agentPoolProfiles.*.enableNodePublicIP",),
    "azure.registries": ("microsoft.containerregistry/registries properties.anonymousPullEnabled",),
}  # fmt: skip
"""Collector -> fields whose absence says that they are off, or that there is none."""
LEFT_OUT = {
    "azure.storage": (
        "microsoft.storage/storageaccounts/data2/managementpolicies/default properties.policy.rules.*.enabled",
    ),
    "azure.images": ("microsoft.compute/galleries properties.sharingProfile.permissions",),
}
"""The same of fields that Azure never nulls."""


@pytest.fixture(scope="module")
def tenant() -> FakeAzure:
    return settle(FakeAzure())


def seen(azure: FakeAzure, collector: Collector, account: str) -> tuple[list[Resource], set[str]]:
    """What one collector sees of a subscription, and the types and paths that it read for that."""
    beside = {name: tuple(seen(azure, JUDGED[name], account)[0]) for name in collector.beside if name in JUDGED}
    session: Any = AnsweredSession(azure, account, beside)
    found: list[Resource] = []
    with suppress(*GAPS):
        for item in collector.list(session):
            with suppress(*GAPS):
                found.append(collector.describe(session, item))
    return found, session.read


def verdicts(resources: list[Resource]) -> dict[tuple[str, str], Outcome]:
    """What the checks say of them."""
    return {(check.name, one.id): verdict.outcome for one in resources for check, verdict in JUDGE(one, NOW)}


def others(azure: FakeAzure, read: set[str], account: str) -> Iterator[tuple[str, FakeAzure]]:
    """The tenant with one field less, or otherwise, of what was read; with words that say which."""
    for index, row in enumerate(azure.rows):
        for way in ways(row) if row["type"] in read and row["subscriptionId"] == account else ():
            if way in {("id",), ("type",), ("subscriptionId",)}:
                continue  # without these a row is nobody's
            for how, other in spoiled(row, way, worded=worded(row, way)):
                rows = [*azure.rows[:index], other, *azure.rows[index + 1 :]]
                yield f"{row['type']} {named(way)}: {how}", FakeAzure(rows=rows, answers=azure.answers)
    for path, answer in azure.answers.items():
        for way in ways(answer) if path in read else ():
            for how, other in spoiled(answer, way, worded=worded(answer, way)):
                yield (
                    f"{path.rpartition('/providers/')[2]} {named(way)}: {how}",
                    FakeAzure(rows=azure.rows, answers={**azure.answers, path: other}),
                )


def worded(value: Any, way: tuple[Any, ...]) -> bool:
    """It is a word, of a list that Azure gives."""
    for key in way:
        value = value[key]
    return isinstance(value, str) and next(key for key in reversed(way) if isinstance(key, str)) in WORDED


@pytest.mark.parametrize("name", list(JUDGED))
def test_no_answer_that_tells_less_betters_a_verdict(name: str, tenant: FakeAzure) -> None:
    found: dict[str, set[str]] = defaultdict(set)
    for account in (GOOD, BAD):
        resources, read = seen(tenant, JUDGED[name], account)
        before = verdicts(resources)
        for words, azure in others(tenant, read, account):
            if checks := bettered(before, verdicts(seen(azure, JUDGED[name], account)[0])):
                found[words] |= checks
    meant = [f"{field}: {how}" for field in UNSET.get(name, ()) for how in EITHER]
    assert unexplained(found, [*meant, *(f"{field}: {LOST}" for field in LEFT_OUT.get(name, ()))]) == {}
