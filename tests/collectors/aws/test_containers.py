import msgspec
import pytest

from collectors.aws.containers import Containers
from collectors.resource import Entitlement, Firewall, PortRange
from collectors.serving import Endpoint
from tests.fakes.told import ACCOUNT, REGION, Told

ARN = f"arn:aws:ecs:{REGION}:{ACCOUNT}:service/main/web"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/app"
ELB = f"arn:aws:elasticloadbalancing:{REGION}:{ACCOUNT}"
GROUP, OTHER = f"{ELB}:targetgroup/web/1", f"{ELB}:targetgroup/other/2"
FRONT, INNER, NET = (f"{ELB}:loadbalancer/{name}/3" for name in ("app/front", "app/inner", "net/front"))
LISTENER, OF_NET = f"{ELB}:listener/app/front/3/4", f"{ELB}:listener/net/front/3/4"
SERVICE = {
    "serviceArn": ARN, "serviceName": "web", "status": "ACTIVE", "launchType": "FARGATE", "taskDefinition": "web:7",
    "deploymentController": {"type": "ECS"}, "loadBalancers": [],
    "deploymentConfiguration": {"deploymentCircuitBreaker": {"enable": True, "rollback": True}},
    "networkConfiguration": {"awsvpcConfiguration": {"securityGroups": ["sg-1"], "assignPublicIp": "DISABLED"}},
    "tags": [{"key": "team", "value": "web"}],
}  # fmt: skip
BEHIND = {"loadBalancers": [{"targetGroupArn": GROUP, "containerName": "web", "containerPort": 8080}]}
CONTAINER = {"name": "web", "logConfiguration": {"logDriver": "awslogs"}}
PORTS = {"portMappings": [{"containerPort": 8080}]}
FORWARD = {"Type": "forward", "TargetGroupArn": GROUP}
SIGN_IN = {"Type": "authenticate-oidc", "AuthenticateOidcConfig": {"OnUnauthenticatedRequest": "authenticate"}}


def task(*containers, **more):
    return {"taskDefinition": {"taskRoleArn": ROLE, "containerDefinitions": list(containers), **more}}


def listed(*fronts):
    return {"TargetGroups": [{"TargetGroupArn": GROUP, "LoadBalancerArns": list(fronts)}]}


def rules(*actions):
    return {"Rules": [{"RuleArn": "r", "Actions": list(actions)}]}


def hook(given):
    """What Lambda tells of a function that a deployment asks."""
    variables = {
        "signer": {"FAILURE_BEHAVIOR": "BLOCK_ON_FAILURE"},
        "blind": {"FAILURE_BEHAVIOR": "LOG_ON_FAILURE"},
        "other": {"A": "b"},
    }
    name = given["FunctionName"]
    if name in variables:
        return {"FunctionName": name, "Environment": {"Variables": variables[name]}}
    return "ResourceNotFoundException" if name == "gone" else None


def hooked(stage, *names):
    hooks = [{"hookTargetArn": name, "lifecycleStages": [stage]} for name in names or ("signer",)]
    return {"deploymentConfiguration": {**SERVICE["deploymentConfiguration"], "lifecycleHooks": hooks}}


def of_net(action):
    """The listener of a load balancer for networks, which has no rules."""
    return {"Listeners": [{"ListenerArn": OF_NET, "Protocol": "TLS", "DefaultActions": [action]}]}


SOUND = {
    "ecs.DescribeTaskDefinition": task(CONTAINER),
    "elbv2.DescribeTargetGroups": listed(FRONT),
    "elbv2.DescribeListeners": {"Listeners": [{"ListenerArn": LISTENER, "Protocol": "HTTPS"}]},
    "elbv2.DescribeRules": rules(SIGN_IN, FORWARD),
    "lambda.GetFunctionConfiguration": hook,
}
FACTS = (
    "privileged",
    "open_to_callers",
    "transport_encrypted",
    "code_verified",
    "logged",
    "confined",
    "rolls_back",
    "tags",
)
OF_SOUND = dict(zip(FACTS, (False, False, True, False, True, True, True, {"team": "web"}), strict=True))
WORLD = (PortRange(protocol="tcp", first=443, last=443),)


def seen(world=(), encrypted=True, public=True):
    plain = {"provider": "aws", "account": ACCOUNT, "region": REGION}
    held = Entitlement(id=ROLE, kind="role", administrator=False, wildcards=(), **{**plain, "region": "global"})
    group = Firewall(
        id=f"arn:aws:ec2:{REGION}:{ACCOUNT}:security-group/sg-1", kind="security group", open_to_world=world, **plain
    )
    fronts = [
        Endpoint(
            id=name, kind="load balancer", public=public and "inner" not in name, transport_encrypted=encrypted, **plain
        )
        for name in (FRONT, INNER, NET)
    ]
    return {"aws.entitlements": (held,), "aws.firewalls": (group,), "aws.load_balancers": tuple(fronts)}


def describe(service=(), known=None, **answers):
    told = Told(
        {**SOUND, **{name.replace("__", "."): one for name, one in answers.items()}},
        seen=seen() if known is None else known,
    )
    return Containers.describe(told, {**SERVICE, **dict(service)}), told


def facts(service=(), known=None, **answers):
    found, _ = describe(service, known, **answers)
    assert (found.id, found.name, found.kind) == (ARN, "web", "container service")
    return {fact: getattr(found, fact) for fact in FACTS}


def settings(**given):
    return {"deploymentConfiguration": given}


@pytest.mark.parametrize(
    ("service", "expected"),
    [
        ({}, {}),
        ({"tags": []}, {"tags": {}}),
        (settings(deploymentCircuitBreaker={"enable": True, "rollback": False}), {"rolls_back": False}),
        (settings(deploymentCircuitBreaker={"enable": False, "rollback": True}), {"rolls_back": False}),
        (settings(alarms={"alarmNames": ["a"], "enable": True, "rollback": True}), {}),
        (settings(alarms={"alarmNames": ["a"], "enable": True, "rollback": False}), {"rolls_back": False}),
        (settings(), {"rolls_back": False}),
        ({"deploymentConfiguration": None}, {"rolls_back": None, "code_verified": None}),
        ({"deploymentController": None}, {}),
        ({"deploymentController": {"type": "CODE_DEPLOY"}}, {"rolls_back": None}),
        ({"deploymentController": {"type": "EXTERNAL"}}, {"rolls_back": None}),
        (settings(lifecycleHooks=[{"lifecycleStages": ["PRE_SCALE_UP"]}]), {"rolls_back": False, "code_verified": None}),
        (hooked("PRE_SCALE_UP"), {"code_verified": True}),
        (hooked("POST_SCALE_UP"), {}),
        (hooked("PRE_SCALE_UP", "other"), {"code_verified": None}),
        (hooked("RECONCILE_SERVICE", "blind"), {}),
        (hooked("PRE_SCALE_UP", "gone"), {"code_verified": None}),
        (hooked("PRE_SCALE_UP", "refused"), {"code_verified": None}),
        (hooked("PRE_SCALE_UP", "blind", "signer"), {"code_verified": True}),
        (settings(lifecycleHooks=[{"lifecycleStages": ["POST_TEST_TRAFFIC_SHIFT"]}]), {"rolls_back": False}),
        ({"taskDefinition": None}, {"privileged": None, "transport_encrypted": None, "logged": None, "confined": None}),
        ({"taskDefinition": None, "taskSets": [{"status": "PRIMARY", "taskDefinition": "web:8"}]}, {}),
        ({"taskDefinition": None, "taskSets": [{"status": "ACTIVE", "taskDefinition": "web:8"}]},
         {"privileged": None, "transport_encrypted": None, "logged": None, "confined": None}),
    ],
)  # fmt: skip
def test_the_service_tells_how_it_is_changed(service, expected):
    assert facts(service) == {**OF_SOUND, **expected}


@pytest.mark.parametrize(
    ("answer", "service", "expected"),
    [
        (task(CONTAINER, {**CONTAINER, "name": "side"}), {}, {}),
        (task(CONTAINER, {"name": "side"}), {}, {"logged": False}),
        (task({"name": "web", "logConfiguration": {"logDriver": "json-file"}}), {}, {"logged": False}),
        (task(CONTAINER, {"name": "router", "firelensConfiguration": {"type": "fluentbit"}}), {}, {}),
        (task(), {}, {"logged": None, "confined": None}),
        ({"taskDefinition": {"taskRoleArn": ROLE}}, {}, {"logged": None, "confined": None, "transport_encrypted": None}),
        ({}, {}, {"privileged": None, "transport_encrypted": None, "logged": None, "confined": None}),
        (None, {}, {"privileged": None, "transport_encrypted": None, "logged": None, "confined": None}),
        (task(CONTAINER, taskRoleArn=f"{ROLE}-gone"), {}, {"privileged": None}),
        (task(CONTAINER, taskRoleArn=None), {}, {}),
        (task(CONTAINER, taskRoleArn=None), {"launchType": "EC2"}, {"privileged": None}),
        (task(CONTAINER, taskRoleArn=None), {"launchType": None, "capacityProviderStrategy": [{"capacityProvider": "FARGATE_SPOT"}]}, {}),
        (task(CONTAINER, taskRoleArn=None), {"capacityProviderStrategy": [{"capacityProvider": "FARGATE"}, {"capacityProvider": "ours"}]},
         {"privileged": None}),
        (task({**CONTAINER, **PORTS}), {}, {"transport_encrypted": None}),
        *((task(CONTAINER, **{mode: "host"}), {}, {"confined": False}) for mode in ("networkMode", "pidMode", "ipcMode")),
        (task(CONTAINER, networkMode="awsvpc", pidMode="task"), {}, {}),
        (task(CONTAINER, {**CONTAINER, "privileged": True}), {}, {"confined": False}),
        *((task({**CONTAINER, "linuxParameters": {"capabilities": {"add": [name]}}}), {}, {"confined": False})
          for name in ("ALL", "SYS_ADMIN")),
        (task({**CONTAINER, "linuxParameters": {"capabilities": {"add": ["NET_ADMIN"], "drop": ["ALL"]}}}), {}, {}),
    ],
)  # fmt: skip
def test_the_task_tells_what_it_may_and_what_it_logs(answer, service, expected):
    assert facts(service, ecs__DescribeTaskDefinition=answer) == {**OF_SOUND, **expected}


OPEN = {"open_to_callers": True}
UNSAID = {"open_to_callers": None}


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({}, {}),
        ({"elbv2__DescribeRules": rules(FORWARD)}, OPEN),
        ({"elbv2__DescribeRules": rules({"Type": "jwt-validation", "JwtValidationConfig": {}}, FORWARD)}, {}),
        ({"elbv2__DescribeRules": rules(
            {"Type": "authenticate-cognito", "AuthenticateCognitoConfig": {"OnUnauthenticatedRequest": "allow"}}, FORWARD)}, OPEN),
        ({"elbv2__DescribeRules": rules({"Type": "forward", "ForwardConfig": {"TargetGroups": [
            {"TargetGroupArn": OTHER}, {"TargetGroupArn": GROUP}]}})}, OPEN),
        ({"elbv2__DescribeRules": rules({"Type": "forward", "TargetGroupArn": OTHER})}, {}),
        ({"elbv2__DescribeRules": {"Rules": [*rules(SIGN_IN, FORWARD)["Rules"], *rules(FORWARD)["Rules"]]}}, OPEN),
        ({"elbv2__DescribeRules": {**rules(SIGN_IN, FORWARD), "NextMarker": "m"}}, UNSAID),
        ({"elbv2__DescribeRules": None}, UNSAID),
        ({"elbv2__DescribeRules": "ListenerNotFound"}, UNSAID),
        ({"elbv2__DescribeRules": {"Rules": []}}, UNSAID),
        *(({"elbv2__DescribeRules": rules(*actions)}, UNSAID) for actions in ((), ({},), ({"Type": "forward"},), (FORWARD, {}))),
        ({"elbv2__DescribeListeners": None}, UNSAID),
        ({"elbv2__DescribeListeners": "LoadBalancerNotFound"}, UNSAID),
        ({"elbv2__DescribeListeners": {**SOUND["elbv2.DescribeListeners"], "NextMarker": "m"}}, UNSAID),
        ({"elbv2__DescribeListeners": {"Listeners": []}}, {}),
        ({"elbv2__DescribeListeners": {"Listeners": [{"ListenerArn": LISTENER, "MutualAuthentication": {"Mode": "verify"}}]},
          "elbv2__DescribeRules": rules(FORWARD)}, {}),
        ({"elbv2__DescribeListeners": {"Listeners": [{"ListenerArn": LISTENER, "MutualAuthentication": {"Mode": "passthrough"}}]},
          "elbv2__DescribeRules": rules(FORWARD)}, OPEN),
        ({"elbv2__DescribeListeners": of_net(FORWARD)}, OPEN),
        ({"elbv2__DescribeListeners": of_net({**FORWARD, "TargetGroupArn": OTHER})}, {}),
        ({"elbv2__DescribeTargetGroups": listed(INNER), "elbv2__DescribeRules": rules(FORWARD)}, {}),
        ({"elbv2__DescribeTargetGroups": listed(INNER, FRONT), "elbv2__DescribeRules": rules(FORWARD)}, OPEN),
        ({"elbv2__DescribeTargetGroups": listed()}, {}),
        ({"elbv2__DescribeTargetGroups": {"TargetGroups": [{"TargetGroupArn": GROUP}]}}, {**UNSAID, "transport_encrypted": None}),
        ({"elbv2__DescribeTargetGroups": listed(f"{FRONT}-unseen")}, {**UNSAID, "transport_encrypted": None}),
        ({"elbv2__DescribeTargetGroups": {"TargetGroups": []}}, {**UNSAID, "transport_encrypted": None}),
        ({"elbv2__DescribeTargetGroups": None}, {**UNSAID, "transport_encrypted": None}),
    ],
)  # fmt: skip
def test_load_balancers_tell_who_comes_through_them(answers, expected):
    assert facts(BEHIND, **answers) == {**OF_SOUND, **expected}


@pytest.mark.parametrize("behind", [None, [{"loadBalancerName": "classic"}], [{}]])
def test_a_way_in_that_is_not_told_leaves_open_who_comes(behind):
    assert facts({"loadBalancers": behind}) == {**OF_SOUND, **UNSAID, "transport_encrypted": None}


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        (seen(encrypted=False), {"transport_encrypted": False}),
        (seen(encrypted=None), {"transport_encrypted": None}),
        (seen(public=None), UNSAID),
        ({**seen(), "aws.load_balancers": None}, {**UNSAID, "transport_encrypted": None}),
    ],
)
def test_what_is_known_of_a_load_balancer_holds_for_what_is_behind(known, expected):
    assert facts(BEHIND, known) == {**OF_SOUND, **expected}


def addressed(*groups):
    return {
        "networkConfiguration": {"awsvpcConfiguration": {"securityGroups": list(groups), "assignPublicIp": "ENABLED"}}
    }


@pytest.mark.parametrize(
    ("service", "known", "expected"),
    [
        (addressed("sg-1"), seen(), {}),
        (addressed("sg-1"), seen(WORLD), OPEN),
        (addressed("sg-1"), seen(None), UNSAID),
        (addressed("sg-1", "sg-2"), seen(WORLD), OPEN),
        (addressed("sg-1", "sg-2"), seen(), UNSAID),
        (addressed(), seen(WORLD), UNSAID),
        (addressed("sg-1"), {**seen(), "aws.firewalls": None}, UNSAID),
        ({"networkConfiguration": None}, seen(WORLD), {}),
        ({}, seen(WORLD), {}),
    ],
)
def test_an_address_of_its_own_is_open_where_a_security_group_is(service, known, expected):
    assert facts(service, known) == {**OF_SOUND, **expected}


def meshed(*services, **more):
    mesh = {"enabled": True, "services": list(services), **more}
    return {"deployments": [{"status": "ACTIVE"}, {"status": "PRIMARY", "serviceConnectConfiguration": mesh}]}


@pytest.mark.parametrize(
    ("service", "expected"),
    [
        (meshed({"portName": "web", "tls": {"kmsKey": "k"}}), True),
        (meshed({"portName": "web"}), False),
        (meshed({"portName": "web"}, enabled=False), True),
        ({**meshed({"portName": "web", "tls": {"kmsKey": "k"}}), **BEHIND}, True),
        ({**meshed({"portName": "web"}), **BEHIND}, False),
    ],
)
def test_neighbours_speak_tls_where_service_connect_says_so(service, expected):
    assert facts(service)["transport_encrypted"] is expected


def test_the_group_of_a_deployment_to_come_counts_too():
    green = {"targetGroupArn": OTHER, "advancedConfiguration": {"alternateTargetGroupArn": GROUP}}
    both = {"TargetGroups": [{"TargetGroupArn": OTHER, "LoadBalancerArns": []}, *listed(FRONT)["TargetGroups"]]}
    answers = {"elbv2__DescribeRules": rules(FORWARD), "elbv2__DescribeTargetGroups": both}
    assert facts({"loadBalancers": [green]}, **answers)["open_to_callers"] is True
    assert facts({"taskSets": [{"status": "ACTIVE", **BEHIND}]}, **answers)["open_to_callers"] is True


def test_what_facts_are_joined_from_is_cited():
    _, told = describe({**BEHIND, **addressed("sg-1")})
    assert set(told.cited) == {ROLE, FRONT, f"arn:aws:ec2:{REGION}:{ACCOUNT}:security-group/sg-1"}


def test_services_are_asked_about_ten_at_once_and_deleted_ones_are_none():
    batches = []

    def answer(given):
        batches.append(len(given["services"]))
        return {
            "services": [
                {"serviceArn": one, "status": "INACTIVE" if one == "s3" else "ACTIVE"} for one in given["services"]
            ]
        }

    told = Told({
        "ecs.ListClusters": {"clusterArns": [{"clusterArns": "main"}]},
        "ecs.ListServices": {"serviceArns": [{"serviceArns": f"s{number}"} for number in range(23)]},
        "ecs.DescribeServices": answer,
    })  # fmt: skip
    assert [one["serviceArn"] for one in Containers.list(told)] == [f"s{number}" for number in range(23) if number != 3]
    assert batches == [10, 10, 3]


def test_nothing_secret_of_a_task_is_kept():
    assert {"Variables", "command", "entryPoint", "environment", "options"} <= set(
        msgspec.to_builtins(Containers.redacts)
    )
