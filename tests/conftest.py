"""Loaded before all tests: tools/run.py keeps nbformat from loading what takes a second and nobody needs."""

import tools.run  # noqa: F401
