"""The library's reference: a page per module, made from its docstrings while the site is built, formulas typeset."""

from website.reference.directive import setup

__all__ = ["setup"]
