"""Serve build/site/ on this machine as Cloudflare Pages would.

    python -m tools.serve [--port 8000]

That is: compressed, with the headers that ``_headers`` in it sets, without ``.html`` in
the addresses, and with the nearest ``404.html``. Port 0 takes any that is free.
https://developers.cloudflare.com/pages/configuration/serving-pages/
https://developers.cloudflare.com/pages/configuration/headers/
"""

import argparse
import re
import socket
from pathlib import Path
from urllib.parse import urlsplit

import uvicorn
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import (
    FileResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
)
from starlette.staticfiles import NotModifiedResponse
from starlette.types import Receive, Scope, Send

from policy_site.base.settings import ROOT, read_conf

SITE = ROOT / "build" / "site"
# Files that tell the host how to serve, and are not served themselves.
HOST_FILES = ["/_headers", "/_redirects"]
# What the address of no page has: an empty segment, "." or "..", a backslash, and
# control characters.
UNUSUAL = re.compile(r"//|/\.{1,2}(?:/|$)|[\\\x00-\x1f\x7f]")


def read_rules() -> list[tuple[re.Pattern[str], list[tuple[str, str]]]]:
    """Return the rules of ``_headers``: a pattern for paths, and (name, value)s."""
    rules: list[tuple[re.Pattern[str], list[tuple[str, str]]]] = []
    for line in (SITE / "_headers").read_text(encoding="utf-8").splitlines():
        line = line.strip()
        if line.startswith("/"):
            pattern = re.escape(line).replace(r"\*", ".*")
            rules.append((re.compile(pattern), []))
        elif line and not line.startswith("#"):
            name, value = line.split(":", 1)
            rules[-1][1].append((name, value.strip()))
    return rules


def find(path: str) -> Path | None:
    """Return the file that is served at *path*, or None."""
    if UNUSUAL.search(path) or path in HOST_FILES:
        return None
    file = SITE / path.removeprefix("/")
    try:
        return file if file.is_file() and file.resolve().is_relative_to(SITE) else None
    except OSError:
        # The name is too long for the file system.
        return None


def nearest_404(path: str) -> Path | None:
    """Return the ``404.html`` of the folder of *path*, or of the nearest above it."""
    while path:
        path = path.rpartition("/")[0]
        if file := find(f"{path}/404.html"):
            return file
    return None


def look_up(path: str) -> tuple[int, Path | str | None]:
    """Return the status for *path* with the file to send, or the path to go to."""
    bare, page = path.removesuffix(".html"), path.removesuffix("index")
    if path.endswith("/"):
        if file := find(f"{path}index.html"):
            return 200, file
        if find(f"{path[:-1]}.html"):
            return 308, path[:-1]
    elif file := find(path):
        if bare == path:
            return 200, file
        return 308, bare.removesuffix("index") if bare.endswith("/index") else bare
    elif path.endswith("/index") and find(f"{path}.html"):
        return 308, page
    elif file := find(f"{path}.html"):
        return 200, file
    elif find(f"{path}/index.html"):
        return 308, f"{path}/"
    return 404, nearest_404(path)


class Host:
    """Answers each request as the host does: an ASGI application."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.rules = read_rules()

    def headers(self, path: str) -> dict[str, list[str]]:
        """Return the values of each header that the rules give to *path*."""
        headers: dict[str, list[str]] = {}
        for pattern, pairs in self.rules:
            for name, value in pairs if pattern.fullmatch(path) else []:
                headers.setdefault(name, []).append(value)
        return headers

    def response(self, request: Request) -> Response:
        """Return the response to *request*."""
        if request.method not in ("GET", "HEAD"):
            return PlainTextResponse("Method not allowed", 405, {"allow": "GET, HEAD"})
        path = request.scope["path"]
        if not path.startswith(self.folder):
            return PlainTextResponse("Not found", 404)
        path = path.removeprefix(self.folder[:-1])
        status, found = look_up(path)
        response: Response
        if isinstance(found, str):
            query = f"?{request.url.query}" if request.url.query else ""
            response = RedirectResponse(self.folder[:-1] + found + query, status)
        elif not found:
            response = PlainTextResponse("Not found", 404)
        else:
            response = FileResponse(found, status, stat_result=found.stat())
            response.headers["cache-control"] = "public, max-age=0, must-revalidate"
            if request.headers.get("if-none-match") == response.headers["etag"]:
                response = NotModifiedResponse(response.headers)
        for name, values in self.headers(path).items():
            response.headers[name] = ", ".join(values)
        return response

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            response = self.response(Request(scope))
            await response(scope, receive, send)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    port = parser.parse_args().port
    if not (SITE / "_headers").is_file():
        raise SystemExit("error: there is no build/site/ yet: run make site")
    site_url = read_conf()["site_url"]
    folder = urlsplit(site_url).path or "/"
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
        # Whoever reads the address, printed below, can connect from then on.
        listener.listen()
    except OSError as error:
        raise SystemExit(
            f"error: port {port}: {error.strerror}. Name another: --port"
        ) from None
    print(f"http://127.0.0.1:{listener.getsockname()[1]}{folder}", flush=True)
    app = GZipMiddleware(Host(folder), minimum_size=500)
    config = uvicorn.Config(app, log_level="warning", lifespan="off")
    uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main()
