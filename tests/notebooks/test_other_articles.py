"""Other articles: fourteen invented ones of different kinds, and the reader's own tables beside them."""

import csv
import io
import re
import shutil
import tomllib
from functools import cache
from pathlib import Path

import pytest
from newsprint import findings, read_misread_words, safe_csv, sided_statements
from newsprint.terms import list_actors
from newstext import find_statements, read_article, statements_csv
from newstext.files import FORMS, read_facts

from tests.running import FILES, NAMES, ROOT, run_cells

ARTICLES = {path.stem: path for path in sorted(Path(__file__).with_name("articles").glob("*.txt"))}
NONSENSE = (
    r"\bnan\b|\bNone\b(?! of)|[-−]0%|“”|\.\.|  |"
    r"\b1 (?:lines|words|times|verbs|sections|uses|terms|sentences|rows|statements)\b"
    r"|\bothers: |\btie\b|\bby -|\bChina|\bReuters|\bRussia|\[\]|^[a-z]|[:;,]\.$"
)


@cache
def found(name: str, topics: str = "voices quoted unheard verbs words headline tone") -> str:
    article = read_article(ARTICLES[name])
    sentences = findings(article, sided_statements(article), read_misread_words(ARTICLES[name]), topics)
    return " ".join(sentences.values())


@pytest.mark.parametrize("name", ARTICLES)
def test_findings_are_sentences_without_nonsense(name):
    sentences = re.split(r"(?<=\.) (?=[A-Z“])", found(name).strip())
    assert len(ARTICLES) == 14 and len(sentences) >= 5
    assert [own for own in sentences if not own.endswith(".") or re.search(NONSENSE, own)] == []


def test_an_article_without_sections_is_compared_with_nothing():
    flat = [name for name, path in ARTICLES.items() if len(read_article(path).sections) < 2]
    compared = r"readings|scores lowest|From Opening|section to section|Quoted in Opening"
    assert len(flat) > 3 and [name for name in flat if re.search(compared, found(name))] == []


@pytest.mark.parametrize("name", [pytest.param(n, marks=[pytest.mark.full] * (n != "british")) for n in ARTICLES])
@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_every_notebook_reads_every_article(name, path):
    shown = run_cells(path, {"ARTICLE": str(ARTICLES[name])})
    assert not re.search(r"\bnan\b|[-−]0%|\bChina\b|\b1 (?:lines|words|times|verbs|terms|rows)\b", shown)
    assert name != "headline" or not re.search("blocks|Grid", shown)


def test_actors_of_an_article_without_a_list_are_names_and_offices():
    actors = {name: set(list_actors(read_article(ARTICLES[name])).actor) for name in ("wire", "obituary", "opinion")}
    assert {"Elena Varga", "Arturo Lim", "Port Alder"} <= actors["wire"]
    assert not any(name.lower().startswith(("a ", "an ", "one ")) for own in actors.values() for name in own)
    assert "Garrick" not in set(list_actors(read_article(ARTICLES["obituary"])).name)  # three people have this name


def test_the_template_names_every_key_and_each_line_works(tmp_path):
    text = (ROOT / "data" / "template.toml").read_text()
    assert tomllib.loads(text) == {}
    (tmp_path / "x.toml").write_text(re.sub(r'(?m)^# (?=\[\w+\]$|"?[\w ]+"? = )', "", text))
    assert set(read_facts(tmp_path / "x.toml")) >= set(FORMS)


def corrected(folder: Path, source: Path, old: str, new: str) -> Path:
    """An article with its table as a spreadsheet hands it back: semicolons, quotes, CRLF, a mark at the start."""
    folder.mkdir(exist_ok=True)
    path = Path(shutil.copy(source, folder))
    rows = [*csv.reader(io.StringIO(safe_csv(statements_csv(find_statements(read_article(path))))))]
    text = io.StringIO()
    sheet = csv.writer(text, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    sheet.writerows([[cell.replace(old, new) for cell in row] for row in rows])
    path.with_name(f"{path.stem}-statements.csv").write_text(text.getvalue(), encoding="utf-8-sig", newline="")
    return path


def test_statements_come_back_from_a_spreadsheet_as_they_went_hidden_characters_too(tmp_path):
    odd = tmp_path / "source.txt"
    odd.write_text("Larch opens\n\nAnn Roe said the \u202ebridge\u202c held on Monday.\n", encoding="utf-8")
    for path in (odd, *(ARTICLES[name] for name in ("wire", "feature", "obituary", "sports"))):
        article = read_article(corrected(tmp_path / "sheets", path, "nothing", "nothing"))
        by_rule, by_hand = sided_statements(article), sided_statements(article, "by hand")
        for column in ("start", "end", "kind", "speaker", "verb", "first", "last"):
            assert by_rule[column].tolist() == by_hand[column].tolist(), (path.name, column)


def test_a_correction_is_followed_and_text_that_moved_is_found(tmp_path):
    path = corrected(tmp_path, ARTICLES["wire"], "Rosa Medel", "Rosa Medel-Ruiz")
    path.write_text("\n\n" + path.read_text())
    assert "Rosa Medel-Ruiz" in run_cells(FILES[3], {"ARTICLE": str(path), "STATEMENTS": "by hand"})
    assert "wrong speaker" in run_cells(FILES[5], {"ARTICLE": str(path)})


def test_the_value_of_a_misread_word_may_have_a_comma_as_spreadsheets_write_it(tmp_path):
    path = Path(shutil.copy(ARTICLES["wire"], tmp_path))
    path.with_name("wire-misread-words.csv").write_text("lexicon;word;value;reason\r\nVADER;gross;0,5;of tons\r\n")
    assert read_misread_words(path).value.tolist() == [0.5]
