"""Which browser the browser tests drive, and what somebody without one is told."""

import pytest

from tests.support import chromium


@pytest.fixture
def machine(monkeypatch):
    """A machine without a browser; `tried` lists what was run to get one."""
    tried = []
    monkeypatch.setattr(chromium, "NAMES", ("no-such-browser",))
    monkeypatch.setattr(chromium, "_from_playwright", lambda: None)
    monkeypatch.setattr(chromium, "_try", tried.append)
    return tried


def test_a_browser_on_the_path_is_taken_as_it_is(machine, monkeypatch, tmp_path):
    browser = tmp_path / "no-such-browser"
    browser.write_text("#!/bin/sh\n")
    browser.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert chromium.ensure() == str(browser)
    assert machine == []


def test_a_plain_user_without_a_browser_is_told_in_one_line_how_to_get_one(machine, monkeypatch):
    monkeypatch.setattr(chromium.os, "geteuid", lambda: 1000)

    with pytest.raises(chromium.NoBrowser) as told:
        chromium.ensure()

    assert "apt-get install chromium" in str(told.value)
    assert "\n" not in str(told.value)
    assert [command[1:4] for command in machine] == [["-m", "playwright", "install"]]


def test_root_asks_debian_first_for_the_shell_then_for_the_whole_browser(machine, monkeypatch):
    monkeypatch.setattr(chromium.os, "geteuid", lambda: 0)
    monkeypatch.setattr(chromium.shutil, "which", lambda name: "/usr/bin/apt-get" if name == "apt-get" else None)

    with pytest.raises(chromium.NoBrowser):
        chromium.ensure()

    assert [command[1] for command in machine[:3]] == ["update", "install", "install"]
    assert "chromium-headless-shell" in machine[1]
    assert "chromium" in machine[2]
