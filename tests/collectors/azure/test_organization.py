"""Discovery: which subscriptions there are, how the scope takes each, and what could not be found out."""

from types import SimpleNamespace

import pytest

from agent.demo.microsoft.azure import FakeAzure, Trouble
from collectors.azure.catalogue import COLLECTORS
from collectors.azure.places import host_of
from collectors.gap import Reason
from tests.fakes.azure_estate import BAD, DISABLED, GOOD, GROUP, STRANGER, TENANT


def states(estate):
    return {one.account: one.state for one in estate.members}


def gaps(estate):
    return {(gap.cell, gap.reason, gap.detail) for gap in estate.gaps}


def leave_out(subscription):
    return SimpleNamespace(subscription=subscription, reason="a laboratory", owner="ops")


EVERY = {GOOD: "in scope", BAD: "in scope", DISABLED: "closed"}
ORGANIZATION = f"azure/{TENANT}/global/azure.organization"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({}, EVERY),
        ({"tenant": TENANT}, EVERY),
        ({"management_group": GROUP}, EVERY),
        ({"subscriptions": (GOOD,)}, {GOOD: "in scope"}),
        ({"subscriptions": (GOOD,), "exclude": (leave_out(BAD),)}, {GOOD: "in scope", BAD: "excluded"}),
        ({"tenant": TENANT, "exclude": (leave_out(BAD),)}, {**EVERY, BAD: "excluded"}),
        ({"tenant": TENANT, "subscriptions": (GOOD,)}, {**EVERY, BAD: "unallocated"}),
    ],
)
def test_every_subscription_is_in_scope_excluded_unallocated_or_closed(sweep, azure, said, expected):
    estate = sweep(**said).discover()
    assert states(estate) == expected
    assert {gap.reason for gap in estate.gaps} == (
        {Reason.UNALLOCATED} if "unallocated" in expected.values() else set()
    )
    assert estate.read is not None


def test_an_exclusion_says_why_and_who(sweep, azure):
    estate = sweep(tenant=TENANT, exclude=(leave_out(BAD),)).discover()
    member = next(one for one in estate.members if one.account == BAD)
    assert (member.reason, member.owner, member.name) == ("a laboratory", "ops", "sub 2")


def test_cells_are_subscriptions_in_scope_and_the_tenant(sweep, azure):
    found = sweep(tenant=TENANT)
    cells = found.cells(found.discover(), COLLECTORS)
    assert list(cells) == sorted(cells)
    assert {cell.account for cell in cells} == {GOOD, BAD, TENANT}
    assert [cell.collector for cell in cells if cell.account == TENANT] == [
        "azure.device_rules", "azure.directory", "azure.identities",
    ]  # fmt: skip
    assert len(cells) == 2 * (len(COLLECTORS) - 3) + 3


def test_nothing_in_an_excluded_subscription_is_asked_for(sweep, azure: FakeAzure):
    from tests.collectors.azure.looking import visits

    found = sweep(tenant=TENANT, exclude=(leave_out(BAD),))
    visits(found, found.discover())
    assert not any(BAD in one.path or BAD in str(one.body) for one in azure.asked)


def test_a_group_that_may_not_be_listed_is_a_gap_and_what_is_visible_is_seen(sweep, azure: FakeAzure):
    azure.deny("Microsoft.Management/managementGroups/descendants/read")
    estate = sweep(tenant=TENANT).discover()
    assert states(estate) == EVERY
    assert gaps(estate) == {(ORGANIZATION, Reason.DENIED, "AuthorizationFailed")}


def test_a_subscription_that_the_credentials_do_not_see_is_a_gap_of_its_own(sweep, azure: FakeAzure):
    azure.answers["/subscriptions"] = azure.answers["/subscriptions"][:1]
    estate = sweep(tenant=TENANT).discover()
    assert states(estate)[BAD] == "in scope"
    assert (f"azure/{BAD}/global/azure.enabled_regions", Reason.NO_ROLE, "not visible to these credentials") in gaps(
        estate
    )


def test_a_scope_that_names_what_is_not_visible_is_a_gap(sweep, azure: FakeAzure):
    estate = sweep(subscriptions=(GOOD, STRANGER)).discover()
    assert states(estate) == {GOOD: "in scope", STRANGER: "in scope"}
    assert {gap.reason for gap in estate.gaps} == {Reason.NO_ROLE}


@pytest.mark.parametrize(
    ("trouble", "reason", "detail"),
    [
        ({"about": "/subscriptions", "status": 200, "raw": b'{"value": []}'}, Reason.DENIED,
         "no subscription is visible to these credentials"),
        ({"about": "/subscriptions", "status": 200, "raw": b'{"value": [{}]}'}, Reason.MALFORMED, "a subscription without an id"),
        ({"about": "/subscriptions", "status": 200, "raw": b"[]"}, Reason.MALFORMED, "an answer that is no object"),
        ({"about": "/subscriptions", "status": 200, "raw": b'{"value": [7]}'}, Reason.MALFORMED, "an answer without value"),
        ({"about": "/subscriptions", "status": 503, "code": "ServerBusy"}, Reason.FAILED, "ServerBusy"),
        ({"about": "descendants", "status": 200, "raw": b'{"value": []}'}, Reason.MALFORMED, "a management group without subscriptions"),
        ({"about": "descendants", "status": 200, "raw": b'{"value": [], "nextLink": "https://evil.example/x"}'}, Reason.MALFORMED,
         "a next page elsewhere"),
        ({"about": "descendants", "status": 400, "code": "InvalidApiVersionParameter"}, Reason.UNSUPPORTED, "InvalidApiVersionParameter"),
    ],
)  # fmt: skip
def test_what_discovery_cannot_find_out_concerns_every_check(sweep, azure: FakeAzure, trouble, reason, detail):
    azure.troubles.append(Trouble(**trouble))
    estate = sweep(tenant=TENANT).discover()
    assert (ORGANIZATION, reason, detail) in gaps(estate)
    assert all(one.state != "excluded" for one in estate.members)


def test_subscriptions_of_several_tenants_are_a_gap_since_nobody_knows_whose_users_are_meant(sweep, azure: FakeAzure):
    azure.answers["/subscriptions"][1]["tenantId"] = STRANGER
    estate = sweep().discover()
    assert (estate.management_account, states(estate)) == (None, EVERY)
    assert {(gap.reason, gap.detail) for gap in estate.gaps} == {
        (Reason.UNSUPPORTED, "subscriptions of several tenants in one scope")
    }
    assert sweep(subscriptions=(GOOD,)).discover().management_account == TENANT


def test_a_subscription_that_is_named_and_lies_elsewhere_is_not_passed_over(sweep, azure: FakeAzure):
    estate = sweep(tenant=TENANT, subscriptions=(GOOD, BAD, STRANGER)).discover()
    assert states(estate)[STRANGER] == "in scope"
    assert {gap.reason for gap in estate.gaps} == {Reason.NO_ROLE}


def test_a_link_with_the_schemes_own_port_is_the_same_place():
    assert host_of("https://management.azure.com:443/x") == host_of("https://MANAGEMENT.azure.com/y")
    assert host_of("https://management.azure.com:80/x") != host_of("https://management.azure.com/y")
    assert host_of("https://management.azure.com@evil.example/x") == "evil.example"


def test_listings_are_read_page_by_page(sweep, azure: FakeAzure):
    azure.page = 1
    assert states(sweep(tenant=TENANT).discover()) == EVERY


def test_a_page_that_leads_back_to_itself_ends_the_listing(sweep, azure: FakeAzure):
    where = f"{azure.url}/subscriptions?api-version=2022-12-01"
    answer = f'{{"value": [{{"subscriptionId": "{GOOD}", "tenantId": "{TENANT}"}}], "nextLink": "{where}"}}'
    azure.troubles.append(Trouble(about="/subscriptions", status=200, raw=answer.encode()))
    assert {gap.detail for gap in sweep().discover().gaps} == {"a page that leads back to itself"}


def test_without_credentials_there_is_nobody_to_ask_as(sweep, azure, monkeypatch):
    for name in ("IDENTITY_ENDPOINT", "IDENTITY_HEADER"):
        monkeypatch.delenv(name)
    estate = sweep(tenant=TENANT, credentials="environment").discover()
    assert {(gap.reason, gap.detail) for gap in estate.gaps} == {(Reason.NO_ROLE, "no ambient credentials")}
    assert estate.calls == ()


def test_a_provider_that_cannot_be_reached_is_a_gap(sweep, azure: FakeAzure, monkeypatch):
    monkeypatch.setenv("STARCADENCE_AZURE_ENDPOINT", "http://127.0.0.1:9")
    estate = sweep(tenant=TENANT).discover()
    assert {gap.reason for gap in estate.gaps} == {Reason.UNREACHABLE}


@pytest.mark.parametrize("way", ["managed identity", "ambient"])
def test_a_managed_identity_is_found_by_name_and_by_itself(sweep, azure, way, monkeypatch):
    for name in ("AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET", "AZURE_TENANT_ID", "AZURE_FEDERATED_TOKEN_FILE"):
        monkeypatch.delenv(name, raising=False)
    assert states(sweep(credentials=way).discover()) == EVERY
