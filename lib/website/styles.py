"""The site's style without the rules that no page can need: themes bring thousands, and each page would load them all.

A selector stays where every class that it asks for is a word somewhere in the site's pages or scripts. What stands in
brackets, as in `:not(.open)`, is not looked at.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import tinycss2
from rcssmin import cssmin

WORD = re.compile(r"[\w-]+")
GROUPS = {"media", "supports", "layer", "container"}  # at-rules that hold rules


def words(site: Path) -> set[str]:
    """Every word of the site's pages and scripts, and with them every class that an element may have."""
    files = [path for pattern in ("*.html", "*.js") for path in site.rglob(pattern)]
    return {word for path in files for word in WORD.findall(path.read_text(encoding="utf-8"))}


def needed(style: str, known: set[str]) -> str:
    """The style, small, without selectors that ask for a class that is not known."""
    rules = tinycss2.parse_stylesheet(style, skip_whitespace=True)
    return cssmin("".join(_kept(rules, known)), keep_bang_comments=True)  # those are licences


def _kept(rules: Iterable, known: set[str]) -> Iterator[str]:
    for rule in rules:
        if rule.type == "qualified-rule":
            selectors = [s for s in _selectors(rule.prelude) if _classes(s) <= known]
            if selectors:
                yield f"{','.join(map(tinycss2.serialize, selectors))}{{{tinycss2.serialize(rule.content)}}}"
        elif rule.type == "at-rule" and rule.at_keyword in GROUPS and rule.content is not None:
            inner = "".join(_kept(tinycss2.parse_rule_list(rule.content, skip_whitespace=True), known))
            if inner:
                yield f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}{{{inner}}}"
        else:
            yield rule.serialize()


def _selectors(prelude: list) -> Iterator[list]:
    """The selectors of a rule: what stands between commas."""
    one: list = []
    for token in prelude:
        if token == ",":
            yield one
            one = []
        else:
            one.append(token)
    yield one


def _classes(selector: list) -> set[str]:
    """The classes that an element, and those around it, must have: names after a point, outside brackets."""
    pairs = zip(selector, selector[1:], strict=False)
    return {name.value for point, name in pairs if point == "." and name.type == "ident"}
