"""How a container service of ECS is reached: through load balancers, by addresses of its own, from its neighbours.

A public load balancer lets callers through to whatever some rule of it forwards to, unless that rule makes them sign in or show a token, or
the listener asks for a certificate. Addresses of the machines that containers may run on are judged as those of machines.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from collectors.aws.elements import arn, text
from collectors.aws.gathered import CellSession
from collectors.collector import Item
from collectors.resource import Firewall, Resource
from collectors.serving import Endpoint

GONE = ("LoadBalancerNotFound",)
BALANCERS, FIREWALLS = "aws.load_balancers", "aws.firewalls"
ASKS_WHO = {
    "authenticate-oidc": "AuthenticateOidcConfig",
    "authenticate-cognito": "AuthenticateCognitoConfig",
    "jwt-validation": "",
}
"""Actions of a rule that ask callers who they are -> where stands what is done with those who do not say; `""`: they are sent away."""


def open_to_callers(session: CellSession, service: Item) -> bool | None:
    """Anybody reaches it without saying who they are, by an address of its own or through a load balancer."""
    through = [None if group is None else let_through(session, group) for group in groups(service)]
    return some((addressed(session, service), *through))


def refuses_plain_text(session: CellSession, service: Item, task: Mapping[str, Any] | None) -> bool | None:
    """Load balancers and neighbours speak TLS with it; what listens beside them is not known. Where nothing listens, nobody calls."""
    ways = [None if group is None else refuses(session, group) for group in groups(service)] + list(meshed(service))
    if ways:
        return False if False in ways else None if None in ways else True
    containers = (task or {}).get("containerDefinitions")
    if not isinstance(containers, list):
        return None
    return None if any(one.get("portMappings") for one in containers) else True


def some(facts: Iterable[bool | None]) -> bool | None:
    """One of them is so; not learned where one may be."""
    found = tuple(facts)
    return True if True in found else None if None in found else False


def groups(service: Item) -> tuple[str | None, ...]:
    """ARNs of the target groups through which load balancers reach it, those of a deployment to come too.

    `None` among them is a way in that is not learned: no list of them, or a classic load balancer, which has no target group.
    """
    lists = [service.get("loadBalancers"), *(one.get("loadBalancers", []) for one in service.get("taskSets") or ())]
    found: set[str] = set()
    blind = any(not isinstance(listed, list) for listed in lists)
    for one in (each for listed in lists if isinstance(listed, list) for each in listed):
        beside = text(one.get("advancedConfiguration"), "alternateTargetGroupArn")
        first = text(one, "targetGroupArn")
        blind = blind or first is None
        found |= {name for name in (first, beside) if name}
    return (*sorted(found), None) if blind else tuple(sorted(found))


def addressed(session: CellSession, service: Item) -> bool | None:
    """Its tasks have addresses on the Internet, and a security group lets everybody in."""
    network = (service.get("networkConfiguration") or {}).get("awsvpcConfiguration") or {}
    if text(network, "assignPublicIp") != "ENABLED":
        return False
    names = network.get("securityGroups") or ()
    known = session.joined(FIREWALLS)
    if known is None or not names:
        return None
    return some(admits(session, known.get(arn(session, "ec2", f"security-group/{name}"))) for name in names)


def admits(session: CellSession, group: Resource | None) -> bool | None:
    """A security group lets everybody in; it is cited."""
    if not isinstance(group, Firewall):
        return None
    session.cite(group)
    return None if group.open_to_world is None else bool(group.open_to_world)


def fronts(session: CellSession, group: str) -> tuple[Endpoint, ...] | None:
    """The load balancers before a target group, cited; `None` where one was not seen."""
    listed = session.among("elbv2.DescribeTargetGroups", "TargetGroups", by="TargetGroupArn", of=group, PageSize=400)
    known = session.joined(BALANCERS)
    if listed is None or known is None:
        return None
    before = [each.get("LoadBalancerArns") for each in listed]
    if not before or not all(isinstance(one, list) for one in before):
        return None
    found = [known.get(one) for some in before for one in some or ()]
    met = tuple(one for one in found if isinstance(one, Endpoint))
    for one in met:
        session.cite(one)
    return met if len(met) == len(found) else None


def refuses(session: CellSession, group: str) -> bool | None:
    """The load balancers before a target group take no plain text; without one of them nobody calls through it."""
    before = fronts(session, group)
    if before is None:
        return None
    said = [one.transport_encrypted for one in before]
    return False if False in said else None if None in said else True


def let_through(session: CellSession, group: str) -> bool | None:
    """Some public load balancer forwards to the target group whoever comes."""
    before = fronts(session, group)
    return None if before is None else some(forwards(session, one, group) for one in before)


def forwards(session: CellSession, front: Endpoint, group: str) -> bool | None:
    """A load balancer on the Internet forwards to the target group callers who do not say who they are."""
    if not front.public:
        return front.public
    answer = session.common("elbv2.DescribeListeners", absent=GONE, LoadBalancerArn=front.id, PageSize=400)
    listeners = None if answer is None else answer.get("Listeners")
    if not isinstance(listeners, list) or (answer or {}).get("NextMarker"):
        return None
    return some(strangers(session, one, group) for one in listeners if not certified(one))


def certified(listener: Item) -> bool:
    """The listener lets in only who has a certificate that it trusts."""
    return text(listener.get("MutualAuthentication"), "Mode") == "verify"


def strangers(session: CellSession, listener: Item, group: str) -> bool | None:
    """Some rule of the listener, or the default of one that has no rules, forwards strangers to the target group."""
    if "listener/app/" not in listener["ListenerArn"]:
        return passes(listener.get("DefaultActions"), group)
    answer = session.common(
        "elbv2.DescribeRules", absent=("ListenerNotFound",), ListenerArn=listener["ListenerArn"], PageSize=400
    )
    rules = None if answer is None else answer.get("Rules")
    if not isinstance(rules, list) or not rules or (answer or {}).get("NextMarker"):
        return None
    return some(passes(one.get("Actions"), group) for one in rules)


def passes(actions: Any, group: str) -> bool | None:
    """The actions forward to the target group, and none before asks who comes."""
    if not isinstance(actions, list) or not actions or any(text(one, "Type") is None for one in actions):
        return None
    if any(one["Type"] == "forward" and not targets(one) for one in actions):
        return None
    return any(group in targets(one) for one in actions) and not any(asks(one) for one in actions)


def asks(action: Item) -> bool:
    """The action lets on only callers whom it knows."""
    kind = text(action, "Type")
    if kind not in ASKS_WHO:
        return False
    return text(action.get(ASKS_WHO[kind]), "OnUnauthenticatedRequest") != "allow"


def targets(action: Item) -> set[str | None]:
    """The target groups that an action forwards to."""
    shared = (action.get("ForwardConfig") or {}).get("TargetGroups") or ()
    return {text(action, "TargetGroupArn"), *(text(one, "TargetGroupArn") for one in shared)} - {None}


def meshed(service: Item) -> Iterator[bool | None]:
    """Of each name under which Service Connect gives it to its neighbours: it is spoken to by TLS."""
    for deployment in service.get("deployments") or ():
        mesh = deployment.get("serviceConnectConfiguration") or {}
        if text(deployment, "status") == "PRIMARY" and mesh.get("enabled"):
            yield from (bool(one.get("tls")) for one in mesh.get("services") or ())
