"""What a listing asked the simulated inventory for, and what goes wrong with some of them on purpose."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import grpc


@dataclass(frozen=True, kw_only=True)
class Request:
    """One request as the inventory understood it."""

    parent: str
    asset_type: str
    content: str
    token: str
    page_size: int
    metadata: dict[str, str]


@dataclass(kw_only=True)
class Trouble:
    """Something that goes wrong on purpose."""

    asset_type: str
    content: str
    code: grpc.StatusCode | None
    """`None` changes the page instead."""
    change: Callable[[Any], bytes] | None = None
    """Makes the answer's bytes of the page that would have been."""
    reason: str = ""
    after: int = 0
    """Only from this page of a listing on."""
    times: int = 1 << 30

    def strikes(self, request: Request) -> bool:
        """It concerns the request and is not used up."""
        concerns = (
            self.asset_type in {"*", request.asset_type}
            and self.content in {"*", request.content}
            and int(request.token or 0) >= self.after
        )
        if concerns and self.times > 0:
            self.times -= 1
            return True
        return False
