"""The shared helpers: tables in; counts, sentences and pictures out. Each name loads its module when it is used."""

from importlib import import_module

from newsprint.show import listed, number, percent, plain, quoted, safe_csv, save, say, show, signed

_HOME = {
    "terms": "actor_counts against_english concordance count_terms find_actors find_terms kwic names_move"
    " section_counts section_topics shared_by_chance stands_out",
    "voices": "agreement asked_for_comment grammar headline_marks heard_late named_and_heard paraphrase_range"
    " plain_sayers quoted_where read_measure sided_statements unattributed unheard verbs_by_side voice_by_section"
    " voices_move word_voices words_by_speaker",
    "sentiment": "edited every_reading find_scored_words findings gap_by_chance masking misread_weight"
    " quotations_weigh read_misread_words readings_agree score_sentences section_means strongest_words tone unquoting",
    "chance": "leads mean_interval smallest_reversal",
    "charts": "Charts",
}
_MODULES = {name: module for module, names in _HOME.items() for name in names.split()}
__all__ = [*_MODULES, "listed", "number", "percent", "plain", "quoted", "safe_csv", "save", "say", "show", "signed"]


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        raise AttributeError(f"module 'newsprint' has no name {name!r}; it has {', '.join(__all__)}")
    return getattr(import_module(f"newsprint.{_MODULES[name]}"), name)


def __dir__() -> list[str]:
    return __all__
