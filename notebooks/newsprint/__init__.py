"""The shared helpers: tables in; counts, sentences and pictures out. Each name loads its module when it is used."""

from importlib import import_module

from newsprint.show import show  # the function: the module would take its name

_HOME = {
    "terms": "against_english concordance count_terms find_actors find_terms kwic names_move section_counts"
    " section_topics shared_by_chance stands_out",
    "voices": "agreement asked_for_comment headline_marks heard_late named_and_heard plain_sayers quoted_where"
    " read_measure sided_statements unattributed unheard verbs_by_side voice_by_section voices_move word_voices",
    "sentiment": "every_reading find_scored_words findings misread_weight quotations_weigh read_misread_words"
    " readings_agree score_sentences section_means strongest_words tone",
    "chance": "smallest_reversal",
    "charts": "Charts",
    "show": "check_settings listed number percent plain quoted safe_csv save say signed",
}
_MODULES = {name: module for module, names in _HOME.items() for name in names.split()}
__all__ = [*_MODULES, "show"]


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        raise AttributeError(f"module 'newsprint' has no name {name!r}; it has {', '.join(__all__)}")
    return getattr(import_module(f"newsprint.{_MODULES[name]}"), name)


def __dir__() -> list[str]:
    return __all__
