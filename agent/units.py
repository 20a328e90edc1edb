"""Durations and shares as the programme writes them: `24h`, `99.5%`."""

import re
from datetime import timedelta
from fractions import Fraction

_DURATION = re.compile(r"([1-9][0-9]{0,4})([mhd])")
_SHARE = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,6})?)%")
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}


def duration(text: str) -> timedelta:
    """`24h` as a `timedelta`; a day is 24 hours. `ValueError` for anything that is not a number and m, h or d."""
    found = _DURATION.fullmatch(text)
    if not found:
        raise ValueError(f"{text!r} is not a duration: write a number and m, h or d, e.g. 24h")
    return int(found[1]) * _UNITS[found[2]]


def share(text: str) -> Fraction:
    """`99.5%` as an exact fraction from 0 to 1. `ValueError` for anything else."""
    found = _SHARE.fullmatch(text)
    value = Fraction(found[1]) / 100 if found else None
    if value is None or value > 1:
        raise ValueError(f"{text!r} is not a share: write 0% to 100%, e.g. 99.5%")
    return value
