"""The archive's tests need requirements-archive.lock: without it they are not collected (`make test-archive` has it)."""

from importlib.util import find_spec

if find_spec("distributed") is None:
    collect_ignore_glob = ["test_*.py"]
