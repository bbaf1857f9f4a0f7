"""The local text provider, in a thread of the tests' own."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from collections_crm.embedded.sms_emulator import Store, serve


class TextProvider:
    def __init__(self, url: str, store: Store) -> None:
        self.url, self._store = url, store

    def taken(self) -> list[dict]:
        return self._store.newest(5000)


@contextmanager
def running_provider(folder: Path) -> Iterator[TextProvider]:
    server = serve(0, folder, "local-emulator", "")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield TextProvider(f"http://127.0.0.1:{server.server_port}", server.RequestHandlerClass.store)
    finally:
        server.shutdown()
        server.server_close()
