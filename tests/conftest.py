"""What every test may ask for."""

import pytest

from agents.tools.running import unavailable


@pytest.fixture
def walls() -> None:
    """For tests behind bubblewrap's walls. Where it cannot work, the product says so, and other tests hold that."""
    if why := unavailable():
        pytest.skip(why)
