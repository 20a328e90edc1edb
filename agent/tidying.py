"""How often Python looks for rings of values that nobody holds any more, while a sweep makes millions of values that form none."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

RARELY = 50_000
"""Values more than before; Python's own 700 has it look through everything again with every few thousand resources, which takes as long
as describing them. A ring that waits for its end is an exchange with a provider: some kilobytes."""


@contextmanager
def rarely() -> Iterator[None]:
    """Look rarely, until this ends."""
    before = gc.get_threshold()
    gc.set_threshold(max(RARELY, before[0]), *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
