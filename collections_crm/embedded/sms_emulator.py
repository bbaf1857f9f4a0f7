"""A local stand-in for the text provider: its HTTP API, its idempotency, its signed webhooks. It reaches nobody.

Run as `python -m collections_crm.embedded.sms_emulator --port N --data FOLDER`. `POST .../Messages.json` takes a text,
`GET /texts` lists those taken, newest first, `POST /inbound` (From, To, Body) plays a customer who writes to us.
"""

from __future__ import annotations

import argparse
import json
import os
import sqlite3
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from twilio.request_validator import RequestValidator

TABLE = """
    CREATE TABLE IF NOT EXISTS texts (
        sid TEXT PRIMARY KEY, key TEXT UNIQUE, sender TEXT, recipient TEXT, body TEXT, at REAL, asked INTEGER DEFAULT 1
    )
"""


# As at the real provider: a number for trying what happens when one can't be written to.
REFUSED_NUMBER = "+15005550001"


class Store:
    """The texts taken so far, in a file that outlives the process."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        # Phones and what was written to them: nobody else's on this machine.
        folder.chmod(0o700)
        self._lock = threading.Lock()
        self._db = sqlite3.connect(folder / "texts.sqlite", check_same_thread=False)
        self._db.execute(TABLE)
        self._db.commit()

    def take(self, key: str, sender: str, recipient: str, body: str) -> tuple[str, bool]:
        """The text's sid, and whether it is new. The same key again answers the first and counts the asking."""
        with self._lock, self._db:
            known = self._db.execute("SELECT sid FROM texts WHERE key = ?", (key,)).fetchone()
            if known:
                self._db.execute("UPDATE texts SET asked = asked + 1 WHERE key = ?", (key,))
                return known[0], False
            sid = f"SM{uuid.uuid4().hex}"
            row = (sid, key, sender, recipient, body, time.time())
            self._db.execute("INSERT INTO texts (sid, key, sender, recipient, body, at) VALUES (?, ?, ?, ?, ?, ?)", row)
            return sid, True

    def newest(self, most: int) -> list[dict[str, object]]:
        with self._lock:
            rows = self._db.execute("SELECT * FROM texts ORDER BY at DESC LIMIT ?", (most,)).fetchall()
        names = ("sid", "key", "from", "to", "body", "at", "asked")
        return [dict(zip(names, row, strict=True)) for row in rows]


class Provider(BaseHTTPRequestHandler):
    """The part of the provider's API that we use."""

    store: Store
    token: str
    inbound_url: str
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        asked = urllib.parse.urlsplit(self.path)
        if asked.path != "/texts":
            self._answer(404, {"message": "not here"})
            return
        most = int(urllib.parse.parse_qs(asked.query).get("most", ["100"])[0])
        self._answer(200, {"texts": self.store.newest(min(most, 5000))})

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        form = {name: values[0] for name, values in urllib.parse.parse_qs(self.rfile.read(length).decode()).items()}
        if self.path.endswith("/Messages.json"):
            self._take(form)
        elif self.path == "/inbound":
            self._answer(
                200, {"delivered": self._notify(self.inbound_url, {"MessageSid": f"SM{uuid.uuid4().hex}", **form})}
            )
        else:
            self._answer(404, {"message": "not here"})

    def _take(self, form: dict[str, str]) -> None:
        if form.get("To") == REFUSED_NUMBER:
            self._answer(400, {"code": 21211, "message": "Invalid 'To' Phone Number", "status": 400})
            return
        key = self.headers.get("I-Twilio-Idempotency-Token") or uuid.uuid4().hex
        sid, is_new = self.store.take(key, form.get("From", ""), form["To"], form.get("Body", ""))
        self._answer(201, {"sid": sid, "status": "queued", "to": form["To"], "from": form.get("From", "")})
        if is_new and (callback := form.get("StatusCallback")):
            fields = {"MessageSid": sid, "MessageStatus": "delivered", "To": form["To"]}
            threading.Thread(target=self._notify, args=(callback, fields), daemon=True).start()

    def _notify(self, url: str, fields: dict[str, str]) -> bool:
        """Call a webhook with a signature, three times at most."""
        signature = RequestValidator(self.token).compute_signature(url, fields)
        body = urllib.parse.urlencode(fields).encode()
        request = urllib.request.Request(url, body, {"X-Twilio-Signature": signature})  # noqa: S310 - ours
        for pause in (0.2, 1.0, 3.0):
            time.sleep(pause)
            try:
                with urllib.request.urlopen(request, timeout=10):  # noqa: S310 - ours
                    return True
            except (urllib.error.URLError, OSError) as failure:
                self.log_message("webhook: %s", failure)
        return False

    def log_request(self, code: object = "-", size: object = "-") -> None:
        """Texts name people's numbers: requests are not logged."""

    def _answer(self, status: int, content: dict[str, object]) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def serve(port: int, data: Path, token: str, inbound_url: str) -> ThreadingHTTPServer:
    """A server ready to `serve_forever` on the loopback address; port 0 takes a free one."""
    handler = type("LocalProvider", (Provider,), {"store": Store(data), "token": token, "inbound_url": inbound_url})
    return ThreadingHTTPServer(("127.0.0.1", port), handler)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--data", type=Path, required=True)
    options = parser.parse_args()
    token, inbound = os.environ.get("SMS_TOKEN", "local-emulator"), os.environ.get("SMS_INBOUND_URL", "")
    serve(options.port, options.data, token, inbound).serve_forever()


if __name__ == "__main__":
    main()
