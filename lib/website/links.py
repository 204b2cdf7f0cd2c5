"""The addresses outside that the built site links to: `python -m website.links` prints each with the pages that use it.

The site never asks for them; a reader may. Tests hold their form, and that no place is linked in two forms.
"""

from collections import defaultdict
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

SITE = Path("_build/html")


class Page(HTMLParser):
    """The names a page defines, and the addresses it uses: of its links, and of its parts."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.links: list[str] = []
        self.parts: list[str] = []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        for name, value in attributes:
            if name in ("id", "name") and value:
                self.names.add(value)
            if name in ("href", "src") and value:
                (self.links if tag == "a" else self.parts).append(value)


def pages(site: Path) -> dict[Path, Page]:
    """Every page of the site, read."""
    return {path.resolve(): Page(path) for path in sorted(site.rglob("*.html")) if "_static" not in path.parts}


def external(read: dict[Path, Page], site: Path) -> dict[str, list[str]]:
    """Each address outside the site, with the pages that link to it."""
    found: dict[str, list[str]] = defaultdict(list)
    for path, page in read.items():
        for link in sorted(set(page.links)):
            if urlsplit(link).scheme or urlsplit(link).netloc:
                found[link].append(path.relative_to(site.resolve()).with_suffix("").as_posix())
    return dict(sorted(found.items()))


def faults(links: list[str]) -> list[str]:
    """What is wrong with the addresses: their form, or that one of them is another in disguise."""
    wrong, forms = [], defaultdict(list)
    for link in links:
        url = urlsplit(link)
        if url.scheme != "https" or "." not in (url.hostname or "") or " " in link:
            wrong.append(f"{link} is no https address")
        place = url.netloc.lower().removeprefix("www.").removeprefix("dx.") + url.path.lower().rstrip("/")
        forms[place, url.query, url.fragment].append(link)
    return wrong + [" and ".join(same) + " are one place" for same in forms.values() if len(same) > 1]


def main() -> None:
    """Print the table."""
    for link, users in external(pages(SITE), SITE).items():
        print(f"{link}\n    {', '.join(users)}")


if __name__ == "__main__":
    main()
