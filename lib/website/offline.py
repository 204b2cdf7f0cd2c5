"""The site as one zip that opens from its index.html, without a server: `python -m website.offline`."""

import sys
import zipfile
from pathlib import Path

SITE = Path("_build/html")
ARCHIVE = Path("_build/chain-rule.zip")
ROOT = "chain-rule"
PACKED = {".webp", ".png", ".woff2"}  # pictures and fonts are compressed already
LEFT_OUT = {".map"}  # for those who debug the theme's scripts


def write(site: Path, archive: Path) -> None:
    """Put every file of the site into the archive, below one folder."""
    with zipfile.ZipFile(archive, "w") as packed:
        for path in sorted(p for p in site.rglob("*") if p.is_file() and p.suffix not in LEFT_OUT):
            method = zipfile.ZIP_STORED if path.suffix in PACKED else zipfile.ZIP_DEFLATED
            packed.write(path, Path(ROOT, path.relative_to(site)), compress_type=method)


def main() -> None:
    """Archive the built site."""
    if not (SITE / "index.html").exists():
        sys.exit(f"There is no site in {SITE}; `make site` builds it.")
    write(SITE, ARCHIVE)
    print(f"{ARCHIVE}  {ARCHIVE.stat().st_size / 1e6:.1f} MB; unpack it and open {ROOT}/index.html")


if __name__ == "__main__":
    main()
