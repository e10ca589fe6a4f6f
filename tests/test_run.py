"""tools/run.py: parameters, other texts for other articles, one line for what is wrong, nothing half written."""

import re
from pathlib import Path

import nbformat
import pytest

from tests.running import FILES, NAMES, NOTEBOOKS, ROOT, read, run_tool, tree
from tools import run


@pytest.fixture(scope="module")
def other(tmp_path_factory) -> tuple[Path, Path]:
    """02 run on another article with another setting, beside planted startup files and with a home that is none."""
    folder = tmp_path_factory.mktemp("other")
    for planted in (folder / "shared", folder / "shared" / "ipython"):
        (planted / "profile_default" / "startup").mkdir(parents=True)
        (planted / "profile_default" / "startup" / "00.py").write_text(f"open({str(folder / 'RAN')!r}, 'w')\n")
    article = folder / "a garden (Gärten).txt"
    article.write_text("Gardens close\n\nThe garden closed on Friday. “We are sad,” said Ann Lee of the garden.\n")
    env = {"TMPDIR": str(folder / "shared"), "IPYTHONDIR": str(folder / "shared" / "ipython"), "HOME": "/proc/nohome"}
    wanted = ["--out", folder / "out", "--article", article, "--notebook", NAMES[2], "TOP_TERMS=3", "PATTERN"]
    done = run_tool(*wanted, env={**env, "PATTERN": "gar|`echo injected`; $(exit 3)"})
    assert done.returncode == 0, done.stderr
    return folder, folder / "out"


def test_settings_stand_in_a_cell_below_the_parameters_as_they_were_typed(other):
    cells = read(other[1] / "notebooks" / f"{NAMES[2]}.ipynb").cells
    at = next(i for i, cell in enumerate(cells) if "parameters" in cell.metadata.get("tags", []))
    assert cells[at + 1].metadata.tags == ["injected-parameters"]
    assert "TOP_TERMS = 3" in cells[at + 1].source and "Gärten" in cells[at + 1].source
    assert "PATTERN = 'gar|`echo injected`; $(exit 3)'" in cells[at + 1].source


def test_what_speaks_of_the_shipped_article_gives_way_to_its_other_text(other):
    cells = {cell.id: cell for cell in read(other[1] / "notebooks" / f"{NAMES[2]}.ipynb").cells}
    shipped = run.tagged(read(FILES[2]), "shipped")
    assert len(shipped) > 3
    for cell in shipped:
        assert cells[cell.id].source == cell.metadata.get("otherwise", cell.source.splitlines()[0])


def test_notebook_figures_and_tables_go_to_out_and_nothing_else_is_left_or_run(other):
    folder, out = other
    written = tree(out)
    pictures = {Path(name).stem for name in written if name.startswith("figures/")}
    assert f"notebooks/{NAMES[2]}.ipynb" in written and all(name.startswith("02-") for name in pictures) and pictures
    assert pictures == {Path(name).stem for name in written if name.startswith("site/tables/")}
    assert {path.name for path in (folder / "shared").iterdir()} == {"profile_default", "ipython"}
    assert not (folder / "RAN").exists(), "a startup file that somebody else planted was run"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--out", "OUT", "TOPTERMS=3"], ["TOPTERMS", "no such parameter", "TOP_TERMS"]),
        (["--out", "OUT", "--notebook", "09-nothing"], ["09-nothing", "no such notebook", NAMES[0]]),
        (["TOP_TERMS=3"], ["--out", "OUT="]),
        (["--out", "OUT", "--article", "data/none.txt", "--only", NAMES[1], NAMES[2]], ["none.txt", "no such file"]),
    ],
    ids=["unknown parameter", "unknown notebook", "no folder for other settings", "no such article, said once"],
)
def test_what_is_wrong_is_said_in_one_line_and_nothing_is_written(arguments, words, tmp_path, capsys):
    before = tree(ROOT / "figures")
    assert run.main([str(tmp_path) if argument == "OUT" else argument for argument in arguments]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert all(word in line for word in words), line
    assert not list(tmp_path.iterdir()) and tree(ROOT / "figures") == before


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("raise ValueError('no ink\\nleft')", "01-broken.ipynb: ValueError: no ink"),
        ("import os; os.kill(os.getpid(), 9)", "01-broken.ipynb: its kernel died or hung"),
        ("import warnings; warnings.warn('dry')", "01-broken.ipynb: cell broken wrote a warning"),
    ],
    ids=["error", "killed", "warning"],
)
def test_a_notebook_that_fails_leaves_the_old_one_whole(source, says, tmp_path, monkeypatch, capsys):
    broken = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(source, id="broken")], metadata=read(FILES[1]).metadata
    )
    (tmp_path / "notebooks").mkdir()
    path = tmp_path / "notebooks" / "01-broken.ipynb"
    path.write_text(nbformat.writes(broken))
    before = path.read_bytes()
    monkeypatch.setattr(run, "NOTEBOOKS", path.parent)
    monkeypatch.setattr(run, "ROOT", tmp_path)
    assert run.main([]) == 1
    assert re.fullmatch(rf"{re.escape(says)}[^\n]*\n", capsys.readouterr().err)
    assert path.read_bytes() == before and [*path.parent.iterdir()] == [path]


def test_changed_notebooks_are_run_and_all_of_them_for_a_changed_helper():
    assert run.choose([f"notebooks/{NAMES[1]}.ipynb"]) == [NOTEBOOKS / f"{NAMES[1]}.ipynb"]
    assert run.choose([f"{NAMES[1]}.ipynb", "data/stopwords.txt"]) == run.choose([]) == run.choose(None) == FILES


def test_values_are_read_as_python_where_they_are_and_as_text_elsewhere():
    values = ["3", "0.5", "None", "['direct']", "data/x.txt", "a b", "1/0"]
    assert [run.read_value(text) for text in values] == [3, 0.5, None, ["direct"], "data/x.txt", "a b", "1/0"]
    assert [run.read_value(text, "west") for text in ("2022", "'2022'", "5,4")] == ["2022", "2022", "5,4"]
    assert [run.read_value(text, ["said"]) for text in ("partial", "['partial']")] == [["partial"]] * 2
