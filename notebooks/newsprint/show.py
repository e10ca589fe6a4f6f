"""Text and tables on their way out. An article may hold anything, so whatever is printed, drawn or saved is `plain`,
and HTML is escaped where it is made: by `show` and by the page template."""

import os
import tomllib
from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from html import escape
from numbers import Integral
from pathlib import Path

import numpy as np
import pandas as pd
from IPython.display import display
from newstext import INVISIBLE, Article, ArticleError, word_rows
from pandas.api.types import is_bool_dtype, is_numeric_dtype

HERE = Path(__file__).parent
LABELS = dict(word_rows(HERE / "labels.tsv"))  # columns and their English headings
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet takes a cell that begins so for a formula


def plain(text: object) -> str:
    """Text on one line, with characters nobody sees (control, direction, zero-width) as `\\u202e`."""
    return INVISIBLE.sub(lambda hidden: f"\\u{ord(hidden[0]):04x}", " ".join(str(text).split()))


def source_line(article: Article) -> str:
    """The foot of a chart: agency, publisher and date where they are known, and what the numbers rest on."""
    facts = [article.facts[name] for name in ("agency", "publisher", "date") if name in article.facts]
    known = [f"{fact.day} {fact:%B %Y}" if isinstance(fact, date) else plain(fact) for fact in facts]
    size = f"{number(len(article.body), 'sentence')}, {number(len(article.words()), 'word')}"
    return f"Source: {', '.join(known)}; {size}." if known else f"Rests on {size}."


def check_settings(article: Article, **settings: object) -> bool:
    """Whether settings are not as shipped (`settings.toml`), which is said. Raises `ArticleError` for a wrong one."""
    known = tomllib.loads((HERE / "settings.toml").read_text(encoding="utf-8"))
    for name, value in settings.items():
        shipped, *choices = known[name]["shipped"], *known[name].get("choices", range(1, known[name].get("to", 0) + 1))
        choices = [*map(repr, article.body.sid if choices == ["sentences"] else choices)]
        if type(value) is not type(shipped) or choices and repr(value) not in choices:
            cure = ", ".join(choices) if len(choices) <= 20 else f"{choices[0]} to {choices[-1]}"
            raise ArticleError(f"{name} = {value!r}: choose {cure or f'something like {shipped!r}'}")
    changed = [name for name, value in settings.items() if value != known[name]["shipped"]]
    if changed and "NEWSPRINT_OUT" not in os.environ:
        lost = "What is said above does not hold here; figures and tables go to build/lab."
        say(f"Changed: {', '.join(changed)}. {lost}")
    return bool(changed)


def save(path: Path, content: bytes) -> None:
    """Write a file whole or not at all. Raises OSError with one line that names the file."""
    part = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(content)
        part.replace(path)
    except OSError as error:
        advice = "free some space there, or set OUT to a folder you can write to"
        raise OSError(f"{path}: cannot be written ({error.strerror}); {advice}") from None
    finally:
        with suppress(OSError):
            part.unlink()


def say(*parts: object) -> None:
    """Print one plain line, or nothing where there is nothing to say."""
    if parts:
        print(plain(" ".join(map(str, parts))))


def show(table: pd.DataFrame, rows: int = 20) -> None:
    """Display up to `rows` rows, without index. Text stands left, numbers right, told twice: pages drop either."""
    if table.empty:
        return print("(no rows)")
    cut = table.head(rows).rename(columns=lambda name: LABELS.get(name) or plain(name).replace("_", " "))
    texts = cut.map(cell)
    sides = ["right" if is_numeric_dtype(kind) and not is_bool_dtype(kind) else "left" for kind in cut.dtypes]
    lines = []
    for tag, row in [("th", texts.columns), *(("td", row) for row in texts.to_numpy())]:
        cells = [f'<{tag} align="{at}" style="text-align:{at}">{escape(own)}</{tag}>' for at, own in zip(sides, row)]
        lines.append(f"<tr>{''.join(cells)}</tr>")
    head, body = lines[0], "\n".join(lines[1:])
    html = f'<table class="dataframe tex2jax_ignore">\n<thead>{head}</thead>\n<tbody>\n{body}\n</tbody>\n</table>'
    display({"text/html": html, "text/plain": texts.to_string(index=False, max_colwidth=60)}, raw=True)
    if len(table) > rows:
        print(f"… and {number(len(table) - rows, 'more row')}")


def cell(value: object) -> str:
    """A value as a table prints it: a dash for a missing one, a true minus, thousands apart; two decimals below ten."""
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if pd.isna(value) or isinstance(value, float):
        return signed(value, 2 if pd.isna(value) or abs(value) < 10 else 1, plus="")
    return f"{value:,}".replace("-", "−") if isinstance(value, Integral) else plain(value)


def signed(value: float, decimals: int = 2, plus: str = "+") -> str:
    """A number with its sign, a true minus for negative ones; zero has none, and for no number stands a dash."""
    if pd.isna(value):
        return "–"
    shown = round(value, decimals) + 0.0  # + 0.0: no −0.00
    return f"{shown:{plus if shown else ''},.{decimals}f}".replace("-", "−")


def safe_csv(table: pd.DataFrame) -> str:
    """CSV text that a spreadsheet shows as it is: a cell that would be a formula gets a leading apostrophe."""

    def guard(value: object) -> object:
        text = plain(value) if isinstance(value, str) else value
        return f"'{text}" if isinstance(text, str) and text.startswith(FORMULA) else text

    return table.rename(columns=guard).map(guard).to_csv(index=False, lineterminator="\n")


def listed(words: Iterable[str], most: int = 4) -> str:
    """Words as a list in a sentence: a, b and c; those beyond `most` are counted."""
    words = [*map(str, words)]
    *shown, last = [*words[:most], *[f"{len(words) - most:,} more"] * (len(words) > most)] or [""]
    return " and ".join(filter(None, [", ".join(shown), last]))


def quoted(words: Iterable[str], most: int = 4) -> str:
    """Words as a list, each in quotation marks: “a”, “b” and “c”."""
    return listed(map("“{}”".format, words), most)


def number(count: int, noun: str) -> str:
    """A count with its noun: "1 line", "2,000 lines"."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def capital(text: str) -> str:
    """A sentence with a capital to begin it."""
    return text[:1].upper() + text[1:]


def percent(share: float) -> str:
    """A share as a whole percentage: "31%"."""
    return f"{100 * share:.0f}%" if share == share else "none"
