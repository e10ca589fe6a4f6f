"""Tables, lines and files on their way out: English headings, honest numbers, nothing unescaped, settings checked."""

import re
from importlib import import_module

import pandas as pd
import pytest
from newsprint.show import cell, check_settings, listed, plain, safe_csv, save, say, show, signed, source_line
from newstext import ArticleError, parse_article, read_article

module = import_module("newsprint.show")  # `newsprint.show` is the function


@pytest.fixture
def shown(monkeypatch):
    outputs = []
    monkeypatch.setattr(module, "display", lambda data, **_: outputs.append(data))
    return outputs


def test_cells_are_plain_escaped_no_maths_and_numbers_stand_right_by_attribute_and_style(shown):
    text = "<script>alert(1)</script> $5\n\u202e&"
    show(pd.DataFrame({"a<b>": [text], "count": [1200], "mean": [-0.5], "is_name": [True], "low": [None]}))
    html = shown[0]["text/html"]
    cells = re.findall(r'<td align="(\w+)" style="text-align:(\w+)">(.*?)</td>', html)
    assert [cell for *_, cell in cells] == [
        "&lt;script&gt;alert(1)&lt;/script&gt; $5 \\u202e&amp;", "1,200", "−0.50", "yes", "–"]  # fmt: skip
    assert [place for *place, _ in cells[:4]] == [["left"] * 2, ["right"] * 2, ["right"] * 2, ["left"] * 2]
    assert "a&lt;b&gt;</th>" in html and "tex2jax_ignore" in html and "−0.50" in shown[0]["text/plain"]
    show(pd.DataFrame({"sid": [1], "per_1000": [1], "my_own_column": [1]}))
    assert re.findall(r">([^<>\n]+)</th>", shown[1]["text/html"]) == ["sentence", "per 1,000 words", "my own column"]


def test_a_long_table_is_cut_the_rest_counted_and_an_empty_one_says_so(shown, capsys):
    for rows, says in ((0, "(no rows)\n"), (20, ""), (21, "… and 1 more row\n"), (1500, "… and 1,480 more rows\n")):
        show(pd.DataFrame({"count": range(rows)}))
        assert capsys.readouterr().out == says
    assert [data["text/html"].count("<td") for data in shown] == [20, 20, 20]


def test_numbers_lists_and_lines_are_plain(capsys):
    assert [signed(x) for x in (0.384, -0.05, -0.001, 0, float("nan"))] == ["+0.38", "−0.05", "0.00", "0.00", "–"]
    assert [cell(x) for x in (9.994, 27.52, -1234.56, None)] == ["9.99", "27.5", "−1,234.6", "–"]
    assert [listed("abcdef"[:n]) for n in (0, 1, 3, 6)] == ["", "a", "a, b and c", "a, b, c, d and 2 more"]
    say("two\nlines", 5, "\u202eturned")
    assert capsys.readouterr().out == "two lines 5 \\u202eturned\n" and plain(" a\t b ") == "a b"


def test_a_cell_that_would_be_a_formula_is_guarded():
    table = pd.DataFrame({"=x": [" =1+1", "a,b"], "n": [-1, 2], "c": pd.Categorical(["\n@a", "b"]), "m": [-0.5, None]})
    assert safe_csv(table) == "'=x,n,c,m\n'=1+1,-1,'@a,-0.5\n\"a,b\",2,b,\n"


def test_a_file_is_written_whole_or_not_at_all_and_one_that_cannot_be_is_named(tmp_path, monkeypatch):
    path = tmp_path / "new" / "a.txt"
    save(path, b"text")
    with pytest.raises(OSError, match=r"a.txt.x: cannot be written"):
        save(path / "x", b"")
    monkeypatch.setattr(module.Path, "replace", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left")))
    with pytest.raises(OSError, match=r"a.txt: cannot be written \(No space left\)"):
        save(path, b"other")
    assert path.read_bytes() == b"text" and [*path.parent.iterdir()] == [path], "nothing is left behind"


def test_a_changed_setting_is_said_and_a_wrong_one_is_one_line_that_says_what_to_choose(monkeypatch, capsys):
    monkeypatch.delenv("NEWSPRINT_OUT", raising=False)
    article = parse_article("Rain\n\nIt rained.\n")
    assert check_settings(article, TOP_TERMS=3) and not check_settings(article, TOP_TERMS=15)
    assert re.fullmatch("Changed: TOP_TERMS. .* build/lab.\n", capsys.readouterr().out)
    for name, value, cure in (("TOP_TERMS", True, "1 to 100"), ("SORT", "up", "'place', 'left', 'right'"),
                              ("EXAMPLE", "s9", "'s1'"), ("LEAVE_OUT", "x", r"something like .*")):  # fmt: skip
        with pytest.raises(ArticleError, match=rf"\A{name} = [^\n]*: choose {cure}\Z"):
            check_settings(article, **{name: value})


def test_the_foot_of_a_chart_names_the_source_and_what_it_rests_on():
    shipped = source_line(read_article("data/article.txt"))
    assert shipped == "Source: Reuters, Global News, 4 February 2022; 29 sentences, 837 words."
    assert source_line(parse_article("Rain\n\nIt rained.\n")) == "Rests on 1 sentence, 2 words."
