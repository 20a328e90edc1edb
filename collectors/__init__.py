"""Sees: reads provider APIs and returns resources and gaps, never verdicts. The only package that knows clouds."""
