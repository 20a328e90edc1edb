"""The status page: where the programme stands now, as one HTML file in the reports' own style.

The same board gives the same bytes. Like a report it loads nothing, and its policy admits its own style sheet only; it has no script.
"""

import os
import tempfile
from pathlib import Path

from markupsafe import Markup

from agent.board import Board
from agent.errors import UsageError
from agent.page.document import environment, part, source
from agent.page.strips import counts, strip

NAME = "index.html"


def render_status(board: Board) -> str:
    """The page of a board."""
    style = f"\n{part('page.css')}{part('status.css')}"
    policy = f"default-src 'none'; style-src {source(style)}; img-src data:; base-uri 'none'; form-action 'none'"
    return environment().get_template("status.html.j2").render(
        board=board, auditor=board.tier != "public", policy=policy, strip=strip, counts=counts,
        style=Markup(style),  # noqa: S704 - files of this package, the same for every page
    )  # fmt: skip


def policy_of(page: str) -> str:
    """The policy that a page says of itself, for the header of the answer that brings it."""
    start = page.index('content="', page.index("Content-Security-Policy")) + len('content="')
    return page[start : page.index('"', start)].replace("&#39;", "'")


def write_status(folder: Path, page: str) -> Path:
    """Replace the page in a folder in one step; return its path. `UsageError` where it cannot be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=folder, prefix=".status-", suffix=".tmp")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            os.fchmod(file.fileno(), 0o644)  # a web server of another user may serve it
            file.write(page)
        Path(temporary).replace(folder / NAME)
    except OSError as error:
        raise UsageError(f"{folder}: {error.strerror}; name a folder that can be written") from error
    return folder / NAME
