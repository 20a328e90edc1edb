"""The two HTML reports: one self-contained page each, for the auditor and for everybody, made of the same numbers."""

from agent.page.document import render

__all__ = ["render"]
