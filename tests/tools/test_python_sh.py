"""The search for a Python that is new enough, on machines that have none or an old one."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "tools" / "python.sh"


@pytest.fixture
def machine(tmp_path):
    """A folder of programs that is the whole PATH; returns a function that adds one of a version."""

    def add(name, version, *, has_venv=True):
        program = tmp_path / name
        is_new = tuple(map(int, version.split("."))) >= (3, 11)
        program.write_text(
            "#!/bin/sh\n"
            'case "$2" in\n'
            f'  *print*) echo "{version}" ;;\n'
            f"  *version_info*) exit {0 if is_new else 1} ;;\n"
            f"  *venv*) exit {0 if has_venv else 1} ;;\n"
            "esac\n"
        )
        program.chmod(0o755)
        return str(program)

    return add


def search(path):
    shell = "/bin/sh"
    return subprocess.run([shell, str(SCRIPT)], env={"PATH": str(path)}, capture_output=True, text=True, check=False)


def test_the_newer_name_is_taken_when_python3_is_old(tmp_path, machine):
    machine("python3", "3.9")
    wanted = machine("python3.12", "3.12")
    assert search(tmp_path).stdout.strip() == wanted


@pytest.mark.parametrize(
    ("programs", "told"),
    [
        ([], "Python is missing: install Python 3.11 or newer"),
        ([("python3", "3.9", True)], "Python 3.9 is too old: install Python 3.11 or newer"),
        ([("python3", "3.11", False)], "Python 3.11 has no venv: install it (Debian, Ubuntu: apt-get install python3.11-venv)."),
    ],
)
def test_one_line_says_what_to_install(tmp_path, machine, programs, told):
    for name, version, has_venv in programs:
        machine(name, version, has_venv=has_venv)
    result = search(tmp_path)
    assert result.returncode == 1
    assert result.stdout == ""
    assert len(result.stderr.splitlines()) == 1
    assert result.stderr.startswith(told)


def test_this_python_is_found():
    result = search(os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
    assert result.returncode == 0
