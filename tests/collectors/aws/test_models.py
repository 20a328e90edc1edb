"""botocore's models without their prose are still botocore's models."""

from typing import Any

import pytest
from botocore.loaders import Loader

from collectors.aws.models import PROSE, models


def told(value: Any) -> Any:
    """The value without what is written for people, in plain types."""
    if isinstance(value, dict):
        return {key: "" if key == PROSE and isinstance(inner, str) else told(inner) for key, inner in value.items()}
    return [told(inner) for inner in value] if isinstance(value, list) else value


@pytest.mark.parametrize(
    ("service", "kind"),
    [("sts", "service-2"), ("s3", "endpoint-rule-set-1"), ("kms", "paginators-1"), ("apigateway", "service-2")],
)
def test_nothing_but_prose_is_left_out(service: str, kind: str) -> None:
    ours, theirs = models().load_service_model(service, kind), Loader().load_service_model(service, kind)
    assert ours == told(theirs)
    assert ours != theirs or PROSE not in str(theirs)


def test_what_is_not_there_is_not_there() -> None:
    loader = models()
    assert loader.file_loader.exists("/nowhere/at/all") is False
    assert loader.file_loader.load_file("/nowhere/at/all") is None
