"""A fact that no check reads is not worth a call: there is none that nobody makes use of."""

import pytest

from collectors.resource import Resource
from collectors.resources import TYPES
from controls.catalogue import CHECKS

JOINED = {
    "Trail": {"multi_region", "organization", "management_events"},  # into what is recorded in each region
    "Finding": {"subject", "published", "fixable"},  # for whom a deviation is, and for metrics
    "Exemption": {"policy", "scope", "mitigated"},  # for the report, which shows them beside our own exceptions
    "Workload": {"networks"},  # into which environments stand in a network
    "Unjudged": {"things"},  # is not judged: it is counted
}
"""What collectors, metrics or reports make use of."""


@pytest.mark.parametrize("of", TYPES, ids=lambda of: of.__name__)
def test_every_fact_is_read_by_a_check_or_made_use_of_elsewhere(of):
    facts = set(of.__struct_fields__) - set(Resource.__struct_fields__)
    read = {fact for check in CHECKS if check.judges is of for fact in check.reads}
    assert facts - read == JOINED.get(of.__name__, set())
