"""Logs on stderr: lines for a person at a terminal, one JSON object per line for a machine.

Our own events and the standard library's (botocore, urllib3) leave by the same door. Secrets are struck out there, as a second line of
defence: nobody logs one on purpose, and tracebacks carry no local variables.
"""

import logging
import re
import sys
from collections.abc import MutableMapping, Sequence
from typing import Any, Literal, TextIO

import structlog
from structlog.typing import Processor

Format = Literal["auto", "console", "json"]
Level = Literal["debug", "info", "warning", "error"]

STRUCK = "[struck out]"
_SECRET_NAME = re.compile(
    r"secret|password|passwd|token|authorization|credential|private_key|access_key|salt_key|api_key", re.IGNORECASE
)
_SECRET_TEXT = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)"
    r"|\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"
    r"|(?<=Signature=)[0-9a-f]{16,}"
    r"|(?<=Bearer )[\w.~+/-]{8,}=*"
    r"|(?<=://)[^/\s:@]+:[^/\s@]+(?=@)"
    r"|\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b",
    re.DOTALL,
)
"""Private keys, AWS access keys, request signatures, bearer tokens, passwords in URLs, e-mail addresses."""


def configure(log_format: Format = "auto", *, level: Level = "info", stream: TextIO | None = None) -> None:
    """Send every log of this process to `stream` (stderr by default). `auto` is for a person if it is a terminal, else JSON."""
    stream = sys.stderr if stream is None else stream
    person = log_format == "console" or (log_format == "auto" and stream.isatty())
    shared: Sequence[Processor] = (
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=(
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *_rendering(person, colors=stream.isatty()),
            ),
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)  # other libraries' chatter, botocore's headers among it, stays out at every level
    for package in ("agent", "controls", "collectors"):
        logging.getLogger(package).setLevel(level.upper())
    logging.captureWarnings(capture=True)
    structlog.configure(
        processors=(structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter),
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def logger(name: str) -> structlog.stdlib.BoundLogger:
    """The logger of a module: `logger(__name__).info("sweep closed", cells=240)`."""
    bound: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return bound


def _rendering(person: bool, *, colors: bool) -> tuple[Processor, ...]:  # noqa: FBT001 (private)
    """The last steps: strike out, then write. `format_exc_info` and the plain traceback show no local variables."""
    if person:
        plain = structlog.dev.ConsoleRenderer(colors=colors, exception_formatter=structlog.dev.plain_traceback)
        return structlog.processors.format_exc_info, strike, plain
    return structlog.processors.format_exc_info, strike, structlog.processors.JSONRenderer(sort_keys=True)


def strike(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor: the event without secrets, wherever they stand in it."""
    return {name: _struck(name, value) for name, value in event.items()}


def _struck(name: str, value: Any) -> Any:
    """A value without secrets; all of it if its name says that it is one."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if _SECRET_NAME.search(name):
        return STRUCK
    if isinstance(value, dict):
        return {str(key): _struck(str(key), inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_struck("", inner) for inner in value]
    return _SECRET_TEXT.sub(STRUCK, str(value))
