"""Services that a region or a partition does not have: what is watched there is seen, and not learned, and the gap says why."""

import pytest

from collectors.aws.catalogue import COLLECTORS
from collectors.collector import Cell
from collectors.gap import Reason
from collectors.watching import Watch
from tests.fakes.aws import Refusal

WATCHES = [collector for collector in COLLECTORS if collector.sees is Watch]
FIRST = {
    "aws.analyzers": "accessanalyzer.ListAnalyzers", "aws.detectors": "guardduty.ListDetectors",
    "aws.discoveries": "macie2.GetMacieSession", "aws.hubs": "securityhub.GetEnabledStandards",
    "aws.recorders": "config.DescribeConfigurationRecorders", "aws.scanners": "inspector2.BatchGetAccountStatus",
}  # fmt: skip
"""What each asks first."""


@pytest.mark.slow
@pytest.mark.sampled
@pytest.mark.parametrize("collector", WATCHES, ids=lambda one: one.name)
def test_a_service_that_is_not_there_leaves_its_watches_unknown(collector, whole, aws, estate):
    aws.trouble(FIRST[collector.name], Refusal("UnknownOperationException", 404))
    cell = Cell(provider="aws", account=estate.management, region="eu-west-1", collector=collector.name)
    visit = whole.visit(cell, collector, {})
    assert [one.resource.enabled for one in visit.sightings] == [None] * len(collector.kinds)
    assert {one.resource.kind for one in visit.sightings} == set(collector.kinds)
    assert {gap.reason for gap in visit.gaps} == {Reason.UNSUPPORTED}
    assert visit.complete
