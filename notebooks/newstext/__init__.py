"""The engine: a news text in, tables with offsets out, and who is reported to have said what.

Everything a notebook or the helpers need is here; each name loads its module when it is first used.
"""

from importlib import import_module

_HOME = {
    "article": "Article character_roles parse_article read_article",
    "checked": "compare statements_csv",
    "files": "find_path read_rows",
    "lists": "DATA INVISIBLE STRAIGHT ArticleError fold_possessive read_stop_words word_rows",
    "statements": "find_statements",
    "words": "reporting_verbs",
}
_MODULES = {name: module for module, names in _HOME.items() for name in names.split()}
__all__ = sorted(_MODULES)


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        raise AttributeError(f"module 'newstext' has no name {name!r}; it has {', '.join(__all__)}")
    return getattr(import_module(f"newstext.{_MODULES[name]}"), name)


def __dir__() -> list[str]:
    return __all__
