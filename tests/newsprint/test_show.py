"""Tables, lines and files on their way out: English headings, honest numbers, nothing unescaped."""

import re
import subprocess
import sys
from importlib import import_module

import pandas as pd
import pytest
from newsprint.show import heading, plain, safe_csv, save, say, show, signed, unit

module = import_module("newsprint.show")  # `newsprint.show` is the function


@pytest.fixture
def shown(monkeypatch):
    outputs = []
    monkeypatch.setattr(module, "display", lambda data, **_: outputs.append(data))
    return outputs


def test_headings_are_english_and_an_unknown_column_has_no_underscores():
    assert [heading(c) for c in ("sid", "per_1000", "my_own_column")] == [
        "sentence",
        "per 1,000 words",
        "my own column",
    ]
    assert unit("per_1000") == "Occurrences per 1,000 words" and unit("my_own") == "My own"


def test_text_stands_left_and_numbers_right_by_attribute_and_style(shown):
    show(pd.DataFrame({"text": ["a"], "count": [1200], "mean": [-0.5], "low": [None]}))
    html = shown[0]["text/html"]
    cells = re.findall(r"<td[^>]*>(.*?)</td>", html)
    sides = re.findall(r'<td align="(\w+)" style="text-align:\s?(\w+)"', html)
    assert cells == ["a", "1,200", "−0.50", "–"]
    assert sides[:3] == [("left", "left"), ("right", "right"), ("right", "right")]


def test_a_cell_is_plain_escaped_and_no_maths(shown):
    show(pd.DataFrame({"a<b>": ["<script>alert(1)</script> $5\n\u202e&"]}))
    html = shown[0]["text/html"]
    assert "<script" not in html and "a&lt;b&gt;" in html and "\u202e" not in html and "tex2jax_ignore" in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; $5 \\u202e&amp;" in html


@pytest.mark.parametrize("rows,rest", [(20, ""), (21, "… and 1 more row\n"), (1500, "… and 1,480 more rows\n")])
def test_a_long_table_is_cut_and_the_rest_counted(shown, capsys, rows, rest):
    show(pd.DataFrame({"count": range(rows)}))
    assert shown[0]["text/html"].count("<td") == 20 and capsys.readouterr().out == rest


def test_an_empty_table_says_that_it_has_no_rows(shown, capsys):
    show(pd.DataFrame({"count": []}))
    assert capsys.readouterr().out == "(no rows)\n" and not shown


def test_a_number_has_a_true_minus_and_zero_no_sign():
    assert [signed(x) for x in (0.384, -0.05, -0.001, 0)] == ["+0.38", "−0.05", "0.00", "0.00"]
    assert signed(-2.94, 1) == "−2.9"


def test_say_prints_one_plain_line(capsys):
    say("two\nlines", 5, "\u202eturned")
    assert capsys.readouterr().out == "two lines 5 \\u202eturned\n"
    assert plain(" a\t b ") == "a b"


def test_a_cell_that_would_be_a_formula_is_guarded():
    assert safe_csv(pd.DataFrame({"=x": ["=1+1", "a,b"], "n": [-1, 2]})) == "'=x,n\n'=1+1,-1\n\"a,b\",2\n"


def test_a_file_is_written_whole_and_a_folder_that_cannot_be_is_named(tmp_path):
    save(tmp_path / "new" / "a.txt", b"text")
    assert (tmp_path / "new" / "a.txt").read_bytes() == b"text" and len([*(tmp_path / "new").iterdir()]) == 1
    with pytest.raises(OSError, match=r"a.txt.x: cannot be written"):
        save(tmp_path / "new" / "a.txt" / "x", b"")


def test_show_alone_loads_no_drawing():
    code = "import sys; from newsprint import show; assert not {'matplotlib', 'PIL'} & {*sys.modules}"
    subprocess.run([sys.executable, "-c", code], check=True, env={"PYTHONPATH": str(module.DATA.parent / "notebooks")})
