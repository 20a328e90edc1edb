"""Which environments tags name, however people write them."""

import pytest

from collectors.environments import environments


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ([{"Environment": "Production"}], ("production",)),
        ([{"env": "PRD"}, {"acme:Env-Name": "live"}], ("production",)),
        ([{"environment": "prod"}, {"environment": "pre-prod"}], ("production", "staging")),
        ([{"env": "QA"}, {"env": "tst"}], ("test",)),
        ([{"env": "blue-7"}], ("blue7",)),
        ([{"stage": "dev"}], ("development",)),
        ([{"stage": "blue"}], ()),
        ([{"deployment/stage": "build"}], ()),
        ([{"team": "prod", "name": "production"}], ()),
        ([{"env": " "}, {}], ()),
        ([], ()),
        ([{"env": "prod"}, None], None),
    ],
)
def test_an_environment_is_named_by_a_tag_of_it(tags, expected):
    assert environments(tags) == expected
