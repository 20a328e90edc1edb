"""Flow logs: what records the traffic of a network or of a part of it. Those of a region are read once."""

from collectors.aws.elements import text
from collectors.aws.gathered import CellSession


def recorded(session: CellSession, *ids: str) -> bool | None:
    """Some flow log on one of these resources is active and delivers; one that the provider cannot deliver records nothing."""
    for name in ids:
        found = session.among("ec2.DescribeFlowLogs", "FlowLogs", by="ResourceId", of=name)
        if found is None:
            return None
        if any(text(log, "FlowLogStatus") == "ACTIVE" and text(log, "DeliverLogsStatus") != "FAILED" for log in found):
            return True
    return False
