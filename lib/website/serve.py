"""Shows the built site on this machine: `python -m website.serve`, then a browser where there is one.

The site also opens from its files; a server on 127.0.0.1 adds addresses that keep their state, and the page for an
address that leads nowhere.
"""

import errno
import gzip
import io
import sys
import threading
import webbrowser
from functools import lru_cache, partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

SITE = Path("_build/html")
PORT = 8000


TEXTS = {".html", ".css", ".js", ".json", ".svg", ".ipynb", ".md"}


@lru_cache(256)
def compressed(path: Path, _changed: int) -> bytes:
    """The file as a host would send it."""
    return gzip.compress(path.read_bytes(), 6, mtime=0)


class Handler(SimpleHTTPRequestHandler):
    def send_head(self) -> io.BytesIO | BinaryIO | None:
        """Compress texts, as any host does; the rest is SimpleHTTPRequestHandler's."""
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() and urlsplit(self.path).path.endswith("/") else path
        if path.suffix not in TEXTS or not path.is_file() or "gzip" not in self.headers.get("Accept-Encoding", ""):
            return super().send_head()
        body = compressed(path, path.stat().st_mtime_ns)
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        return io.BytesIO(body)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """The book's own page for an address that leads nowhere; the server's for every other error."""
        lost = Path(self.directory, "404.html")
        if code != HTTPStatus.NOT_FOUND or not lost.exists():
            super().send_error(code, message, explain)
            return
        page = lost.read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(page)

    def log_message(self, format: str, *args: object) -> None:
        pass  # one line a request would bury the address

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-cache")  # a rebuilt page shows at once
        super().end_headers()


def server(site: Path, port: int) -> ThreadingHTTPServer:
    """A server for the folder on 127.0.0.1, on another port where this one is taken."""
    handler = partial(Handler, directory=str(site))
    try:
        return ThreadingHTTPServer(("127.0.0.1", port), handler)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        return ThreadingHTTPServer(("127.0.0.1", 0), handler)


def main() -> None:
    """Serve the site until Ctrl-C; exits with one line where there is none."""
    if not (SITE / "index.html").exists():
        sys.exit(f"There is no site in {SITE}; `make site` builds it.")
    with server(SITE, PORT) as http:
        address = f"http://127.0.0.1:{http.server_port}/"
        print(f"The book is in {SITE.resolve()}\nand at {address} until you press Ctrl-C.", flush=True)
        threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
        try:
            http.serve_forever()
        except KeyboardInterrupt:
            print()


if __name__ == "__main__":
    main()
