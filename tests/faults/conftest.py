"""These tests run real processes; the fixtures are those of `tests.faults.fixtures`."""

from tests.faults.fixtures import install, installation, template

__all__ = ["install", "installation", "template"]
