"""The fake estate with nobody to hear of what happens in it (no metric filter, no rule), and no policies of the organisation in force."""

from typing import Any

from tests.fakes.aws import Request
from tests.fakes.estate import Estate

SILENT: dict[str, dict[str, Any]] = {
    "events.ListRules": {"Rules": []},
    "logs.DescribeMetricFilters": {"metricFilters": []},
    "organizations.ListRoots": {"Roots": [{"Id": "r-fake", "Name": "Root", "PolicyTypes": []}]},
}


class Quiet(Estate):
    """Everything is recorded, nothing raises an alarm, and nothing is withheld."""

    def answer(self, request: Request) -> dict[str, Any]:
        """The estate's answer, or silence. Raises `Refusal` as the estate does."""
        return SILENT.get(request.operation) or super().answer(request)
