"""The mix of resources of an organisation that is a cloud provider, made from what the fake estates of all three clouds show.

The shares are ours, by what inventories of such organisations hold: many disks and copies of them, rights, networks and logs, few of what
stands for a whole account. A kind that is not named has the share `OTHER`. The estates show something wrong wherever something can be; in
the mix what fails nothing is shown as often as `SOUND` of what fails something.
"""

import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from agent.canonical import encode, lines
from agent.demo.google.inventory import FakeInventory
from agent.demo.microsoft.azure import FakeAzure
from agent.programme import AzureScope
from collectors.aws.catalogue import COLLECTORS
from collectors.azure.cloud import Azure
from collectors.gcp.places import OVERRIDE
from collectors.sighting import Reading, Sighting, Visit
from controls.assess import Judge
from controls.catalogue import CHECKS
from controls.verdict import Outcome
from tests.bench.judging import NOW, Template
from tests.collectors.azure.looking import visits
from tests.conftest import ambient
from tests.fakes.aws_looking import ACCOUNTS, look, served
from tests.fakes.azure_estate import TENANT, settle
from tests.fakes.estate import Estate
from tests.fakes.gcp_estate import organization
from tests.fakes.gcp_looking import look as gcp_look

JUDGE = Judge(CHECKS)
CLOUDS = {"aws": 60, "azure": 25, "gcp": 15}
"""Of a hundred resources."""
SHARES = {
    "DataStore": {
        "snapshot": 120,
        "volume": 100,
        "database snapshot": 30,
        "object store": 30,
        "database": 12,
        "image": 10,
    },
    "Entitlement": {
        "role": 60,
        "service principal": 40,
        "principal": 60,
        "policy": 30,
        "user": 10,
        "service account": 20,
    },
    "Identity": {"user": 12, "service account": 25, "application": 15},
    "Firewall": {"security group": 70, "network security group": 50, "firewall rule": 50},
    "Network": {"subnet": 40, "network": 8, "vpc": 8},
    "Workload": {"machine": 70, "function": 35, "machine group": 6, "container service": 12, "web app": 10},
    "LogStore": {"log store": 70},
    "Key": {"key": 20},
    "Secret": {"secret": 25},
    "Endpoint": {"load balancer": 12, "api": 8},
    "Certificate": {"certificate": 10},
    "Registry": {"image registry": 10},
    "Finding": {"vulnerability": 60, "threat": 5, "foreign access": 5},
    "Quota": {"quota": 10},
    "Unjudged": {"resource type": 10},
}
"""Type -> kind -> share within a cloud, next to the others that it has."""
OTHER = 2
SOUND = 8


def templates() -> list[Template]:
    """Every resource of the fake estates, with its share of the mix."""
    shown = {"aws": list(_aws()), "gcp": list(_gcp()), "azure": list(_azure())}
    return [one for cloud, seen in shown.items() for one in _shared(cloud, list(_sighted(seen)))]


def _shared(cloud: str, seen: Sequence[tuple[Sighting, bytes]]) -> Iterator[Template]:
    by_kind: Mapping[tuple[str, str], list[tuple[Sighting, bytes, int]]] = defaultdict(list)
    for sighting, reading in seen:
        by_kind[type(sighting.resource).__name__, sighting.resource.kind].append((sighting, reading, _weight(sighting)))
    weights = {(of, kind): SHARES.get(of, {}).get(kind, OTHER) for of, kind in by_kind}
    for (of, kind), ones in by_kind.items():
        share = CLOUDS[cloud] / sum(CLOUDS.values()) * weights[of, kind] / sum(weights.values())
        for sighting, reading, weight in ones:
            yield Template(
                cloud=cloud, share=share * weight / sum(each for _, _, each in ones), type_name=of,
                account=sighting.resource.account, id=sighting.resource.id,
                sighting=encode(sighting).decode(), reading=reading.decode(),
            )  # fmt: skip


def _weight(sighting: Sighting) -> int:
    failed = any(verdict.outcome is Outcome.FAILED for _, verdict in JUDGE(sighting.resource, NOW))
    return 1 if failed else SOUND


def _sighted(seen: Sequence[Visit]) -> Iterator[tuple[Sighting, bytes]]:
    for visit in seen:
        moved: dict[str, Reading] = {one.id: one for one in visit.readings}
        for sighting in visit.sightings:
            reading = moved.get(sighting.resource.id)
            yield sighting, encode(reading) if reading is not None else b""


def _aws() -> Iterator[Visit]:
    with pytest.MonkeyPatch.context() as patch:
        ambient(patch, ACCOUNTS[0], "")
        with served(Estate(accounts=ACCOUNTS), patch) as (_, aws):
            yield from look(aws, aws.cells(aws.discover(), COLLECTORS)).visits.values()


def _gcp() -> Iterator[Visit]:
    server = FakeInventory(assets=organization().listed).start()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(OVERRIDE, server.url)
        yield from gcp_look().visits.values()
    server.stop()


def _azure() -> Iterator[Visit]:
    server = settle(FakeAzure()).start()
    with pytest.MonkeyPatch.context() as patch:
        for name, value in server.environment().items():
            patch.setenv(name, value)
        azure = Azure(AzureScope(tenant=TENANT, credentials="managed identity"), pseudonym_key=b"bench")
        yield from visits(azure, azure.discover())
        azure.close()
    server.stop()


if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(lines(templates()))
