"""What every test of rules starts from."""

import pytest

import qualgraph as qg


@pytest.fixture(scope="session")
def world() -> qg.World:
    """Give the world of the bundled facts; it cannot change, so one serves all tests."""
    return qg.load()
