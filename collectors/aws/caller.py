"""Who asks, and where: the context that each HTTP request carries by itself."""

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Credentials:
    """Keys of one identity. Named as botocore's signers read them."""

    access_key: str
    secret_key: str = field(repr=False)
    token: str | None = field(default=None, repr=False)


@dataclass(frozen=True, kw_only=True)
class Caller:
    """The account and region that one request is made in, and the keys that it is signed with."""

    account: str
    region: str
    credentials: Credentials


@dataclass(kw_only=True)
class Trace:
    """What one HTTP exchange leaves behind even if no answer comes."""

    host: str = ""


CALLER: ContextVar[Caller] = ContextVar("starcadence_aws_caller")
"""Set only in the copy of a context that one HTTP request runs in."""
TRACE: ContextVar[Trace] = ContextVar("starcadence_aws_trace")
"""As `CALLER`."""


class CallerCredentials:
    """Credentials in botocore's shape that are always those of the request at hand."""

    method = "starcadence"
    account_id = None

    def get_frozen_credentials(self) -> Credentials:
        """The keys of the request at hand. Raises `LookupError` outside of one: no client may act for nobody."""
        return CALLER.get().credentials

    def get_deferred_property(self, name: str) -> Callable[[], str | None]:
        """One property, read when it is needed."""
        return lambda: getattr(CALLER.get().credentials, name, None)
