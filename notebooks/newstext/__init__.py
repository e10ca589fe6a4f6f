"""The engine: a news text in, tables with offsets out, and who is reported to have said what."""

from newstext.article import Article, ArticleError, character_roles, parse_article, read_article, word_rows
from newstext.checked import compare, statements_csv
from newstext.files import DATA, INVISIBLE, STRAIGHT, find_path, fold_possessive, read_rows, read_stop_words
from newstext.statements import find_statements
from newstext.words import reporting_verbs

__all__ = ["DATA", "INVISIBLE", "STRAIGHT", "Article", "ArticleError", "character_roles", "compare", "find_path"]
__all__ += ["find_statements", "fold_possessive", "parse_article", "read_article", "read_rows", "read_stop_words"]
__all__ += ["reporting_verbs", "statements_csv", "word_rows"]
