"""The fake estate's quotas: room everywhere but for database instances in its first region."""

from typing import Any

from tests.fakes.aws import Request


def _of_databases(estate: Any, request: Request) -> dict[str, Any]:
    used = 39 if request.region == estate.regions[0] else 3
    names = {"DBInstances": used, "DBClusters": 1, "ManualSnapshots": 0}
    return {"AccountQuotas": [{"AccountQuotaName": name, "Used": count, "Max": 40} for name, count in names.items()]}


def _of_scaling(estate: Any, request: Request) -> dict[str, Any]:
    return {
        "MaxNumberOfAutoScalingGroups": 500, "NumberOfAutoScalingGroups": 2, "MaxNumberOfLaunchConfigurations": 200,
        "NumberOfLaunchConfigurations": 0,
    }  # fmt: skip


ANSWERS: dict[str, Any] = {
    "autoscaling.DescribeAccountLimits": _of_scaling,
    "rds.DescribeAccountAttributes": _of_databases,
}
"""What each operation is answered with."""
