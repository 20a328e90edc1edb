"""What a cloud does not have: each said why, none of it seen by any collector, and no whole cloud without a list."""

import pytest

from collectors.aws.catalogue import COLLECTORS as AWS
from collectors.azure.catalogue import COLLECTORS as AZURE
from collectors.gcp.catalogue import COLLECTORS as GCP
from controls.absent import ABSENT, absent, lack
from controls.assess import concerns
from controls.catalogue import CHECKS
from controls.unproven import UNPROVEN

COLLECTORS = {"aws": AWS, "azure": AZURE, "gcp": GCP}


@pytest.mark.parametrize(
    ("cloud", "name"), [(cloud, name) for cloud, names in ABSENT.items() for name in sorted(names)]
)
def test_what_is_absent_says_why_and_is_seen_by_nobody(cloud, name):
    (check,) = (one for one in CHECKS if one.name == name)
    assert UNPROVEN[cloud][name].why == "nothing"
    assert not any(concerns(check, one) for one in COLLECTORS[cloud])
    assert absent(cloud, name) and not absent("others", name)
    assert lack(cloud, name) == UNPROVEN[cloud][name].words and lack("others", name) is None
