"""What was seen, and what was not: the report names what it could not look at, and why."""

import re

from agent.page import render


def test_a_closed_region_is_named_with_the_policy_that_closes_it(samples):
    page = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", render(samples.rich())))
    assert "sa-east-1: closed by policy p-regions, and not looked at while it stands" in page
    assert page.count("closed by policy") == 1
