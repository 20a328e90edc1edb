"""What code brings into the estate and what is lent out of it, all of it told: services of ECS, stacks of CloudFormation, shares of RAM."""

import json
from typing import Any

from agent.demo import canaries
from agent.demo.accounts import allow
from agent.demo.estate import SEEDED, Estate, arn
from agent.demo.names import HOME, MANAGEMENT
from agent.demo.serving import FROM_CODE
from agent.demo.told import AGO
from agent.demo.watching import line

MADE = SEEDED.isoformat()
INSTANCE = "arn:aws:sso:::instance/ssoins-69871c2d3e4f5a6b"
LATELY = {AGO: 3 * 86400}
"""Three days before anybody looks."""
SIGNER = "image-signature-check"
TAGS = [{"key": key, "value": value} for key, value in FROM_CODE.items()]


def deploy(estate: Estate) -> None:
    """All of it, as a careful provider keeps it."""
    estate.endpoint.tell(
        line("ecs.ListClusters", {"clusterArns": []}), line("cloudformation.DescribeStacks", {"Stacks": []}),
        line("ram.GetResourceShares", {"resourceShares": []}), line("sso-admin.ListInstances", {"Instances": []}),
    )  # fmt: skip
    centre = {
        "InstanceArn": INSTANCE,
        "IdentityStoreId": "d-9967abcdef",
        "OwnerAccountId": MANAGEMENT,
        "Status": "ACTIVE",
    }
    estate.endpoint.tell(line("sso-admin.ListInstances", {"Instances": [centre]}, "management", HOME))
    make_permission_set(estate, "reader", allow("ec2:Describe*", "s3:ListAllMyBuckets"))
    make_service(estate, "production", HOME, "replicator", role="object-store-frontend")
    make_stack(estate, "production", HOME, "foundation")
    ours = f"arn:aws:organizations::{MANAGEMENT}:organization/{estate.organization}"
    make_share(estate, "production", HOME, "main-subnets", to=ours)


def make_service(estate: Estate, alias: str, region: str, name: str, *, role: str, sound: bool = True) -> None:
    """A service that takes work from a queue, of signed images, and goes back where a change fails; or one that anybody reaches."""
    family = f"{name}:12"
    network = {
        "subnets": [plain(estate, f"{alias}/{region}/subnet/a")], "assignPublicIp": "DISABLED" if sound else "ENABLED",
        "securityGroups": [plain(estate, f"{alias}/{region}/firewall/web")],
    }  # fmt: skip
    hook = {"hookTargetArn": arn("lambda", alias, f"function:{SIGNER}", region), "lifecycleStages": ["PRE_SCALE_UP"]}
    mesh = {"serviceConnectConfiguration": {"enabled": True, "services": [{"portName": "web", "discoveryName": name}]}}
    service = {
        "serviceArn": arn("ecs", alias, f"service/main/{name}", region), "serviceName": name, "status": "ACTIVE", "launchType": "FARGATE",
        "clusterArn": arn("ecs", alias, "cluster/main", region), "taskDefinition": arn("ecs", alias, f"task-definition/{family}", region),
        "createdAt": MADE, "desiredCount": 2, "runningCount": 2, "pendingCount": 0, "loadBalancers": [],
        "deploymentController": {"type": "ECS"},
        "networkConfiguration": {"awsvpcConfiguration": network}, "tags": TAGS,
        "deploymentConfiguration": {
            "deploymentCircuitBreaker": {"enable": sound, "rollback": sound}, "lifecycleHooks": [hook] if sound else [],
        },
        "deployments": [{"id": "ecs-svc/1", "status": "PRIMARY", "rolloutState": "COMPLETED", **({} if sound else mesh)}],
    }  # fmt: skip
    services = estate.listed.setdefault((alias, region, "ecs.DescribeServices"), [])
    services.append(service)
    estate.note("container service", f"{alias}/{region}/container service/{name}", str(service["serviceArn"]))
    estate.endpoint.tell(
        line("ecs.ListClusters", {"clusterArns": [service["clusterArn"]]}, alias, region),
        line("ecs.ListServices", {"serviceArns": [one["serviceArn"] for one in services]}, alias, region),
        line("ecs.DescribeServices", {"services": services, "failures": []}, alias, region),
        line(
            "ecs.DescribeTaskDefinition",
            {"taskDefinition": task(estate, alias, family, role, sound=sound)},
            alias,
            region,
            given=family,
        ),
        line("lambda.GetFunctionConfiguration", signer(), alias, region, given=SIGNER),
    )


def task(estate: Estate, alias: str, family: str, role: str, *, sound: bool) -> dict[str, Any]:
    """A task of one container, which logs, with a password where no password should be."""
    container = {
        "name": "main", "image": "object-store:12", "essential": True, "portMappings": [],
        "environment": [{"name": "DB_PASSWORD", "value": canaries.PASSWORD}],
        "privileged": not sound, "logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-group": "/ecs/main"}},
    }  # fmt: skip
    return {
        "family": family.partition(":")[0], "revision": 12, "status": "ACTIVE", "networkMode": "awsvpc",
        "containerDefinitions": [container], "taskRoleArn": estate.ids[f"{alias}/role/{role}"],
    }  # fmt: skip


def signer() -> dict[str, Any]:
    """AWS Signer's admission controller, which blocks what it cannot verify."""
    return {"FunctionName": SIGNER, "Environment": {"Variables": {"FAILURE_BEHAVIOR": "BLOCK_ON_FAILURE"}}}


def plain(estate: Estate, name: str) -> str:
    """The plain id of something that has an ARN."""
    return estate.ids[name].rpartition("/")[2]


def make_permission_set(estate: Estate, name: str, policy: dict[str, Any]) -> None:
    """A permission set of the organisation's Identity Center, with one policy written into it."""
    made = f"{INSTANCE.replace(':instance/', ':permissionSet/')}/ps-{name}"
    sets = estate.listed.setdefault(("management", HOME, "sso-admin.ListPermissionSets"), [])
    sets.append(made)
    estate.note("permission set", f"management/permission set/{name}", made)
    nothing: dict[str, dict[str, Any]] = {
        "ListManagedPoliciesInPermissionSet": {"AttachedManagedPolicies": []},
        "ListCustomerManagedPolicyReferencesInPermissionSet": {"CustomerManagedPolicyReferences": []},
        "GetPermissionsBoundaryForPermissionSet": {},
    }
    estate.endpoint.tell(
        line("sso-admin.ListPermissionSets", {"PermissionSets": sets}, "management", HOME),
        line(
            "sso-admin.GetInlinePolicyForPermissionSet",
            {"InlinePolicy": json.dumps(policy)},
            "management",
            HOME,
            given=made,
        ),
        *(line(f"sso-admin.{operation}", answer, "management", HOME) for operation, answer in nothing.items()),
    )


def make_stack(estate: Estate, alias: str, region: str, name: str, *, sound: bool = True) -> None:
    """A stack that is protected, goes back where a change fails, and is as its code says; or none of that."""
    made = arn("cloudformation", alias, f"stack/{name}/6b1f2c3d-0000-4000-8000-00000000000{len(name) % 10}", region)
    drift = {"StackDriftStatus": "IN_SYNC" if sound else "DRIFTED", "LastCheckTimestamp": LATELY}
    stacks = estate.listed.setdefault((alias, region, "cloudformation.DescribeStacks"), [])
    stacks.append({
        "StackId": made, "StackName": name, "StackStatus": "UPDATE_COMPLETE", "CreationTime": MADE, "DisableRollback": not sound,
        "EnableTerminationProtection": sound, "DriftInformation": drift, "Tags": [{"Key": "owner", "Value": canaries.OWNER}],
        "Parameters": [{"ParameterKey": "DatabasePassword", "ParameterValue": canaries.PASSWORD}],
    })  # fmt: skip
    estate.note("stack", f"{alias}/{region}/stack/{name}", made)
    estate.endpoint.tell(line("cloudformation.DescribeStacks", {"Stacks": stacks}, alias, region))


def make_share(estate: Estate, alias: str, region: str, name: str, *, to: str) -> None:
    """A share that lends something to somebody."""
    made = arn("ram", alias, f"resource-share/{name}", region)
    shares = estate.listed.setdefault((alias, region, "ram.GetResourceShares"), [])
    lent = estate.listed.setdefault((alias, region, "ram.GetResourceShareAssociations"), [])
    shares.append({"resourceShareArn": made, "name": name, "status": "ACTIVE", "creationTime": MADE, "tags": TAGS})
    lent.append(
        {"resourceShareArn": made, "associatedEntity": to, "associationType": "PRINCIPAL", "status": "ASSOCIATED"}
    )
    estate.note("resource share", f"{alias}/{region}/resource share/{name}", made)
    estate.endpoint.tell(
        line("ram.GetResourceShares", {"resourceShares": shares}, alias, region),
        line("ram.GetResourceShareAssociations", {"resourceShareAssociations": lent}, alias, region),
    )
