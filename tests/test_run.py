"""tools/run.py: parameters, other texts for other articles, one line for what is wrong, nothing half written."""

import tempfile
from pathlib import Path

import nbformat
import pytest

from tests.running import FILES, NAMES, NOTEBOOKS, read, tree
from tools import run


@pytest.fixture(scope="module")
def other(tmp_path_factory) -> Path:
    """The folder `out` of 02 run on another article; beside it planted startup files in `shared`, and no home."""
    folder = tmp_path_factory.mktemp("other")
    for planted in (folder / "shared", folder / "shared" / "ipython"):
        (planted / "profile_default" / "startup").mkdir(parents=True)
        (planted / "profile_default" / "startup" / "00.py").write_text(f"open({str(folder / 'RAN')!r}, 'w')\n")
    article = folder / "a garden (Gärten).txt"
    article.write_text("Gardens close\n\nThe garden closed on Friday. “We are sad,” said Ann Lee of the garden.\n")
    odd = {"TMPDIR": folder / "shared", "IPYTHONDIR": folder / "shared" / "ipython", "HOME": "/proc/nohome"}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (odd | {"PATTERN": "gar|`echo injected`; $(exit 3)"}).items():
            patch.setenv(name, str(value))
        patch.setattr(tempfile, "tempdir", None)
        wanted = ["--out", folder / "out", "--article", article, "--notebook", NAMES[2], "TOP_TERMS=3", "PATTERN"]
        assert run.main([str(word) for word in wanted]) == 0
    return folder / "out"


def test_settings_stand_as_they_were_typed_and_what_speaks_of_the_shipped_article_gives_way(other):
    cells = read(other / "notebooks" / f"{NAMES[2]}.ipynb").cells
    (at,) = [i for i, cell in enumerate(cells) if "parameters" in cell.metadata.get("tags", [])]
    assert cells[at + 1].metadata.tags == ["injected-parameters"]
    assert "TOP_TERMS = 3" in cells[at + 1].source and "Gärten" in cells[at + 1].source
    assert "PATTERN = 'gar|`echo injected`; $(exit 3)'" in cells[at + 1].source
    shipped, now = run.tagged(read(FILES[2]), "shipped"), {cell.id: cell.source for cell in cells}
    wanted = {cell.id: cell.metadata.get("otherwise", cell.source.splitlines()[0]) for cell in shipped}
    assert len(wanted) > 3 and wanted.items() <= now.items()


def test_notebook_figures_and_tables_go_to_out_and_nothing_else_is_left_or_run(other):
    written = [Path(name) for name in tree(other)]
    pictures = {path.stem for path in written if path.suffix == ".png"}
    assert Path("notebooks", f"{NAMES[2]}.ipynb") in written and pictures and all(n[:3] == "02-" for n in pictures)
    assert pictures == {path.stem for path in written if path.parent == Path("site/tables")}
    assert {path.name for path in (other.parent / "shared").iterdir()} == {"profile_default", "ipython"}
    assert not (other.parent / "RAN").exists(), "a startup file that somebody else planted was run"


WRONG = {
    "unknown parameter": (["--out", "OUT", "TOPTERMS=3"], ["TOPTERMS", "no such parameter", "TOP_TERMS"]),
    "unknown notebook": (["--out", "OUT", "--notebook", "09-nothing"], ["09-nothing", "no such notebook", NAMES[0]]),
    "other settings in place": (["TOP_TERMS=3"], ["--out", "OUT="]),
    "no such article": (["--out", "OUT", "--article", "data/none.txt"], ["none.txt", "no such file"]),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_said_in_one_line_before_a_kernel_starts(case, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(run, "execute_all", None)
    arguments, words = WRONG[case]
    assert run.main([str(tmp_path) if argument == "OUT" else argument for argument in arguments]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert all(word in line for word in words) and not list(tmp_path.iterdir()), line


def test_notebooks_that_fail_stay_as_they_were_and_each_cause_is_a_line(tmp_path, monkeypatch, capsys):
    error, about = "raise ValueError('no ink\\nleft')", read(FILES[1]).metadata
    sources = {"01": error, "02": "import os; os.kill(os.getpid(), 9)", "03": "import sys; sys.stderr.write('dry')"}
    for name, source in (sources | {"04": error}).items():
        broken = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source, id="broken")], metadata=about)
        nbformat.write(broken, tmp_path / f"{name}.ipynb")
    before = tree(tmp_path)
    monkeypatch.setattr(run, "NOTEBOOKS", tmp_path)
    monkeypatch.setattr(run, "ROOT", tmp_path)
    assert run.main([]) == 1
    ink, died, warned = sorted(capsys.readouterr().err.splitlines())
    assert ink == "01.ipynb, 04.ipynb: ValueError: no ink" and died.startswith("02.ipynb: its kernel died or hung")
    assert warned == "03.ipynb: cell broken wrote a warning: dry" and tree(tmp_path) == before


def test_changed_notebooks_are_run_and_all_of_them_for_a_changed_helper():
    assert run.choose([f"notebooks/{NAMES[1]}.ipynb"]) == [NOTEBOOKS / f"{NAMES[1]}.ipynb"]
    assert run.choose([f"{NAMES[1]}.ipynb", "data/stopwords.txt"]) == run.choose([]) == run.choose(None) == FILES


def test_values_are_read_as_python_where_they_are_and_as_text_elsewhere():
    values = ["3", "0.5", "None", "['direct']", "data/x.txt", "a b", "1/0"]
    assert [run.read_value(text) for text in values] == [3, 0.5, None, ["direct"], "data/x.txt", "a b", "1/0"]
    assert [run.read_value(text, "west") for text in ("2022", "'2022'", "5,4")] == ["2022", "2022", "5,4"]
    assert [run.read_value(text, ["said"]) for text in ("partial", "['partial']")] == [["partial"]] * 2
