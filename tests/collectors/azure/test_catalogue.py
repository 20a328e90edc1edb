"""The collectors together, by the real clients over HTTP against the fake tenant, where each permission can be taken away."""

import subprocess
import sys
from collections import Counter

import msgspec
import pytest

from agent.demo.microsoft.azure import FakeAzure, Trouble
from collectors.azure.catalogue import COLLECTORS
from collectors.azure.cloud import Azure
from collectors.azure.operations import ARM, DIRECTORY, GRAPH
from collectors.azure.permissions import DISCOVERY_GRANTS
from collectors.collector import Collector
from collectors.gap import Reason
from controls.assess import concerns
from controls.catalogue import CHECKS
from controls.coverage import learnt, proven
from tests.collectors.azure.conftest import Time, scope
from tests.collectors.azure.looking import BY_NAME, joined, outcomes, resources, verdicts, visits
from tests.fakes.azure_estate import BAD, GOOD, TENANT, relax, settle
from tests.fakes.unproven import contradicted

NAMES = sorted(BY_NAME)
PROVEN = proven("azure")
LISTED = {table.action for table in GRAPH.values()} | {
    "Microsoft.ResourceGraph/resources/read", "Microsoft.KeyVault/vaults/keys/read", "Microsoft.KeyVault/deletedVaults/read",
    "Microsoft.KeyVault/vaults/secrets/read", "Microsoft.ApiManagement/service/apis/read", "Microsoft.Compute/locations/usages/read",
    "Microsoft.Authorization/roleAssignments/read", "Microsoft.Authorization/roleDefinitions/read",
    "Microsoft.ManagedServices/registrationAssignments/read", "User.Read.All", "AuditLog.Read.All", "Application.Read.All",
    "DeviceManagementConfiguration.Read.All", "RoleManagement.Read.Directory",
}  # fmt: skip
"""Without these nobody knows what a cell holds."""
JOINED = {
    "azure.trails": {"Microsoft.Storage/storageAccounts/read", "Microsoft.OperationalInsights/workspaces/read"},
    "azure.machines": {
        "Microsoft.Compute/virtualMachines/extensions/read", "Microsoft.Network/networkInterfaces/read",
        "Microsoft.RecoveryServices/vaults/backupFabrics/protectionContainers/protectedItems/read",
    },
    "azure.machine_groups": {"Microsoft.Insights/autoscaleSettings/read"},
    "azure.container_apps": {"Microsoft.App/managedEnvironments/read"},
    "azure.images": {"Microsoft.Compute/galleries/read"},
    "azure.gateways": {"Microsoft.Network/ApplicationGatewayWebApplicationFirewallPolicies/read"},
    "azure.backup_vaults": {
        "Microsoft.DataProtection/backupVaults/backupInstances/read", "Microsoft.DataProtection/backupVaults/backupJobs/read",
        "Microsoft.RecoveryServices/vaults/backupFabrics/protectionContainers/protectedItems/read",
        "Microsoft.RecoveryServices/vaults/backupJobs/read",
    },
    "azure.watches": {"Microsoft.ResourceGraph/resources/read", "Microsoft.Security/assessments/read"},
    "azure.alarms": {
        "Microsoft.ResourceGraph/resources/read", "Microsoft.Insights/activityLogAlerts/read",
        "Microsoft.Insights/scheduledQueryRules/read", "Microsoft.Insights/actionGroups/read",
    },
}  # fmt: skip
"""What lists for one collector may be an item's own question for another."""
OF_DIRECTORIES = {"sign_ins_demand_a_second_factor", "legacy_sign_ins_are_refused", "global_administrators_are_few"}
"""Proven by a tenant that has let itself go."""
CALLS = [(one.name, grant) for one in COLLECTORS for grant in one.grants]


def is_listing(name: str, grant: str) -> bool:
    """The collector cannot list without the permission."""
    listed = grant in LISTED or (name, grant) in {
        ("azure.trails", "Microsoft.Insights/diagnosticSettings/read"),
        ("azure.directory", "Policy.Read.All"),
        ("azure.exemptions", "Microsoft.Authorization/policyExemptions/read"),
    }
    return listed and grant not in JOINED.get(name, ())


@pytest.fixture(scope="module")
def served():
    """A fake tenant for the whole module, and its environment."""
    time = Time()
    server = settle(FakeAzure(clock=time.clock)).start()
    with pytest.MonkeyPatch.context() as patch:
        for name, value in server.environment().items():
            patch.setenv(name, value)
        yield server, time
    server.stop()


@pytest.fixture
def tenant(served):
    served[0].calm()
    return served[0]


@pytest.fixture
def look(tenant, served):
    """Visits every cell of some collectors in a new sweep."""
    opened = []

    def looked(*names, **said):
        time = served[1]
        azure = Azure(
            scope(tenant=TENANT, **said), pseudonym_key=b"key", concurrency=4, clock=time.clock, sleep=time.sleep
        )
        opened.append(azure)
        return visits(azure, azure.discover(), *names)

    yield looked
    for azure in opened:
        azure.close()


@pytest.fixture(scope="module")
def calm():
    """What each collector sees where nothing is refused; all of them under no name."""
    return {}


@pytest.fixture
def undisturbed(calm, look, tenant):
    """What was seen of a collector, or of all, before anything was refused: looked at once for the module."""

    def seen(*names):
        if names not in calm:
            calm[names] = look(*names)
            calm["asked", *names] = list(tenant.asked)
            tenant.calm()
        return calm[names]

    return seen


@pytest.fixture
def asked(calm, undisturbed):
    """Every request of the look at all that was not disturbed."""
    undisturbed()
    return calm[("asked",)]


def test_the_catalogue_is_one_explicit_list_of_collectors():
    assert all(isinstance(one, Collector) for one in COLLECTORS)
    assert len(BY_NAME) == len(COLLECTORS) == 44


def test_importing_the_catalogue_loads_no_sdk():
    code = (
        "import sys, collectors.azure.cloud, collectors.azure.catalogue; "
        "sys.exit(bool({'azure.core', 'msal', 'requests'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_tenant_is_seen_without_a_gap_and_proves_what_it_must(undisturbed, look, tenant):
    seen, kept = undisturbed(), dict(tenant.answers)
    assert [gap for visit in seen for gap in visit.gaps] == []
    relax(tenant)
    lax = {(check, f"lax {name}"): outcome for (check, name), outcome in verdicts(look("azure.directory")).items()}
    tenant.answers = kept
    found = outcomes(verdicts(seen) | lax)
    both = {check for check, said in found.items() if {"passed", "failed"} <= said}
    assert both == PROVEN, "type: python -m tests.collectors.azure.looking controls/proven.json"
    assert contradicted("azure", found) == []


def test_nearly_all_that_is_learned_is_proven_too():
    """The others have an answer that Azure never gives: disks without encryption, a key for everybody, a default firewall."""
    reachable = {check.name for check in CHECKS if learnt(check, "azure", COLLECTORS)}
    assert reachable - PROVEN == {
        "volumes_are_encrypted_by_default",
        "key_policies_name_their_users",
        "secrets_are_not_open",
        "default_firewalls_are_empty",
    }


def test_no_good_resource_fails_and_every_bad_one_does(undisturbed):
    found = verdicts(undisturbed())
    tenants_own = {f"/tenants/{TENANT}/"}
    failing = {key for key, outcome in found.items() if outcome == "failed"}
    assert not any(GOOD in resource for _, resource in failing)
    bad = {check for check, resource in failing if BAD in resource}
    of_tenants = {"users_need_mfa", "access_keys_are_young", "dormant_identities_are_disabled"}
    assert bad == PROVEN - {*of_tenants, "devices_lock_their_screens", "devices_are_encrypted", *OF_DIRECTORIES}
    assert {resource.rpartition("/")[2] for _, resource in failing if any(own in resource for own in tenants_own)} == {
        "user-b", "user-c", "app-stale", "macos",
    }  # fmt: skip


def of(name, seen):
    """The visits of one collector."""
    return [visit for visit in seen if visit.cell.endswith(f"/{name}")]


def that_need(grant):
    """Collectors that see less without a permission; all of them where discovery does."""
    return [one.name for one in COLLECTORS if any(grant in each.grants for each in (one, *joined([one])))]


@pytest.mark.parametrize("name", NAMES)
def test_grants_are_exactly_the_calls(name, look, tenant):
    look(name)
    used = {action.lower() for action in tenant.actions()}
    queries = " ".join(one.body["query"] for one in tenant.asked if one.body)
    tables = {table.action.lower() for table in GRAPH.values() if f"=~ '{table.type}'" in queries}
    granted = {one.lower() for each in (BY_NAME[name], *joined([BY_NAME[name]])) for one in each.grants}
    assert (used | tables) - {one.lower() for one in DISCOVERY_GRANTS} == granted


@pytest.mark.parametrize("name", NAMES)
def test_every_fact_is_learned_of_something(name, undisturbed):
    found = list(resources(of(name, undisturbed())))
    assert [fact for fact in BY_NAME[name].learns if all(getattr(one, fact) is None for one in found)] == []
    assert {one.kind for one in found} <= set(BY_NAME[name].kinds)


@pytest.mark.slow
@pytest.mark.sampled
@pytest.mark.parametrize(("name", "grant"), [call for call in CALLS if not is_listing(*call)])
def test_a_refused_question_costs_facts_and_never_resources(name, grant, look, tenant, undisturbed):
    before = {one.id: one for one in resources(of(name, undisturbed()))}
    tenant.deny(grant)
    denied = look(name)
    after = {one.id: one for one in resources(denied)}
    assert after.keys() == before.keys()
    changed = {
        (one, fact): getattr(after[one], fact)
        for one in after
        for fact in BY_NAME[name].learns
        if getattr(after[one], fact) != getattr(before[one], fact)
    }
    assert changed, f"{grant} is asked for and teaches nothing"
    assert set(changed.values()) == {None}
    assert {gap.reason for visit in denied for gap in visit.gaps} == {Reason.DENIED}
    assert {one for one, _ in changed} <= {gap.subject for visit in denied for gap in visit.gaps}


@pytest.mark.slow
@pytest.mark.sampled
@pytest.mark.parametrize(("name", "grant"), [call for call in CALLS if is_listing(*call)])
def test_a_refused_listing_leaves_its_cells_unseen_even_where_azure_says_nothing(name, grant, look, tenant):
    tenant.deny(grant)
    denied = look(name)
    assert all(not visit.complete for visit in denied)
    assert {gap.reason for visit in denied for gap in visit.gaps} == {Reason.DENIED}


@pytest.mark.parametrize("grant", sorted({grant for _, grant in CALLS} | set(DISCOVERY_GRANTS)))
@pytest.mark.slow
@pytest.mark.sampled
def test_nothing_gets_better_by_being_denied(grant, look, tenant, undisturbed):
    before = verdicts(undisturbed())
    tenant.deny(grant)
    seen = look(*that_need(grant))
    after = verdicts(seen)
    assert {key for key, outcome in after.items() if outcome == "passed"} <= {
        key for key, outcome in before.items() if outcome == "passed"
    }
    concerned = [
        check.name for check in CHECKS if any(concerns(check, one) and grant in one.grants for one in COLLECTORS)
    ]
    gapped = {gap.cell for visit in seen for gap in visit.gaps}
    assert gapped or grant in DISCOVERY_GRANTS
    assert concerned or grant in DISCOVERY_GRANTS


def test_a_permission_that_is_missing_in_one_subscription_is_a_gap_of_that_one(look, tenant):
    tenant.deny("Microsoft.Compute/disks/read", BAD)
    good, bad = look("azure.disks")
    assert (len(good.sightings), good.gaps) == (1, ())
    assert (bad.sightings, [gap.detail for gap in bad.gaps]) == ((), ["not permitted: Microsoft.Compute/disks/read"])


def test_permissions_that_cannot_be_read_leave_no_table_trusted(look, tenant):
    tenant.deny("Microsoft.Authorization/permissions/read")
    seen = look("azure.disks", "azure.firewalls")
    assert {(visit.sightings, visit.complete) for visit in seen} == {((), False)}


def test_a_failing_provider_leaves_no_cell_without_a_gap(look, tenant, served):
    azure = Azure(
        scope(tenant=TENANT), pseudonym_key=b"key", concurrency=4, clock=served[1].clock, sleep=served[1].sleep
    )
    estate = azure.discover()
    tenant.troubles.append(Trouble(about="/"))
    seen = visits(azure, estate)
    azure.close()
    assert all(visit.gaps for visit in seen)
    assert {gap.reason for visit in seen for gap in visit.gaps} == {Reason.FAILED}


def test_a_second_sweep_sees_the_same(look, undisturbed):
    first, second = undisturbed(), look()
    assert [(one.cell, one.sightings) for one in first] == [(one.cell, one.sightings) for one in second]
    values = [[(reading.id, reading.values) for one in seen for reading in one.readings] for seen in (first, second)]
    assert values[0] == values[1] != []


def test_no_contact_no_person_and_no_login_is_kept(undisturbed):
    kept = msgspec.json.encode(undisturbed())
    assert b"securitycontacts" in kept.lower()
    for private in (b"@corp.example", b"Sam Doe", b"boss", b'"deploy"', b"hush-hush", b"sam-laptop"):
        assert private not in kept


def test_nothing_but_the_one_query_is_ever_posted(asked):
    assert {one.path for one in asked if one.body} == {"/providers/Microsoft.ResourceGraph/resources"}
    assert all(one.authorization.startswith("Bearer fake-token-for-") for one in asked)


def test_one_query_a_table_serves_every_subscription(asked, tenant):
    queries = Counter(one.body["query"] for one in asked if one.body)
    assert queries == Counter(table.query for table in GRAPH.values())
    assert tenant.refused == 0


def test_a_directory_token_is_not_sent_to_the_manager_nor_the_other_way_round(asked):
    for one in asked:
        resource = one.authorization.removeprefix("Bearer fake-token-for-")
        assert resource == (
            "https://graph.microsoft.com" if one.path.startswith("/v1.0/") else "https://management.azure.com"
        )


def test_every_operation_is_asked_by_somebody(undisturbed):
    put = {call.operation for visit in undisturbed() for call in visit.calls}
    assert put | {"arm.Subscriptions", "arm.Descendants"} == {*GRAPH, *ARM, *DIRECTORY}


def test_what_no_collector_describes_is_counted_by_type(undisturbed):
    counted = list(resources(undisturbed("azure.others")))
    assert [(one.account, one.name, one.things) for one in counted] == [
        (GOOD, "microsoft.network/natgateways", 2), (BAD, "microsoft.network/natgateways", 2),
    ]  # fmt: skip
    assert not any(concerns(check, BY_NAME["azure.others"]) for check in CHECKS)


def test_without_the_licence_for_it_nobody_has_activated_a_role(look, tenant):
    tenant.troubles.append(
        Trouble(about="roleAssignmentScheduleInstances", status=400, code="AadPremiumLicenseRequired")
    )
    seen = look("azure.entitlements")
    assert [gap for visit in seen for gap in visit.gaps] == []
    assert {one.granted_directly for one in resources(seen) if one.kind == "user"} == {True}


def test_a_closed_alert_is_no_finding(undisturbed):
    assert {one.id.rpartition("/")[2] for one in resources(of("azure.threats", undisturbed()))} == {"alert"}


def test_a_table_that_is_joined_is_read_once_for_all_items_of_a_cell(look, tenant):
    look("azure.machines")
    queries = Counter(one.body["query"] for one in tenant.asked if one.body)
    assert set(queries.values()) == {1}
    assert {table for table in GRAPH if GRAPH[table].query in queries} >= {
        "graph.Interfaces",
        "graph.Extensions",
        "graph.MachineBackups",
    }
