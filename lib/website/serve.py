"""Shows the built site on this machine: `python -m website.serve`, then a browser where there is one.

The site also opens from its files; a server on 127.0.0.1 adds search excerpts and addresses that keep their state.
"""

import errno
import sys
import threading
import webbrowser
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

SITE = Path("_build/html")
PORT = 8000


class Handler(SimpleHTTPRequestHandler):
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
