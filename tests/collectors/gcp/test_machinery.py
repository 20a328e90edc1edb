"""Pages, retries, rates, endpoints and credentials: what goes wrong is a gap that says what, and is never hidden."""

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import grpc
import pytest
from google.cloud.asset_v1.types import Asset
from google.protobuf import json_format

from agent.demo.google.inventory import FakeInventory
from agent.programme import GcpExclusion, GcpScope
from collectors.collector import Collector
from collectors.gap import Reason
from collectors.gcp.catalogue import COLLECTORS
from collectors.gcp.cloud import Gcp
from collectors.gcp.decoding import decoded
from collectors.gcp.disks import DISK, Disks
from collectors.gcp.faults import DISABLED, NOBODY
from collectors.gcp.inventory import FRAME, Inventory
from collectors.gcp.permissions import remedied
from collectors.gcp.places import HOST, OVERRIDE, endpoint, is_provider_host
from collectors.gcp.rates import ATTEMPTS, BUDGET, PER_PROJECT, Rates
from collectors.gcp.session import ABOVE, GcpSession
from collectors.gcp.territory import Territory
from collectors.gcp.wire import Wire
from collectors.hosts import is_provider_host as is_anybodys
from controls.verdict import Outcome
from tests.fakes.gcp_estate import Estate
from tests.fakes.gcp_looking import Look, look

ORGANIZATION = GcpScope(organization="123456789012")


def disks(scope: GcpScope = ORGANIZATION) -> Look:
    """A look at disks alone."""
    return look(scope, [Disks])  # type: ignore[list-item]  # a decorator makes a value of the class


def cleared(page: Any, **fields: Any) -> bytes:
    """The page with some fields taken out or set."""
    for name, value in fields.items():
        page.ClearField(name) if value is None else setattr(page, name, value)
    return bytes(page.SerializeToString())


def renamed(page: Any) -> bytes:
    """The page with assets of another type."""
    for asset in page.assets:
        asset.asset_type = "compute.googleapis.com/Elsewhere"
    return bytes(page.SerializeToString())


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda _: b"\xff\xff not a message", "an answer that is no page"),
        (lambda page: page.SerializeToString()[:-7], "an answer that is no page"),
        (lambda page: cleared(page, read_time=None), "a page without its read time"),
        (lambda page: cleared(page, next_page_token="1"), "a page that leads back to itself"),
        (renamed, "an asset that is not of this listing"),
    ],
)
def test_a_page_that_is_not_as_documented_leaves_its_cells_unseen(
    inventory: FakeInventory, change: Callable[[Any], bytes], words: str
) -> None:
    inventory.trouble(DISK, change=change)
    found = disks()
    said = {(gap.reason, gap.detail, gap.subject) for gap in found.gaps}
    twice = {(Reason.MALFORMED, "two items with one id", "")}
    assert said - twice == {(Reason.MALFORMED, f"{words}: RESOURCE of {DISK}", "")}
    assert not any(visit.complete for visit in found.visits.values())


def test_what_was_read_before_a_listing_broke_stays_seen(inventory: FakeInventory, estate: Estate) -> None:
    for number in range(5):
        estate.add(
            "compute.googleapis.com/Disk",
            f"//compute.googleapis.com/projects/acme-prod/zones/z/disks/d{number}",
            "acme-prod",
            {},
        )
    inventory.trouble(DISK, code=grpc.StatusCode.PERMISSION_DENIED, after=3)
    found = disks()
    assert len(found.resources) == 3
    assert not any(visit.complete for visit in found.visits.values())


@pytest.mark.parametrize(
    ("code", "reason", "tries"),
    [
        (grpc.StatusCode.RESOURCE_EXHAUSTED, Reason.THROTTLED, ATTEMPTS),
        (grpc.StatusCode.UNAVAILABLE, Reason.UNREACHABLE, ATTEMPTS),
        (grpc.StatusCode.DEADLINE_EXCEEDED, Reason.UNREACHABLE, ATTEMPTS),
        (grpc.StatusCode.INTERNAL, Reason.FAILED, ATTEMPTS),
        (grpc.StatusCode.PERMISSION_DENIED, Reason.DENIED, 1),
        (grpc.StatusCode.UNAUTHENTICATED, Reason.EXPIRED, 1),
        (grpc.StatusCode.INVALID_ARGUMENT, Reason.UNSUPPORTED, 1),
        (grpc.StatusCode.NOT_FOUND, Reason.FAILED, 1),
    ],
)
def test_each_error_has_its_reason_and_is_tried_as_often_as_may_help(
    inventory: FakeInventory, code: grpc.StatusCode, reason: Reason, tries: int
) -> None:
    inventory.trouble(DISK, code=code)
    found = disks()
    assert {(gap.reason, gap.detail) for gap in found.gaps} == {(reason, f"{code.name}: RESOURCE of {DISK}")}
    asked = [request for request in inventory.requests if request.asset_type == DISK]
    assert len(asked) == tries
    assert "corp.example" not in repr(found.visits), "the provider's message is not kept"


def test_a_429_is_waited_out(inventory: FakeInventory) -> None:
    inventory.trouble(DISK, code=grpc.StatusCode.RESOURCE_EXHAUSTED, times=3)
    found = disks()
    assert found.gaps == []
    assert {call.status for visit in found.visits.values() for call in visit.calls} == {200}


def test_a_provider_that_refuses_everything_is_not_asked_for_ever(inventory: FakeInventory) -> None:
    inventory.trouble(code=grpc.StatusCode.RESOURCE_EXHAUSTED)
    look()
    assert len(inventory.requests) <= BUDGET + len(inventory.listings())


def test_a_disabled_api_has_its_own_words_and_remedy(inventory: FakeInventory) -> None:
    inventory.trouble(code=grpc.StatusCode.PERMISSION_DENIED, reason=DISABLED)
    found = disks()
    details = {gap.detail for gap in found.estate.gaps}
    assert {detail.partition(":")[0] for detail in details} == {DISABLED}
    assert "enable cloudasset.googleapis.com" in remedied(details.pop(), "")


def test_a_denied_content_names_its_permission() -> None:
    assert "allow cloudasset.assets.listIamPolicy to the role; run" in remedied(
        "PERMISSION_DENIED: IAM_POLICY of x", "run"
    )
    assert remedied("in other words", "run") == "run"


def test_no_minute_holds_more_calls_than_google_counts() -> None:
    now, sent = [0.0], []
    rates = Rates(clock=lambda: now[0], sleep=lambda delay: now.__setitem__(0, now[0] + delay))
    for _ in range(4 * PER_PROJECT):
        rates.wait()
        sent.append(now[0])
    assert sent[PER_PROJECT - 1] == 0.0, "a small estate is read at once"
    assert max(sum(begin <= each < begin + 60 for each in sent) for begin in sent) == PER_PROJECT
    assert sent[-1] <= 3 * 60


def test_a_plain_endpoint_is_the_machines_own_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(OVERRIDE, raising=False)
    assert endpoint() == (HOST, True)
    for url, found in (
        ("http://127.0.0.1:9", ("127.0.0.1:9", False)), ("http://evil.example:9", ("evil.example:9", True)),
        ("https://asset.p.googleapis.com/", ("asset.p.googleapis.com", True)),
    ):  # fmt: skip
        monkeypatch.setenv(OVERRIDE, url)
        assert endpoint() == found


def test_only_googles_hosts_are_googles() -> None:
    assert is_provider_host(HOST)
    assert is_anybodys("cloudasset.googleapis.com:443")
    assert is_anybodys("ec2.eu-west-1.amazonaws.com")
    for host in ("127.0.0.1:9", "googleapis.com.evil.example", "cloudasset.googleapis.example", "evilgoogleapis.com"):
        assert not is_anybodys(host)


def test_without_credentials_there_is_nobody_to_ask_as(monkeypatch: pytest.MonkeyPatch) -> None:
    import google.auth
    from google.auth.exceptions import DefaultCredentialsError

    def nobody(**_: Any) -> Any:
        raise DefaultCredentialsError("none here")

    monkeypatch.delenv(OVERRIDE, raising=False)
    monkeypatch.setattr(google.auth, "default", nobody)
    found = disks()
    assert {(gap.reason, gap.detail) for gap in found.estate.gaps} == {(Reason.NO_ROLE, NOBODY)}
    assert found.visits == {}


def test_the_ambient_project_is_looked_at_where_nothing_is_named(inventory: FakeInventory) -> None:
    found = disks(GcpScope())
    assert {gap.detail for gap in found.estate.gaps} == {"no project in the scope or the credentials"}


def test_projects_alone_are_seen_without_what_they_inherit(inventory: FakeInventory) -> None:
    found = look(GcpScope(projects=("acme-prod", "acme-logs")))
    assert found.estate.gaps == ()
    assert {member.account for member in found.estate.members} == {"acme-prod", "acme-logs"}
    assert {gap.detail for gap in found.gaps if gap.reason is Reason.UNALLOCATED} == {
        f"folders/1001 {ABOVE}", f"organizations/123456789012 {ABOVE}"
    }  # fmt: skip
    assert all(gap.subject for gap in found.gaps)
    passed = {check for check, _ in found.having(Outcome.PASSED)}
    inherited = {
        "activity_is_logged_everywhere",
        "object_stores_require_tls",
        "no_full_administrators",
        "account_blocks_public_data",
    }
    assert not passed & inherited
    assert "databases_are_backed_up" in passed


def test_a_folder_is_seen_with_all_that_lies_in_it(inventory: FakeInventory) -> None:
    found = look(GcpScope(folders=("1001",)))
    assert {member.account for member in found.estate.members} == {"acme-prod", "acme-logs"}
    assert {key.split("/")[1] for key in found.visits} == {"acme-prod", "acme-logs", "1001"}


def test_a_project_that_nobody_decided_about_is_unallocated(inventory: FakeInventory) -> None:
    found = disks(GcpScope(organization="123456789012", projects=("acme-prod",)))
    states = {member.account: member.state for member in found.estate.members}
    assert (states["acme-prod"], states["acme-data"]) == ("in scope", "unallocated")
    assert {gap.reason for gap in found.estate.gaps} == {Reason.UNALLOCATED}
    assert {key.split("/")[1] for key in found.visits} == {"acme-prod"}


def test_a_project_may_be_excluded_by_name(inventory: FakeInventory) -> None:
    left_out = GcpExclusion(project="acme-data", reason="being closed", owner="platform-lead")
    found = disks(GcpScope(organization="123456789012", exclude=(left_out,)))
    (member,) = [one for one in found.estate.members if one.account == "acme-data"]
    assert (member.state, member.reason, member.owner) == ("excluded", "being closed", "platform-lead")


def test_a_declared_project_that_is_not_there_is_a_gap(inventory: FakeInventory) -> None:
    found = disks(GcpScope(projects=("acme-nowhere",)))
    (gap,) = found.estate.gaps
    assert gap.cell == "gcp/acme-nowhere/global/gcp.enabled_regions"
    assert [visit.complete for visit in found.visits.values()] == [False]


def test_a_session_asks_for_nothing_but_listings(inventory: FakeInventory) -> None:
    wire = Wire(ORGANIZATION, Rates(), reason="x")
    session = GcpSession(inventory=Inventory(wire), territory=Territory(), account="p", region="global", seen={})
    with pytest.raises(ValueError, match="not what Google Cloud is read through"):
        session.pages("cloudasset.ExportAssets", "assets", assetType=DISK)
    with pytest.raises(ValueError, match="not what Google Cloud is read through"):
        session.ask("cloudasset.AnalyzeIamPolicy", name="x")


def test_the_protocols_own_words_give_the_same_as_the_shorter_ones(inventory: FakeInventory) -> None:
    cloud = Gcp(ORGANIZATION, session_name="x", pseudonym_key=b"k", sleep=lambda _: None)
    cloud.discover()
    session = GcpSession(
        inventory=cloud._inventory, territory=cloud._territory, account="acme-prod", region="global", seen={}
    )
    listed = list(session.pages("cloudasset.ListAssets", "assets", assetType=DISK))
    assert listed == list(session.assets(DISK))
    bucket = "storage.googleapis.com/Bucket"
    asked = session.ask(
        "cloudasset.ListAssets",
        assetType=bucket,
        contentType="IAM_POLICY",
        name="//storage.googleapis.com/acme-prod-objects",
    )
    assert asked is not None
    assert asked["iamPolicy"]["bindings"][0]["role"] == "roles/storage.objectViewer"
    assert (
        session.ask(
            "cloudasset.ListAssets", assetType=bucket, contentType="IAM_POLICY", name="//storage.googleapis.com/x"
        )
        == {}
    )
    assert session.seen("gcp.buckets") is None
    cloud.close()


def test_many_frames_of_one_owner_are_put_together_again(inventory: FakeInventory, estate: Estate) -> None:
    inventory.page_size = 1000
    names = []
    for number in range(60):
        name = f"//compute.googleapis.com/projects/acme-prod/zones/z/disks/d{number:03}"
        names.append(name)
        estate.add("compute.googleapis.com/Disk", name, "acme-prod", {"name": "x" * (FRAME // 20)})
    found = disks()
    inventory.page_size = 3
    assert found.gaps == []
    assert {one.id for one in found.resources.values()} >= set(names)


def test_an_asset_is_decoded_as_rest_words_it() -> None:
    plain = {
        "name": "//x", "assetType": "a/B", "ancestors": ["projects/1"], "updateTime": "2026-01-10T08:00:00Z",
        "resource": {"version": "v1", "parent": "//p", "location": "eu",
                     "data": {"a": 1, "b": 1.5, "c": None, "d": [True, {"e": "f"}], "g": {}, "h": -3, "big": "9007199254740993"}},
        "iamPolicy": {"bindings": [{"role": "r", "members": ["m"], "condition": {"title": "t", "expression": "e"}}],
                      "auditConfigs": [{"service": "allServices", "auditLogConfigs": [{"logType": "DATA_READ"}]}]},
        "orgPolicy": [{"constraint": "constraints/c", "booleanPolicy": {"enforced": True}}],
        "osInventory": {"name": "n", "updateTime": "2026-01-10T08:00:00Z", "osInfo": {"shortName": "debian"}},
        "accessPolicy": {"title": "perimeter"},
    }  # fmt: skip
    found = decoded(json_format.ParseDict(plain, Asset.pb()()))
    assert found["osInventory"].pop("packages") == 0
    assert found == plain


def test_of_the_software_on_a_machine_only_the_number_of_packages_is_kept() -> None:
    item = {
        "originType": "INVENTORY_REPORT",
        "installedPackage": {"aptPackage": {"packageName": "bash", "version": "5"}},
    }
    asset = {"name": "//x", "assetType": "a/B", "osInventory": {"name": "n", "items": {"1": item, "2": item}}}
    assert decoded(json_format.ParseDict(asset, Asset.pb()()))["osInventory"] == {"name": "n", "packages": 2}


def test_importing_the_catalogue_loads_no_sdk() -> None:
    code = "import sys, collectors.gcp.catalogue, collectors.gcp.cloud; sys.exit(bool({'grpc', 'google'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_catalogue_is_one_explicit_list_of_collectors() -> None:
    names = [collector.name for collector in COLLECTORS]
    assert all(isinstance(collector, Collector) for collector in COLLECTORS)
    assert len(set(names)) == len(names) == 44
    assert all(name.startswith("gcp.") for name in names)
