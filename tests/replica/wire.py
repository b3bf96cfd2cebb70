"""Requests, replies and the loopback listener: HTTP and nothing of any publisher."""

from __future__ import annotations

import contextlib
import json
import select
import socket
import struct
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from requests.structures import CaseInsensitiveDict

NO_BODY = (204, 304)
POLL = 0.02  # seconds in which a listener notices that it shall stop


@dataclass(frozen=True)
class Request:
    """One request as it came. `path` is unquoted and without its query; `target` is both, as sent."""

    method: str
    path: str
    query: dict[str, str]
    headers: CaseInsensitiveDict
    target: str = ""


@dataclass(frozen=True)
class Reply:
    """What goes back. The last three fields are for faults on the wire.

    `declared`: the Content-Length told, where it is not the body's own. `sent`: how many bytes of the body leave
    before the connection is closed. `instead`: "hang" or "reset", and nothing else happens.
    """

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    declared: int | None = None
    sent: int | None = None
    instead: str = ""


def as_json(document: Any, status: int = 200, **headers: str) -> Reply:
    """A JSON reply. Not-a-number is written bare, as careless servers do."""
    body = json.dumps(document, ensure_ascii=False).encode()
    return Reply(body, status, {"Content-Type": "application/json;charset=utf-8", **headers})


def as_page(text: str, status: int = 200, kind: str = "text/html; charset=utf-8", **headers: str) -> Reply:
    """A reply of text, an HTML page unless said otherwise."""
    return Reply(text.encode(), status, {"Content-Type": kind, **headers})


class Listener:
    """A loopback server at a port of its own. What `answer` raises is kept in `broken`, and the client told 500."""

    def __init__(self, answer: Callable[[Request], Reply]) -> None:
        """Bind the port and begin to serve."""
        self.answer = answer
        self.requests: list[Request] = []
        self.broken: list[BaseException] = []
        self.stopping = threading.Event()
        self.lock = threading.Lock()
        self._server = _Server(self)
        self.port = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(POLL,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop, end what still hangs, and leave no socket or thread behind."""
        self.stopping.set()
        self._server.shutdown()
        self._thread.join()
        self._server.end_connections()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False  # end_connections waits instead
    request_queue_size = 64

    def __init__(self, listener: Listener) -> None:
        self.listener = listener
        self._open: dict[threading.Thread, socket.socket] = {}
        self._guard = threading.Lock()
        super().__init__(("127.0.0.1", 0), _Handler)

    def process_request(self, request: socket.socket, client_address: Any) -> None:
        # Noted before it starts, so that none is missed when all are ended.
        thread = threading.Thread(target=self.process_request_thread, args=(request, client_address), daemon=True)
        with self._guard:
            self._open[thread] = request
        thread.start()

    def process_request_thread(self, request: socket.socket, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            with self._guard:
                self._open.pop(threading.current_thread(), None)

    def end_connections(self) -> None:
        with self._guard:
            held = dict(self._open)
        for thread, connection in held.items():
            with contextlib.suppress(OSError):  # closed by now
                connection.shutdown(socket.SHUT_RDWR)
            thread.join(5)

    def handle_error(self, request: Any, client_address: Any) -> None:
        error = sys.exc_info()[1]
        if not isinstance(error, (OSError, ValueError)):  # the client left, or a fault closed the connection
            self.listener.broken.append(error)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "replica", ""
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        listener = self.server.listener
        parts = urlsplit(self.path)
        request = Request(
            self.command,
            unquote(parts.path),
            dict(parse_qsl(parts.query, keep_blank_values=True)),
            CaseInsensitiveDict(self.headers.items()),
            self.path,
        )
        with listener.lock:
            listener.requests.append(request)
        try:
            reply = listener.answer(request)
        except Exception as error:
            listener.broken.append(error)
            reply = as_page(f"the replica failed: {error!r}", 500, "text/plain")
        self._send(reply)

    do_HEAD = do_GET

    def _send(self, reply: Reply) -> None:
        if reply.instead:
            self.close_connection = True
            if reply.instead == "hang":
                self._hang()
            else:  # closed without lingering, a connection is reset
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.connection.close()
            return
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        length = len(reply.body) if reply.declared is None else reply.declared
        if reply.status not in NO_BODY:
            self.send_header("Content-Length", str(length))
        self.end_headers()
        if self.command != "HEAD" and reply.status not in NO_BODY:
            self.wfile.write(reply.body[: reply.sent])
        if reply.sent is not None or length != len(reply.body):
            self.close_connection = True

    def _hang(self) -> None:
        while not self.server.listener.stopping.is_set():
            readable, _, _ = select.select([self.connection], [], [], POLL)
            if readable and not self.connection.recv(1, socket.MSG_PEEK):
                return  # the client has had enough
            if readable:
                self.server.listener.stopping.wait(POLL)

    def log_message(self, *args: Any) -> None:
        """Say nothing: what was asked is in the listener's `requests`."""
