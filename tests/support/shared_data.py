"""Where the real files are that some tests read. They are no part of the product."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("COLLECTIONS_SHARED_DATA", ROOT.parent / "shared" / "data"))


def needs(relative: str):
    """Skip the test, saying why, where the file is absent."""
    return pytest.mark.skipif(
        not (SHARED / relative).is_file(),
        reason=f"the real file {relative} is not beside this checkout (COLLECTIONS_SHARED_DATA names its folder)",
    )
