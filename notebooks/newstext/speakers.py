"""The old place of these names, until notebooks and tools import them from `newstext`."""

from newstext.checked import compare
from newstext.statements import find_statements
from newstext.words import reporting_verbs

__all__ = ["compare", "find_statements", "reporting_verbs"]
