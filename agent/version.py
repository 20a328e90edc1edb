"""The version of this distribution, as installed."""

from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed


def version() -> str:
    """E.g. `0.1.0`; `source` when run from a checkout that is not installed."""
    try:
        return installed("starcadence")
    except PackageNotFoundError:
        return "source"
