"""The law of monotony on Google Cloud: an asset that lacks something, or nulls it, betters no verdict.

Every field of the description of every asset of the fake organisation is spoiled in turn. Google leaves out what is off, empty or never set
(JSON of protocol buffers), so that a field's absence often is an answer: those are listed. Policies are such messages themselves, and
nothing can be left out of them.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
import zstandard
from google.cloud.asset_v1.types import Asset
from google.protobuf import json_format

from agent.demo.google.inventory import ALWAYS, FakeInventory
from collectors.collector import Cell
from collectors.gcp.catalogue import COLLECTORS
from collectors.gcp.cloud import Gcp
from collectors.gcp.inventory import Inventory, Shelf
from collectors.gcp.places import OVERRIDE
from collectors.visit import whole
from controls.assess import Judge
from controls.catalogue import CHECKS
from controls.verdict import Outcome
from tests.fakes.gcp_estate import organization
from tests.fakes.gcp_looking import KEY, NOW, SCOPE
from tests.fakes.spoiling import bettered, named, spoiled, unexplained, ways

pytestmark = [pytest.mark.slow, pytest.mark.sampled]
LEVELS = "cloudresourcemanager.googleapis.com/"
"""Projects and what is above them were discovered before."""
RESOURCE = "RESOURCE"
BY_NAME = {one.name: one for one in COLLECTORS}
JUDGE = Judge(CHECKS)
Key = tuple[str, str, str]
"""Root, asset type as a regular expression, content."""
UNSET: dict[str, tuple[str, ...]] = {
    "alloydb.googleapis.com/Instance": (
        "networkConfig", "networkConfig.authorizedExternalNetworks", "networkConfig.enablePublicIp",
    ),
    "appengine.googleapis.com/Version": ("serviceAccount",),  # then it is the default one, and so below
    "backupdr.googleapis.com/DataSource": ("backupConfigInfo", "backupConfigInfo.lastBackupState"),
    "bigquery.googleapis.com/Dataset": ("access", "access.*.specialGroup"),  # the inventory tells access by policies
    "cloudfunctions.googleapis.com/CloudFunction": ("serviceAccountEmail",),
    "compute.googleapis.com/Instance": ("labels", "labels.env", "networkInterfaces.*.accessConfigs", "serviceAccounts"),
    "compute.googleapis.com/SecurityPolicy": ("rules.*.preview",),
    "compute.googleapis.com/Subnetwork": ("ipv6AccessType",),
    "compute.googleapis.com/UrlMap": ("defaultService",),  # then it only redirects
    "logging.googleapis.com/LogSink": ("disabled", "filter"),
    "monitoring.googleapis.com/NotificationChannel": ("enabled",),  # then it is on
    "osconfig.googleapis.com/VulnerabilityReport": ("vulnerabilities",),
    "run.googleapis.com/Service": ("template.serviceAccount",),
    "securitycentermanagement.googleapis.com/SecurityCenterService": ("intendedEnablementState",),  # then it is inherited
    "sqladmin.googleapis.com/Instance": ("settings.ipConfiguration.authorizedNetworks", "settings.ipConfiguration.ipv4Enabled"),
}  # fmt: skip
"""Asset type -> fields of its description whose absence says that they are off, or that there is none."""


class Known(Inventory):
    """What one sweep was told, to be asked again with single assets otherwise."""

    def __init__(self, first: Inventory) -> None:
        super().__init__(first._wire)
        self._shelves = dict(first._shelves)
        self.asked: set[Key] = set()

    def shelf(self, root: str, asset_type: str, content: str) -> Shelf:
        """As it was told, or as it is now."""
        self.asked.add((root, asset_type, content))
        return super().shelf(root, asset_type, content)

    def fitting(self, asset_type: str) -> list[Key]:
        """Listings that have assets of a type, with their descriptions."""
        return [key for key in self._shelves if key[2] == RESOURCE and re.fullmatch(key[1] or ".+", asset_type)]

    def having(self, assets: list[dict[str, Any]], old: dict[str, Any], new: dict[str, Any]) -> "Known":
        """The same with one asset instead of another."""
        found, owner = Known(self), str(old["ancestors"][0])
        for key in self.fitting(old["assetType"]):
            kept = [new if one is old else one for one in assets if one["ancestors"][0] == owner and "resource" in one]
            fits = [one for one in kept if re.fullmatch(key[1] or ".+", one["assetType"])]
            before = self._shelves[key]
            found._shelves[key] = Shelf(
                frames={**before.frames, owner: [frame(fits)]}, pages=before.pages, homes=before.homes, calls=before.calls,
                read=before.read,
            )  # fmt: skip
        return found


def frame(assets: list[dict[str, Any]]) -> bytes:
    """Assets as a shelf keeps them."""
    whole_frame = b""
    for asset in assets:
        told = {key: asset[key] for key in (*ALWAYS, "resource") if key in asset}
        line = json_format.ParseDict(told, Asset.pb()()).SerializeToString()
        whole_frame += len(line).to_bytes(4, "big") + line
    return zstandard.ZstdCompressor(level=1).compress(whole_frame)


class Swept:
    """One sweep of the fake organisation, and what each of its cells asked."""

    def __init__(self, cloud: Gcp, assets: list[dict[str, Any]]) -> None:
        self.cloud, self.assets = cloud, assets
        self.cells = [cell for cell in cloud.cells(cloud.discover(), COLLECTORS) if cell.collector != "gcp.others"]
        for cell in self.cells:
            self.verdicts(cell)
        self.first = Known(cloud._inventory)
        self.asked: dict[Cell, set[Key]] = {}
        self.before: dict[Cell, dict[tuple[str, str], Outcome]] = {}
        for cell in self.cells:
            cloud._inventory = again = Known(self.first)
            self.before[cell] = self.verdicts(cell)
            self.asked[cell] = again.asked

    def verdicts(self, cell: Cell) -> dict[tuple[str, str], Outcome]:
        """What the checks say of what a visit sees now."""
        visit = self.cloud.visit(cell, BY_NAME[cell.collector], {})
        moving = {one.id: one for one in visit.readings}
        return {
            (check.name, one.resource.id): verdict.outcome
            for one in visit.sightings
            for check, verdict in JUDGE(whole(one, moving.get(one.resource.id)), NOW)
        }

    def bettered(self, old: dict[str, Any], new: dict[str, Any]) -> set[str]:
        """Checks that one asset instead of another betters."""
        known = self.first.having(self.assets, old, new)
        about = set(known.fitting(old["assetType"]))
        found: set[str] = set()
        for cell in self.cells:
            if self.asked[cell] & about:
                self.cloud._inventory = Known(known)
                found |= bettered(self.before[cell], self.verdicts(cell))
        return found


@pytest.fixture(scope="module")
def swept() -> Iterator[Swept]:
    assets = json.loads(json.dumps(organization().listed()))
    server = FakeInventory(assets=lambda: assets)
    server.page_size = 1000
    server.start()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(OVERRIDE, server.url)
        cloud = Gcp(SCOPE, session_name="starcadence-test", pseudonym_key=KEY, sleep=lambda _: None)
        yield Swept(cloud, assets)
        cloud.close()
    server.stop()


TYPES = sorted(
    {
        one["assetType"]
        for one in organization().listed()
        if "resource" in one and not one["assetType"].startswith(LEVELS)
    }
)


@pytest.mark.parametrize("asset_type", TYPES)
def test_no_asset_that_tells_less_betters_a_verdict(swept: Swept, asset_type: str) -> None:
    found = betterings(swept, asset_type)
    assert unexplained(found, UNSET.get(asset_type, ())) == {}


def betterings(swept: Swept, asset_type: str) -> dict[str, set[str]]:
    """Field of a description -> checks that its absence, or a null, betters."""
    found: dict[str, set[str]] = defaultdict(set)
    for asset in [one for one in swept.assets if one["assetType"] == asset_type and "resource" in one]:
        told = asset["resource"]["data"]
        for way in ways(told):
            for _, other in spoiled(told, way, worded=False):
                with suppress(json_format.ParseError):  # what no message can say
                    found[named(way)] |= swept.bettered(
                        asset, {**asset, "resource": {**asset["resource"], "data": other}}
                    )
    return {field: checks for field, checks in found.items() if checks}
