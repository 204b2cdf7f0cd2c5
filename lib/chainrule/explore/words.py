"""How numbers stand in a sentence."""

import re

HYPHEN = re.compile(r"(?<![\w.,/\-\N{EN DASH}])-(?=\d)")


def with_minus(text: str) -> str:
    """The text with a minus before its negative numbers, where a program writes a hyphen; 1e-6 and 3-4 stay."""
    return HYPHEN.sub("\N{MINUS SIGN}", text)
