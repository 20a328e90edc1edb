"""What is wrong with what code brought in, with what is lent, and with what stands before what serves."""

from collections.abc import Iterator

from agent.demo import deploying, serving
from agent.demo.accounts import allow
from agent.demo.defect import Defect
from agent.demo.estate import Estate
from agent.demo.names import ACCOUNTS, HOME
from agent.demo.watching import UNUSED, line

SERVICE = "staging/eu-west-1/container service/reports"
STACK = "staging/eu-west-1/stack/experiment"
WALL = "staging/eu-west-1/web application firewall/reports"
STRANGER = "999988887777"


def almighty_set(estate: Estate) -> None:
    """A permission set that allows everything."""
    deploying.make_permission_set(estate, "everything", allow("*"))


def idle_role(estate: Estate) -> None:
    """A role that the organisation's analyzer found unused in May."""
    found = {
        "id": "7c1d2e3f-2222-4333-8444-555566667777", "resource": estate.ids["staging/role/load-generator"], "status": "ACTIVE",
        "resourceType": "AWS::IAM::Role", "resourceOwnerAccount": ACCOUNTS["staging"], "findingType": "UnusedIAMRole",
        "analyzedAt": "2026-09-01T00:00:00+00:00", "createdAt": "2026-05-20T00:00:00+00:00", "updatedAt": "2026-09-01T00:00:00+00:00",
    }  # fmt: skip
    estate.ids["security/unused access"] = f"{UNUSED}/finding/{found['id']}"
    estate.endpoint.tell(line("accessanalyzer.ListFindingsV2", {"findings": [found]}, "security", HOME, given=UNUSED))


def exposed_service(estate: Estate) -> None:
    """A service that anybody reaches, in the clear for its neighbours, of any image; a change of it that fails stays."""
    deploying.make_service(estate, "staging", "eu-west-1", "reports", role="object-store-frontend", sound=False)


def drifted_stack(estate: Estate) -> None:
    """A stack that somebody changed by hand, that stays as it is where a change fails, and that one call deletes."""
    deploying.make_stack(estate, "staging", "eu-west-1", "experiment", sound=False)


def lent_subnet(estate: Estate) -> None:
    """A subnet that was lent to a contractor."""
    deploying.make_share(estate, "staging", "eu-west-1", "lab-subnet", to=STRANGER)


def counting_wall(estate: Estate) -> None:
    """A firewall with the rules of the year before last, which only counts and logs nothing."""
    wall = serving.make_wall(estate, "staging", "eu-west-1", "reports", version="Version_1.3", counts=True)
    nothing = line("wafv2.ListResourcesForWebACL", {"ResourceArns": []}, "staging", "eu-west-1", given=wall)
    estate.endpoint.tell(nothing)


def defects() -> Iterator[Defect[Estate]]:
    """Every one of them, for the table."""
    # no policy of an organisation binds its own account
    yield Defect(check="strangers_cannot_be_let_in", resource="management/guardrail", seed=None)
    yield Defect(check="unused_access_is_taken_up", resource="security/unused access", seed=idle_role)
    yield Defect(check="no_full_administrators", resource="management/permission set/everything", seed=almighty_set)
    yield Defect(check="rights_stay_within_services", resource="management/permission set/everything", seed=None)
    yield Defect(check="privileged_planes_are_separated", resource="management/permission set/everything", seed=None)
    yield Defect(check="machine_metadata_is_guarded", resource="staging/eu-west-1/machine template/workers", seed=None)
    yield Defect(check="changes_roll_back", resource=SERVICE, seed=exposed_service)
    yield Defect(check="callers_are_known", resource=SERVICE, seed=None)
    yield Defect(check="services_refuse_plain_text", resource=SERVICE, seed=None)
    yield Defect(check="only_signed_code_runs", resource=SERVICE, seed=None)
    yield Defect(check="containers_are_confined", resource=SERVICE, seed=None)
    yield Defect(check="stacks_have_not_drifted", resource=STACK, seed=drifted_stack)
    yield Defect(check="stacks_roll_back", resource=STACK, seed=None)
    yield Defect(check="stacks_are_protected_from_deletion", resource=STACK, seed=None)
    yield Defect(
        check="shares_stay_in_the_organization",
        resource="staging/eu-west-1/resource share/lab-subnet",
        seed=lent_subnet,
    )
    yield Defect(check="filter_rules_are_current", resource=WALL, seed=counting_wall)
    yield Defect(check="filters_turn_attacks_away", resource=WALL, seed=None)
    yield Defect(check="filters_are_logged", resource=WALL, seed=None)
