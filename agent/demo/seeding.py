"""Seeds the simulated estate through ordinary boto3 calls.

As seeded it gives no check a reason to fail; `agent.demo.defects` then breaks it in known places.
"""

from agent.demo import accounts, data, deploying, networks, serving, stores, watching
from agent.demo.clients import Clients
from agent.demo.estate import SEEDED, Estate
from agent.demo.names import ACCOUNTS, IN_SCOPE, REGIONS
from agent.demo.simulation import Endpoint


def seeded(endpoint: Endpoint, *, without_role: str | None = None) -> Estate:
    """The estate, freshly seeded on an empty simulated cloud; `without_role` names an account that lacks the read role."""
    estate = Estate(endpoint=endpoint, client=Clients(endpoint=endpoint))
    endpoint.clock(SEEDED)
    organize(estate)
    for alias in IN_SCOPE:
        accounts.settle(estate, alias)
        if alias != without_role:
            accounts.admit(estate, alias)
        accounts.staff(estate, alias)
        networks.settle(estate, alias)
    data.shelve(estate)
    networks.build(estate)
    data.fill(estate)
    data.plant(estate)
    watching.watch(estate)
    accounts.record(estate)
    watching.alarm(estate)
    watching.guard(estate)
    watching.store_backups(estate)
    serving.serve(estate)
    stores.store(estate)
    deploying.deploy(estate)
    return estate


def organize(estate: Estate) -> None:
    """Found the organisation and its accounts; one is closed."""
    organizations = estate.client("organizations")
    estate.organization = organizations.create_organization(FeatureSet="ALL")["Organization"]["Id"]
    members = {alias: number for alias, number in ACCOUNTS.items() if alias != "management"}
    estate.endpoint.order("organization", accounts=list(members.values()), regions=list(REGIONS))
    for alias in members:
        organizations.create_account(Email=f"aws-{alias}@cloud.example", AccountName=alias)
    organizations.close_account(AccountId=ACCOUNTS["retired"])
