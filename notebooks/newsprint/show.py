"""Text and tables on their way out: to a page, a figure, a spreadsheet. An article may hold anything, so whatever is
printed, drawn or saved passes through `plain`; HTML is escaped where it is made, by `show` and by the page template."""

import os
import tempfile
import tomllib
from collections.abc import Iterable
from datetime import date
from html import escape
from numbers import Integral
from pathlib import Path

import numpy as np
import pandas as pd
from IPython.display import display
from newstext import DATA, INVISIBLE, Article, ArticleError
from pandas.api.types import is_bool_dtype, is_numeric_dtype

HERE = Path(__file__).parent
LABELS = [row.split("\t") for row in (HERE / "labels.tsv").read_text(encoding="utf-8").splitlines() if row[0] != "#"]
LABELS = {column: (title, measures) for column, title, measures in LABELS}
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet takes a cell that begins so for a formula


def plain(text: object) -> str:
    """Text on one line, with characters nobody sees (control, direction, zero-width) as `\\u202e`."""
    return INVISIBLE.sub(lambda hidden: f"\\u{ord(hidden[0]):04x}", " ".join(str(text).split()))


def source_line(article: Article) -> str:
    """The foot of a chart: agency, publisher and date where they are known, and what the numbers rest on."""
    facts = [article.facts[name] for name in ("agency", "publisher", "date") if name in article.facts]
    known = [f"{fact.day} {fact:%B %Y}" if isinstance(fact, date) else plain(fact) for fact in facts]
    size = f"{len(article.body):,} sentences, {len(article.words()):,} words"
    return f"Source: {', '.join(known)}; {size}." if known else f"Rests on {size}."


def check_settings(article: Article, settings: dict[str, object]) -> list[str]:
    """The names of settings not as shipped (`settings.toml`). Raises `ArticleError`, one line, for a wrong one."""
    known = tomllib.loads((HERE / "settings.toml").read_text(encoding="utf-8"))
    for name, value in settings.items():
        shipped, choices = known[name]["shipped"], known[name].get("choices", [])
        choices = [*article.body.sid] if choices == "sentences" else choices
        cure = ", ".join(map(repr, choices[:20])) or f"something like {shipped!r}"
        if "from" in known[name]:
            choices = range(known[name]["from"], known[name]["to"] + 1)
            cure = f"a whole number from {choices[0]} to {choices[-1]}"
        right = type(value) is type(shipped) and (value in [shipped, *choices] or not choices)
        if not right or (isinstance(value, list) and not all(isinstance(part, str) for part in value)):
            raise ArticleError(f"{name} = {value!r}: choose {cure}")
    return [name for name, value in settings.items() if value != known[name]["shipped"]]


def out_folder(changed: list[str] = ()) -> Path:
    """Where figures and tables go: `NEWSPRINT_OUT`, else beside the notebooks, `build/lab` under changed settings."""
    return Path(os.environ.get("NEWSPRINT_OUT") or (DATA.parent / "build" / "lab" if changed else DATA.parent))


def save(path: Path, content: bytes) -> None:
    """Write a file whole or not at all. Raises OSError with one line that names the file."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            os.chmod(temporary, 0o644)
            os.replace(temporary, path)
        except BaseException:
            os.unlink(temporary)
            raise
    except OSError as error:
        advice = "free some space there, or set OUT to a folder you can write to"
        raise OSError(f"{path}: cannot be written ({error.strerror}); {advice}") from None


def say(*parts: object) -> None:
    """Print one plain line, or nothing where there is nothing to say."""
    if parts:
        print(plain(" ".join(map(str, parts))))


def heading(column: object) -> str:
    """A column's English heading; an unknown one has spaces for underscores."""
    return LABELS.get(column, (plain(column).replace("_", " "), ""))[0]


def unit(column: object) -> str:
    """What a column measures, for the line below a chart's title."""
    known = LABELS.get(column, ("", ""))[1] or heading(column)
    return known[:1].upper() + known[1:]


def show(table: pd.DataFrame, rows: int = 20, decimals: int = 2) -> None:
    """Display a table without its index: English headings, at most `rows` rows, the rest counted. Text stands left,
    numbers right, by an attribute and a style, since each kind of page drops one of them."""
    if table.empty:
        print("(no rows)")
        return
    cut, names = table.head(rows), [heading(name) for name in table]
    cells = [[cell(value, decimals) for value in cut[name]] for name in cut]
    sides = ["right" if is_numeric_dtype(cut[name]) and not is_bool_dtype(cut[name]) else "left" for name in cut]
    place = [f'align="{side}" style="text-align:{side}"' for side in sides]
    head = "".join(f"<th {at}>{escape(name)}</th>" for at, name in zip(place, names))
    body = ("".join(f"<td {at}>{escape(text)}</td>" for at, text in zip(place, row)) for row in zip(*cells))
    lines = "".join(f"<tr>{row}</tr>\n" for row in body)
    html = f'<table class="dataframe tex2jax_ignore">\n<thead><tr>{head}</tr></thead>\n<tbody>\n{lines}</tbody>\n'
    text = pd.DataFrame(dict(enumerate(cells))).set_axis(names, axis=1).to_string(index=False, max_colwidth=60)
    display({"text/html": f"{html}</table>", "text/plain": text}, raw=True)
    if rest := len(table) - len(cut):
        print(f"… and {number(rest, 'more row')}")


def cell(value: object, decimals: int = 2) -> str:
    """A value as a table prints it: a dash for a missing one, a true minus, thousands apart."""
    if pd.isna(value):
        return "–"
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{round(value, decimals) + 0.0:,.{decimals}f}".replace("-", "−")  # + 0.0: no −0.00
    return f"{value:,}".replace("-", "−") if isinstance(value, Integral) else plain(value)


def signed(value: float, decimals: int = 2) -> str:
    """A number with its sign, a true minus for negative ones; zero has none, and for no number stands a dash."""
    if pd.isna(value):
        return "–"
    shown = round(value, decimals) + 0.0
    return f"{shown:{'+' if shown else ''}.{decimals}f}".replace("-", "−")


def safe_csv(table: pd.DataFrame) -> str:
    """CSV text that a spreadsheet shows as it is: a cell that would be a formula gets a leading apostrophe."""

    def guard(value: object) -> object:
        text = plain(value) if isinstance(value, str) else value
        return f"'{text}" if isinstance(value, str) and text.startswith(FORMULA) else text

    guarded = table.rename(columns=guard)
    for name in guarded.select_dtypes(exclude="number"):
        guarded[name] = [guard(value) for value in guarded[name]]
    return guarded.to_csv(index=False, lineterminator="\n")


def listed(words: Iterable[str], most: int = 4) -> str:
    """Words as a list in a sentence: a, b and c; those beyond `most` are counted."""
    words = [*map(str, words)]
    shown = words[:most] + [f"{len(words) - most:,} more"] * (len(words) > most)
    return " and ".join(filter(None, [", ".join(shown[:-1]), *shown[-1:]]))


def quoted(words: Iterable[str], most: int = 4) -> str:
    """Words as a list, each in quotation marks: “a”, “b” and “c”."""
    return listed([f"“{word}”" for word in words], most)


def number(count: int, noun: str, plural: str = "") -> str:
    """A count with its noun: "1 line", "2,000 lines"."""
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


def capital(text: str) -> str:
    """A sentence with a capital to begin it."""
    return text[:1].upper() + text[1:]


def percent(share: float) -> str:
    """A share as a whole percentage: "31%"."""
    return f"{100 * share:.0f}%" if share == share else "none"
