"""Who may do what: members of the IAM policies of projects, folders and the organisation, and who may act as a service account.

A member's rights on a project are those of its policy and of all policies above. Members of a project's own policy are judged on the
project with all of that; who has rights only from above is judged where they stand, once. What is inherited by a group's members, deny
policies, and access boundaries are not in the inventory.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from collectors.collector import Item, collector
from collectors.gcp import lineage, members
from collectors.gcp.elements import data, text
from collectors.gcp.powers import powers
from collectors.gcp.service_accounts import ACCOUNT
from collectors.gcp.session import IAM_POLICY, GcpSession
from collectors.resource import Entitlement

FACTS = ("administrator", "wildcards", "planes", "foreign_trust", "foreign_trust_guarded", "granted_directly")
PERSONS = ("user:", "principal://iam.googleapis.com/locations/global/workforcePools/")
"""How members begin that are one person each."""
GRANTS = ("cloudasset.assets.listResource", "cloudasset.assets.listIamPolicy")


class Principals:
    """Members of the policy of the cell's project, folder or organisation."""

    def list(self, session: GcpSession) -> Iterator[Item]:
        """One item for each member: the policy's asset with that member's bindings alone."""
        owner = session.owner
        level = owner.split("/", 1)[0]
        for asset in session.assets(lineage.LEVELS[level], IAM_POLICY):
            for _, bindings in sorted(by_member(asset["iamPolicy"]).items()):
                yield {**asset, "iamPolicy": {"bindings": bindings}}

    def describe(self, session: GcpSession, item: Item) -> Entitlement:
        """The member's roles here and above."""
        member: str = item["iamPolicy"]["bindings"][0]["members"][0]
        held = held_above(session, item, member)
        found = powers(session, held.roles | {binding["role"] for binding in item["iamPolicy"]["bindings"]})
        known = held.whole or found.administrator
        strangers = trusted(session, item["iamPolicy"])
        return Entitlement(
            id=f"{item['name']}#{member}", provider="gcp", account=session.account, region="global", kind="principal", name=member,
            tags={}, managed_by="provider" if members.is_agent(member) else "customer",
            administrator=found.administrator if known else None, wildcards=found.wildcards if known else None,
            planes=found.planes if known or len(found.planes or ()) > 1 else None, foreign_trust=names(strangers),
            foreign_trust_guarded=all(strangers.values()) if strangers else None, granted_directly=member.startswith(PERSONS),
        )  # fmt: skip


class Entitlements(Principals):
    """Members of the project's policy, and its service accounts, which others may act as."""

    def list(self, session: GcpSession) -> Iterator[Item]:
        """Service accounts, then everybody else whom the policy names."""
        own = set()
        for asset in session.assets(ACCOUNT):
            own.add(f"serviceAccount:{text(asset, 'resource', 'data', 'email')}")
            yield asset
        for item in super().list(session):
            if item["iamPolicy"]["bindings"][0]["members"][0] not in own:
                yield item

    def describe(self, session: GcpSession, item: Item) -> Entitlement:
        """A member of the policy, or a service account."""
        return described(session, item) if item["assetType"] == ACCOUNT else super().describe(session, item)


ProjectEntitlements = collector(
    "gcp.entitlements", sees=Entitlement, kinds=("principal", "service account"), learns=FACTS, grants=GRANTS, where="account",
)(Entitlements)  # fmt: skip
"""Of projects."""
InheritedEntitlements = collector(
    "gcp.inherited_entitlements", sees=Entitlement, kinds=("principal",), learns=FACTS, grants=GRANTS, where="organization",
)(Principals)  # fmt: skip
"""Of the organisation and its folders."""


def described(session: GcpSession, item: Item) -> Entitlement:
    """What a service account may do in its own project, and who from outside may act as it."""
    account = data(item)
    address = text(account, "email")
    held = held_above(session, item, f"serviceAccount:{address}")
    found = powers(session, held.roles)
    known = address is not None and (held.whole or found.administrator)
    policy = session.policy(item)
    strangers = None if policy is None else trusted(session, policy)
    return Entitlement(
        id=item["name"], provider="gcp", account=session.account, region="global", kind="service account",
        name=address, tags={}, managed_by="customer",
        administrator=found.administrator if known else None, wildcards=found.wildcards if known else None,
        planes=found.planes if known or (address and len(found.planes or ()) > 1) else None,
        foreign_trust=names(strangers),
        foreign_trust_guarded=all(strangers.values()) if strangers else None, granted_directly=False,
    )  # fmt: skip


def by_member(policy: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Each member with its bindings, as if they were its alone; tombstones of deleted members are nobody."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for binding in policy["bindings"]:
        for member in binding["members"]:
            if not member.startswith("deleted:"):
                found[member].append({**binding, "members": [member]})
    return found


class Held:
    """Roles of a member on the levels above an item (of which the first is the project itself), and whether all were seen."""

    def __init__(self) -> None:
        self.roles: set[str] = set()
        self.whole = True


def held_above(session: GcpSession, item: Item, member: str) -> Held:
    """Read every level's policy; those that give the member something are cited."""
    held = Held()
    for level, policy in lineage.policies(session, item):
        if policy is None:
            held.whole = False
            continue
        roles = lineage.rights(session, level, policy).get(member, frozenset())
        if roles:
            session.notes.cites.append(lineage.full(level))
        held.roles |= roles
    return held


def names(strangers: Mapping[str, bool] | None) -> tuple[str, ...] | None:
    """Whose they are, sorted."""
    return None if strangers is None else tuple(sorted(strangers))


def trusted(session: GcpSession, policy: Mapping[str, Any]) -> dict[str, bool] | None:
    """Strangers that a policy names, and whether each binding of theirs has a condition."""
    strangers: dict[str, bool] = {}
    for binding in policy.get("bindings", ()):
        for member in binding.get("members", ()):
            whose = "" if members.is_agent(member) else members.foreigner(member, session.territory)
            if whose is None:
                session.unlearned("whose a member is")
                return None
            if whose:
                strangers[whose] = strangers.get(whose, True) and "condition" in binding
    return strangers
