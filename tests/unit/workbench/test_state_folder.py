"""One run per state folder."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from workbench.state_folder import StateFolderError, state_folder


def test_a_folder_is_made_and_closed_to_others(tmp_path: Path) -> None:
    """It holds sealed secrets and bookings."""
    with state_folder(tmp_path / "deep" / "state") as folder:
        assert stat.S_IMODE(folder.root.stat().st_mode) == 0o700


def test_a_second_run_is_kept_out_and_told_why(tmp_path: Path) -> None:
    """One sentence that names the folder and what to do."""
    state = tmp_path / "state"
    with (
        state_folder(state),
        pytest.raises(StateFolderError, match=r"^Another run uses the folder .*state: stop it"),
        state_folder(state),
    ):
        pass


def test_the_folder_is_free_again_afterwards(tmp_path: Path) -> None:
    """Also after an error."""
    with pytest.raises(ZeroDivisionError), state_folder(tmp_path):
        raise ZeroDivisionError
    with state_folder(tmp_path) as folder:
        assert folder.root == tmp_path


def test_what_a_killed_run_left_behind_is_waited_for(tmp_path: Path) -> None:
    """Its embedded AWS may still be saving: the lock is inherited and freed at its end."""
    code = (
        "import os, subprocess, sys\n"
        "from pathlib import Path\n"
        "from workbench.state_folder import state_folder\n"
        "with state_folder(Path(sys.argv[1])) as folder:\n"
        "    subprocess.Popen(['sleep', '1'], pass_fds=[folder.lock])\n"
        "    os.kill(os.getpid(), 9)\n"
    )
    killed = subprocess.run([sys.executable, "-c", code, tmp_path], check=False)

    assert killed.returncode == -9
    with state_folder(tmp_path) as folder:
        assert folder.lock >= 0


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    """A file stands in the way."""
    (tmp_path / "file").touch()

    with (
        pytest.raises(StateFolderError, match="cannot be used for the state"),
        state_folder(tmp_path / "file" / "state"),
    ):
        pass


def test_the_lock_names_the_process(tmp_path: Path) -> None:
    """So that a next run can tell whether the holder lives."""
    with state_folder(tmp_path):
        assert (tmp_path / "lock").read_text() == str(os.getpid())
