"""What every test of rules starts from."""

import json

import pytest

import qualgraph as qg


@pytest.fixture(scope="session")
def world() -> qg.World:
    """Give the world of the bundled facts; it cannot change, so one serves all tests."""
    return qg.load()


class Auditor:
    """Audits of rules and records as they are written."""

    def __init__(self, world: qg.World) -> None:
        self.world = world

    def __call__(self, rule: dict, record: dict, **asks: object) -> qg.Audit:
        """Give the audit of a record by a rule."""
        return self.world.audit(qg.Record.from_text(json.dumps(record)), qg.Rule(json.dumps(rule)), **asks)

    def verdict(self, rule: dict, record: dict, **asks: object) -> str:
        """Give the verdict alone."""
        return self(rule, record, proof=False, **asks).verdict


@pytest.fixture(scope="session")
def audit(world: qg.World) -> Auditor:
    """Give audits in the world of the bundled facts."""
    return Auditor(world)
