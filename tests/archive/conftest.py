"""The archive's tests need requirements-archive.lock (`make test-archive` installs it): else they are not collected."""

from importlib.util import find_spec

if find_spec("distributed") is None:
    collect_ignore_glob = ["test_*.py"]
