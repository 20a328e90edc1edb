"""The fake estate with nobody to hear of what happens in it: no metric filter, and no rule."""

from typing import Any

from tests.fakes.aws import Request
from tests.fakes.estate import Estate

SILENT = {"events.ListRules": {"Rules": []}, "logs.DescribeMetricFilters": {"metricFilters": []}}


class Quiet(Estate):
    """Everything is recorded, and nothing raises an alarm."""

    def answer(self, request: Request) -> dict[str, Any]:
        """The estate's answer, without anybody who listens. Raises `Refusal` as the estate does."""
        return SILENT.get(request.operation) or super().answer(request)
