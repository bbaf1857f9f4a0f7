"""Run the parts of the bench, print their figures, and fail when a gate does."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from collections_crm.embedded.servers import Servers

if TYPE_CHECKING:
    from collections_crm.bench.figures import Figure

# Placing first: the other parts measure on copies of what it placed.
PARTS = ["placement", "closing", "instalments", "growth", "pages", "decisions"]
SIZES = [10_000, 100_000]
FULL = [*SIZES, 1_000_000]


def main() -> int:
    options = _options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    folder = Path(tempfile.mkdtemp(prefix="crm-bench-"))
    folder.chmod(0o711)
    for name in ("DATABASE_URL", "REDIS_URL", "BROKER_URL", "CACHE_URL"):
        os.environ.pop(name, None)
    servers = Servers(folder, durable=True)
    try:
        os.environ.update(servers.start() | {"DJANGO_SETTINGS_MODULE": "collections_crm.settings"})
        return _measured(options)
    except KeyboardInterrupt:
        return 130
    finally:
        servers.leave()
        servers.remove()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/bench", description=__doc__)
    parser.add_argument(
        "parts", nargs="*", metavar="PART", help=f"which parts ({', '.join(PARTS)}); all of them when none is named"
    )
    parser.add_argument("--full", action="store_true", help="one million accounts too")
    parser.add_argument("--sizes", type=lambda text: [int(size) for size in text.split(",")], help="10000,100000")
    parser.add_argument("--json", type=Path, help="write the figures to this file as well")
    options = parser.parse_args()
    if unknown := sorted(set(options.parts) - set(PARTS)):
        parser.error(f"no part {unknown[0]}: there are {', '.join(PARTS)}")
    return options


def _measured(options: argparse.Namespace) -> int:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    sizes = options.sizes or (FULL if options.full else SIZES)
    figures = []
    for name, part in _parts(options.parts):
        for figure in part.measure(sizes):
            print(figure.line(name), flush=True)  # noqa: T201
            figures.append((name, figure))
    if options.json:
        options.json.write_text(json.dumps([{"part": name, **asdict(figure)} for name, figure in figures], indent=2))
    return _verdict(figures)


def _parts(wanted: list[str]) -> Iterator[tuple[str, ModuleType]]:
    for name in PARTS:
        if not wanted or name in wanted:
            yield name, import_module(f"collections_crm.bench.{name}")


def _verdict(figures: list[tuple[str, Figure]]) -> int:
    """The gates once more in one table. 1 when one of them fails, or nothing was measured."""
    from collections_crm.bench.figures import table

    print(f"\n{table(figures)}", flush=True)  # noqa: T201
    failed = [f"{name}: {figure.what} at {figure.size:,}" for name, figure in figures if not figure.passes]
    for line in failed:
        print(f"Gate not passed: {line}", file=sys.stderr)  # noqa: T201
    return 1 if failed or not figures else 0


if __name__ == "__main__":
    sys.exit(main())
