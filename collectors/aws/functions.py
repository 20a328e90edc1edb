"""Lambda functions: who may call each, as what it runs, and whether its runtime is still looked after.

A function is open where its policy lets everybody call it: that policy guards its own address (function URL) too. It is logged where its
log group is there, which Lambda makes at the first call that it may write about. Lambda and its addresses speak TLS only (developer guide,
"Data protection"). The environment of a function is never kept.
"""

from collections.abc import Iterator
from typing import Any

from collectors.aws.elements import policy, text
from collectors.aws.exposure import public
from collectors.aws.gathered import CellSession
from collectors.aws.roles import ROLES, privileged
from collectors.aws.runtimes import ends
from collectors.aws.tagging import tags_of
from collectors.collector import Item, collector, learned
from collectors.serving import Workload

NONE = ("ResourceNotFoundException",)
"""No such setting; of a function that was deleted meanwhile Lambda says the same, so it stays seen, bare, for one sweep more."""
GROUPS = "/aws/lambda/"


@collector(
    "aws.functions",
    sees=Workload,
    kinds=("function",),
    learns=("privileged", "runtime_ends", "open_to_callers", "transport_encrypted", "code_verified", "logged"),
    moves=("storedBytes",),
    redacts=("Variables",),
    grants=(
        "lambda:GetFunctionCodeSigningConfig", "lambda:GetPolicy", "lambda:ListCodeSigningConfigs", "lambda:ListFunctions",
        "logs:DescribeLogGroups", "tag:GetResources",
    ),
    beside=(ROLES,),
    counted=("AWS::Lambda::Function",),
    where="region",
)  # fmt: skip
class Functions:
    """Every function of the account in the region."""

    def list(self, session: CellSession) -> Iterator[Item]:
        """Elements of `ListFunctions`."""
        return session.pages("lambda.ListFunctions", "Functions")

    def describe(self, session: CellSession, item: Item) -> Workload:
        """One call for its policy; signing is asked of it only where the region has a configuration for that."""
        name, role = item["FunctionArn"], text(item, "Role")
        rules = learned(session.ask("lambda.GetPolicy", absent=NONE, FunctionName=name), policy)
        return Workload(
            id=name, provider="aws", account=session.account, region=session.region, kind="function", name=item["FunctionName"],
            tags=tags_of(session, name, "lambda:function"), managed_by="customer",
            privileged=None if role is None else privileged(session, role),
            runtime_ends=ends(text(item, "Runtime"), text(item, "PackageType")), open_to_callers=learned(rules, public),
            transport_encrypted=True,
            code_verified=code_verified(session, name), logged=logged(session, item),
        )  # fmt: skip


def code_verified(session: CellSession, name: str) -> bool | None:
    """A code signing configuration stands on the function, and refuses what is not signed by one whom it names."""
    known = session.common("lambda.ListCodeSigningConfigs", MaxItems=10000)
    if known is None or not isinstance(known.get("CodeSigningConfigs"), list):
        return None
    enforced = {one["CodeSigningConfigArn"]: enforces(one) for one in known["CodeSigningConfigs"]}
    if not enforced:
        return False
    answer = session.ask("lambda.GetFunctionCodeSigningConfig", absent=NONE, FunctionName=name)
    if answer is None:
        return None
    used = text(answer, "CodeSigningConfigArn")
    return False if used is None else enforced.get(used)


def enforces(configuration: dict[str, Any]) -> bool | None:
    """It refuses, and does not only warn."""
    said = text(configuration.get("CodeSigningPolicies"), "UntrustedArtifactOnDeployment")
    return None if said is None else said == "Enforce"


def logged(session: CellSession, item: Item) -> bool | None:
    """Its log group is there; most have the prefix under which they are read together."""
    group = text(item.get("LoggingConfig"), "LogGroup") or f"{GROUPS}{item['FunctionName']}"
    prefix = GROUPS if group.startswith(GROUPS) else group
    found = session.among("logs.DescribeLogGroups", "logGroups", by="logGroupName", of=group, logGroupNamePrefix=prefix)
    return None if found is None else bool(found)
