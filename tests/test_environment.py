"""Which Python the environment is made with."""

import importlib.util
import sys
from pathlib import Path

import pytest

FILE = Path(__file__).resolve().parent.parent / "bin" / "environment.py"
SAME = f"{sys.version_info[0]} {sys.version_info[1]}"


@pytest.fixture
def environment(monkeypatch):
    """The set-up as a module, in a Python that runs out of a shared library."""
    monkeypatch.delenv("PYTHON", raising=False)
    spec = importlib.util.spec_from_file_location("environment", FILE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    asked = module.told_by
    own = [*map(str, sys.version_info[:2]), "True", "True"]
    monkeypatch.setattr(module, "told_by", lambda python: own if python == sys.executable else asked(python))
    return module


def system_python(environment, tmp_path, told):
    """A system's Python that says this of itself."""
    path = tmp_path / "python3"
    path.write_text(f"#!/bin/sh\necho {told}\n")
    path.chmod(0o755)
    environment.SYSTEM_PYTHON = str(path)
    return str(path)


def test_the_systems_quicker_python_of_the_same_version_is_taken(environment, tmp_path):
    path = system_python(environment, tmp_path, f"{SAME} True False")

    assert environment.quicker_python() == path


@pytest.mark.parametrize("told", [f"{SAME} False False", f"{SAME} True True", "3 9 True False", ""])
def test_one_that_can_not_stand_in_or_is_no_quicker_is_left_alone(environment, tmp_path, told):
    system_python(environment, tmp_path, told)

    assert environment.quicker_python() is None


def test_a_python_says_of_itself_what_is_asked(environment, tmp_path):
    told = environment.told_by(sys._base_executable)

    assert told[:2] == SAME.split()
    assert len(told) == 4


def test_a_machine_without_one_goes_on_with_what_it_has(environment, tmp_path):
    environment.SYSTEM_PYTHON = str(tmp_path / "nowhere")

    assert environment.quicker_python() is None


def test_a_python_that_somebody_named_is_taken_as_it_is(environment, tmp_path, monkeypatch):
    system_python(environment, tmp_path, f"{SAME} True False")
    monkeypatch.setenv("PYTHON", sys.executable)

    assert environment.quicker_python() is None
