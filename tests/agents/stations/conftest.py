"""The story is told once for all tests of a file."""

from pathlib import Path

import pytest

from tests.agents.stations.story import Told, tell_now


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    folder: Path = tmp_path_factory.mktemp("story")
    return tell_now(folder)
