"""The fake estate, services of ECS: a sound one behind a load balancer that asks who comes, and one that anybody reaches."""

from typing import Any

from tests.fakes.aws import Request
from tests.fakes.endpoints import balancer, listener
from tests.fakes.pages import THEN, paged


def ecs(request: Request, rest: str) -> str:
    """The ARN of something of ECS where the request asks."""
    return f"arn:aws:ecs:{request.region}:{request.account}:{rest}"


def group(request: Request, name: str) -> str:
    """The ARN of a target group."""
    return f"arn:aws:elasticloadbalancing:{request.region}:{request.account}:targetgroup/{name}/73e2d6bc24d8a067"


def _clusters(estate: Any, request: Request) -> dict[str, Any]:
    return paged(
        request,
        "clusterArns",
        [ecs(request, f"cluster/{name}") for name in ("main", "idle")],
        given="nextToken",
        asked="nextToken",
    )


def _services(estate: Any, request: Request) -> dict[str, Any]:
    names = ("sound", "bare", "leaving") if request.parameters["cluster"].endswith("/main") else ()
    arns = [ecs(request, f"service/main/{name}") for name in names]
    return paged(request, "serviceArns", arns, given="nextToken", asked="nextToken")


def _described(estate: Any, request: Request) -> dict[str, Any]:
    assert request.parameters.get("include") == ["TAGS"], "without it, services have no tags"
    assert len(request.parameters["services"]) <= 10, "more are refused"
    return {
        "services": [service(request, one.rpartition("/")[2]) for one in request.parameters["services"]],
        "failures": [],
    }


def service(request: Request, name: str) -> dict[str, Any]:
    """A service as ECS describes it."""
    sound = name == "sound"
    network = {
        "subnets": ["subnet-1"],
        "securityGroups": ["sg-web" if sound else "sg-bastion"],
        "assignPublicIp": "DISABLED" if sound else "ENABLED",
    }
    return {
        "serviceArn": ecs(request, f"service/main/{name}"), "serviceName": name, "clusterArn": ecs(request, "cluster/main"),
        "status": "DRAINING" if name == "leaving" else "ACTIVE", "desiredCount": 2, "runningCount": 2, "pendingCount": 0,
        "launchType": "FARGATE", "taskDefinition": ecs(request, f"task-definition/{name}:7"), "createdAt": THEN,
        "deploymentController": {"type": "ECS"}, "networkConfiguration": {"awsvpcConfiguration": network},
        "deploymentConfiguration": {
            "deploymentCircuitBreaker": {"enable": True, "rollback": sound}, "maximumPercent": 200, "minimumHealthyPercent": 100,
            "lifecycleHooks": [{"hookTargetArn": "signer", "lifecycleStages": ["PRE_SCALE_UP"]}] if sound else [],
        },
        "loadBalancers": [{"targetGroupArn": group(request, name), "containerName": "web", "containerPort": 8443}],
        "deployments": [{"id": "ecs-svc/1", "status": "PRIMARY", "rolloutState": "COMPLETED", "createdAt": THEN, "updatedAt": THEN}],
        "events": [{"id": "e1", "createdAt": THEN, "message": f"(service {name}) has reached a steady state."}],
        "tags": [{"key": "team", "value": "web"}, {"key": "managed-by", "value": "terraform"}] if sound else [],
    }  # fmt: skip


def _task(estate: Any, request: Request) -> dict[str, Any]:
    name = request.parameters["taskDefinition"].rpartition("/")[2].partition(":")[0]
    sound = name == "sound"
    log = {"logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-group": "/ecs/sound"}}} if sound else {}
    container = {
        "name": "web", "image": "111122223333.dkr.ecr.eu-west-1.amazonaws.com/sound:7", "essential": True,
        "portMappings": [{"containerPort": 8443, "protocol": "tcp"}], "command": ["serve", "--token=correct-horse-battery"],
        "environment": [{"name": "DATABASE_PASSWORD", "value": "correct-horse-battery"}], **log,
        "linuxParameters": {"capabilities": {"add": ["NET_BIND_SERVICE" if sound else "SYS_ADMIN"], "drop": ["ALL"]}},
    }  # fmt: skip
    role = f"arn:aws:iam::{request.account}:role/{'app' if sound else 'vendor'}"
    return {
        "taskDefinition": {
            "taskDefinitionArn": request.parameters["taskDefinition"], "family": name, "revision": 7, "status": "ACTIVE",
            "networkMode": "awsvpc", "taskRoleArn": role, "containerDefinitions": [container],
        }
    }  # fmt: skip


def _hook(estate: Any, request: Request) -> dict[str, Any]:
    variables = {"FAILURE_BEHAVIOR": "BLOCK_ON_FAILURE", "TOKEN": "correct-horse-battery"}
    return {"FunctionName": request.parameters["FunctionName"], "Environment": {"Variables": variables}}


def _groups(estate: Any, request: Request) -> dict[str, Any]:
    entries = [
        {"TargetGroupArn": group(request, name), "TargetGroupName": name, "Protocol": "HTTPS", "Port": 8443, "TargetType": "ip",
         "LoadBalancerArns": [balancer(request, "app", front)] if front else []}
        for name, front in (("sound", "front"), ("bare", "bare"), ("spare", ""))
    ]  # fmt: skip
    return paged(request, "TargetGroups", entries, given="NextMarker", asked="Marker")


def _rules(estate: Any, request: Request) -> dict[str, Any]:
    asked = request.parameters["ListenerArn"]
    sign_in = {
        "Type": "authenticate-oidc", "Order": 1, "AuthenticateOidcConfig": {"ClientId": "app", "OnUnauthenticatedRequest": "authenticate"},
    }  # fmt: skip
    actions = {
        listener(request, "front", 80): [
            {"Type": "redirect", "RedirectConfig": {"Protocol": "HTTPS", "StatusCode": "HTTP_301"}}
        ],
        listener(request, "front", 443): [
            sign_in,
            {"Type": "forward", "Order": 2, "TargetGroupArn": group(request, "sound")},
        ],
    }.get(asked, [{"Type": "forward", "TargetGroupArn": group(request, "bare")}])
    return {
        "Rules": [
            {"RuleArn": f"{asked}/rule", "Priority": "default", "IsDefault": True, "Conditions": [], "Actions": actions}
        ]
    }


ANSWERS: dict[str, Any] = {
    "ecs.DescribeServices": _described,
    "ecs.DescribeTaskDefinition": _task,
    "ecs.ListClusters": _clusters,
    "ecs.ListServices": _services,
    "elbv2.DescribeRules": _rules,
    "elbv2.DescribeTargetGroups": _groups,
    "lambda.GetFunctionConfiguration": _hook,
}
"""What each operation is answered with."""
