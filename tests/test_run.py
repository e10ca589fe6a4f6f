"""Running and tweaking: parameters, wrong values, cells twice, other articles of many shapes."""

import ast
import csv
import random
import re
import subprocess
import traceback
from pathlib import Path
from unittest.mock import patch

import matplotlib as mpl
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox
from newsprint import charts
from newstext.article import ArticleError
from running import FILES, NAMES, NOTEBOOKS, ROOT, Shown, read, run_cells, run_tool, tree

from tools import run

each_notebook = pytest.mark.parametrize("path", FILES, ids=NAMES)


def notebook(number: str) -> Path:
    return next(path for path in FILES if path.name.startswith(number))


# The runner


@pytest.fixture(scope="module")
def tweaked(tmp_path_factory) -> Path:
    """01 run by tools/run.py with another setting and another article."""
    folder = tmp_path_factory.mktemp("tweaked")
    article = folder / "a garden (Gärten).txt"
    article.write_text("Gardens close\n\nThe garden closed on Friday. “We are sad,” said Ann Lee.\n")
    done = run_tool("--out", folder / "out", "--article", article, "--notebook", NAMES[1], "HARD_CASES=3")
    assert done.returncode == 0, done.stderr
    return folder / "out"


def test_run_sets_parameters_in_a_cell_below_the_tagged_one(tweaked):
    cells = read(tweaked / "notebooks" / f"{NAMES[1]}.ipynb").cells
    at = next(i for i, cell in enumerate(cells) if "parameters" in cell.metadata.get("tags", []))
    assert "injected-parameters" in cells[at + 1].metadata.tags
    assert "HARD_CASES = 3" in cells[at + 1].source
    assert "Gärten" in cells[at + 1].source


def test_run_for_another_article_leaves_out_what_speaks_of_the_shipped_one(tweaked):
    cells = read(tweaked / "notebooks" / f"{NAMES[1]}.ipynb").cells
    shipped = [cell.source for cell in cells if "shipped" in cell.metadata.get("tags", [])]
    assert all(run.LEFT_OUT in source and not re.search(r"\d{2}[^ ·]", source) for source in shipped)
    assert shipped, "the title stays"


def test_run_for_another_article_writes_notebook_figures_and_tables_into_out(tweaked):
    written = tree(tweaked)
    assert f"notebooks/{NAMES[1]}.ipynb" in written
    pictures = {Path(name).stem for name in written if name.startswith("figures/")}
    assert pictures == {Path(name).stem for name in written if name.startswith("site/tables/")}
    assert pictures and all(name.startswith("01-") for name in pictures)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--out", "OUT", "TOPTERMS=3"], ["TOPTERMS", "no such parameter", "TOP_TERMS"]),
        (["--out", "OUT", "--notebook", "09-nothing"], ["09-nothing", "no such notebook", NAMES[0]]),
        (["TOP_TERMS=3"], ["--out", "OUT="]),
        (["--out", "OUT", "--article", "data/none.txt"], ["none.txt", "no such file", "article.txt"]),
    ],
    ids=["unknown parameter", "unknown notebook", "no folder for other settings", "no such article"],
)
def test_run_says_what_is_wrong_in_one_line(arguments, words, tmp_path, capsys):
    before = tree(ROOT / "figures")
    arguments = [str(tmp_path) if argument == "OUT" else argument for argument in arguments]
    if "no such file" in words:
        arguments += ["--notebook", NAMES[1]]
    assert run.main(arguments) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert all(word in line for word in words), line
    assert not list(tmp_path.iterdir())
    assert tree(ROOT / "figures") == before


def test_run_of_a_notebook_that_fails_leaves_the_old_one_whole(tmp_path, monkeypatch, capsys):
    broken = read(notebook("01"))
    broken.cells = broken.cells[:3] + [run.nbformat.v4.new_code_cell("raise ValueError('no ink\\nleft')")]
    folder = tmp_path / "notebooks"
    folder.mkdir()
    path = folder / "01-broken.ipynb"
    path.write_text(run.nbformat.writes(broken))
    before = path.read_bytes()
    monkeypatch.setattr(run, "NOTEBOOKS", folder)
    monkeypatch.setattr(run, "ROOT", tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(NOTEBOOKS))
    assert run.main([]) == 1
    assert capsys.readouterr().err == "01-broken.ipynb: ValueError: no ink\n"
    assert path.read_bytes() == before


def test_run_chooses_the_changed_notebooks_and_all_of_them_for_a_changed_helper():
    assert run.choose(["notebooks/01-article-and-tokens.ipynb"]) == [NOTEBOOKS / "01-article-and-tokens.ipynb"]
    assert run.choose(["01-article-and-tokens.ipynb", "data/stopwords.txt"]) == FILES
    assert run.choose([]) == run.choose(None) == FILES


def test_run_reads_values_as_python_where_they_are_and_as_text_elsewhere():
    values = ["3", "0.5", "None", "['direct']", "data/x.txt", "a b", "1/0"]
    assert [run.read_value(text) for text in values] == [3, 0.5, None, ["direct"], "data/x.txt", "a b", "1/0"]
    assert [run.read_value(text, "west") for text in ("2022", "'2022'", "5,4")] == ["2022", "2022", "5,4"]
    assert [run.read_value(text, ["direct"]) for text in ("partial", "['partial']")] == [["partial"]] * 2


def test_setting_without_a_value_comes_from_the_environment_as_it_is(tmp_path, monkeypatch):
    monkeypatch.setenv("PATTERN", "war|`echo injected`; $(exit 3)")
    assert run.read_arguments(["--out", str(tmp_path), "PATTERN"])[2] == {"PATTERN": "war|`echo injected`; $(exit 3)"}


@pytest.fixture(scope="module")
def hostile_surroundings(tmp_path_factory):
    """01 run with a planted startup file in the shared temporary folder and a home that cannot be written."""
    shared, out = tmp_path_factory.mktemp("shared"), tmp_path_factory.mktemp("out")
    for folder in (shared, shared / "ipython"):
        (folder / "profile_default" / "startup").mkdir(parents=True)
        planted = folder / "profile_default" / "startup" / "00-planted.py"
        planted.write_text(f"open({str(shared / 'RAN')!r}, 'w').write('x')\n")
    env = {"TMPDIR": str(shared), "IPYTHONDIR": str(shared / "ipython"), "HOME": "/proc/nohome"}
    return shared, run_tool("--out", out, "--notebook", NAMES[1], env=env)


def test_kernel_runs_nothing_that_lies_in_the_shared_temporary_folder(hostile_surroundings):
    shared, done = hostile_surroundings
    assert done.returncode == 0, done.stderr
    assert not (shared / "RAN").exists()


def test_run_leaves_nothing_in_the_temporary_folder_and_works_without_a_writable_home(hostile_surroundings):
    shared, done = hostile_surroundings
    assert done.returncode == 0, done.stderr
    assert {path.name for path in shared.iterdir()} == {"profile_default", "ipython"}


# Settings

TWEAKS = [
    ("02", "TOP_TERMS", 0),
    ("02", "TOP_TERMS", -1),
    ("02", "TOP_TERMS", 2.5),
    ("02", "TOP_TERMS", "many"),
]


@pytest.mark.parametrize(("number", "name", "value"), TWEAKS, ids=lambda value: str(value))
def test_wrong_setting_gives_one_line_that_names_it(number, name, value, tmp_path):
    with pytest.raises(ArticleError, match=name) as caught:
        run_cells(notebook(number), tmp_path, {name: value})
    assert "\n" not in str(caught.value)


@each_notebook
def test_file_that_is_missing_gives_one_line_with_its_name(path, tmp_path):
    source = run.tagged(read(path), "parameters")[0].source
    files = re.findall(r'^(\w+) = "\.\./', source, re.M)
    assert "ARTICLE" in files
    for name in files:
        with pytest.raises(ArticleError, match="none-such") as caught:
            run_cells(path, tmp_path, {name: "../data/none-such.txt"})
        assert "\n" not in str(caught.value)


@each_notebook
def test_every_setting_is_used_and_says_what_it_does(path):
    cells = read(path).cells
    source = run.tagged(read(path), "parameters")[0].source
    rest = "\n".join(cell.source for cell in cells if cell.cell_type == "code" and cell.source != source)
    for line in source.splitlines():
        name, _, comment = re.fullmatch(r"([A-Z_]+) = (.+?)  # (.+)", line).groups()
        assert re.search(rf"\b{name}\b", rest), f"{name} is set and never used"
        assert len(comment.split()) >= 3


@each_notebook
def test_many_more_terms_or_rows_than_there_are_is_no_error(path, tmp_path):
    whole = {
        name: 10_000
        for name in run.parameters(read(path))
        if re.search(rf"^{name} = \d+\b(?!\.)", run.tagged(read(path), "parameters")[0].source, re.M)
    }
    for name in whole.keys() - {"RESAMPLES", "SHUFFLES"}:
        if re.search("TERMS|CASES|ROWS|OFTEN", name):
            assert run_cells(path, tmp_path, {name: 10_000}).text


# Cells twice, and in another order


@pytest.fixture(scope="module", params=FILES, ids=NAMES)
def shipped(request, tmp_path_factory) -> tuple[Path, Path, Shown]:
    """A notebook, the folder it wrote to, and what it showed of the shipped article."""
    out = tmp_path_factory.mktemp("shipped")
    return request.param, out, run_cells(request.param, out)


@each_notebook
def test_name_that_another_cell_reads_is_set_in_one_cell_only(path):
    """Else a cell that is run again after a later one would read the later one's value."""
    sources = [cell.source for cell in read(path).cells if cell.cell_type == "code"]
    names = [[node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name)] for source in sources]
    set_here = [{node.id for node in cell if isinstance(node.ctx, ast.Store)} for cell in names]
    read_here = [{node.id for node in cell if isinstance(node.ctx, ast.Load)} for cell in names]
    shared = set().union(*(used - own for used, own in zip(read_here, set_here)))
    assert not [name for name in sorted(shared) if sum(name in own for own in set_here) > 1]


def test_cells_run_again_in_another_order_show_the_same(shipped, tmp_path):
    path, out, once = shipped
    cells = [*range(sum(cell.cell_type == "code" for cell in read(path).cells))]
    again = run_cells(path, tmp_path, order=[*cells, *random.Random(6).sample(cells, len(cells))])
    assert sorted(again.text.splitlines()) == sorted(once.text.splitlines() * 2)
    assert tree(tmp_path) == tree(out)


def test_shipped_pictures_have_no_text_over_text(shipped):
    assert not overlaps(shipped[2])


# Other articles

TALK = (
    "The council voted on Tuesday to close the river bridge. Mayor Ann Lee said the bridge was old. "
    "“It has served us well,” Lee said. Engineers warned that the repair would cost $5 to $10 million."
)


def paragraphs(count: int, seed: int = 3) -> str:
    """Invented news prose, with names, numbers and quotations."""
    choice = random.Random(seed).choice
    who = [
        "Mayor Ann Lee",
        "Tom Field",
        "The council",
        "Engineers",
        "Residents of Northfield",
        "Maria Costa of Hillside",
    ]
    did = ["opposed the plan", "welcomed the new bridge", "lost a good deal of money", "won a bitter case in court"]
    said = ["“We cannot wait any longer,” {} said.", "{} said the river was a danger.", "{} denied the “false” report."]
    rows = []
    for number in range(count):
        name = choice(who)
        place = choice(["Northfield", "Hillside", "the old town"])
        rows.append(f"{name} {choice(did)} on day {number} in {place}. {choice(said).format(name)}")
    return "\n\n".join(rows)


ARTICLES = {
    "no headings": "Bridge to close\n\n" + paragraphs(8),
    "ten sections": "Bridge to close\n\n" + "\n\n".join(f"## Part {n} of it\n\n{paragraphs(2, n)}" for n in range(10)),
    "no quotation": "Rain falls\n\nRain fell on the hills. It was wet.\n\nThe river rose by a metre and fell again.\n",
    "British marks": "Bridge to close\n\n‘We can’t wait,’ said Ann Lee. ‘It’s the states’ bridge.’\n\n" + TALK,
    "5,000 words": "Bridge to close\n\n" + paragraphs(240),
    "40 words": "Bridge to close\n\n" + TALK,
    "all stop words": "The and of it\n\nIt was to be and it was not. They were there and she was with them.\n",
    "title only": "A title alone\n",
    "one word": "Rain.\n",
    "CJK title": "新しい橋が閉鎖される\n\n" + TALK,
    "digits only": "1984 2001\n\n1 2 3 4 5 6 7 8 9. 10 11 12.\n",
    "hostile": "<script>alert(1)</script>\n\n=cmd() said **Ann $x$ Lee**. “<img src=x onerror=alert(1)>,” "
    + "x" * 300
    + " said.\n\n"
    + TALK,
}
QUICK = ["no headings", "title only", "40 words", "all stop words"]
SHAPES = [name if name in QUICK else pytest.param(name, marks=pytest.mark.full) for name in ARTICLES]


def drawn_texts(fig: Figure) -> list[tuple[str, Bbox]]:
    """Each text that really is drawn, with the box it takes."""
    drawn, draw = [], Text.draw

    def watch(text: Text, renderer: object, *rest) -> None:
        if text.get_visible() and text.get_text().strip():
            drawn.append((text.get_text(), text.get_window_extent(renderer)))
        draw(text, renderer, *rest)

    with patch.object(Text, "draw", watch), mpl.rc_context(charts.STYLE):
        fig.draw(FigureCanvasAgg(fig).get_renderer())
    return drawn


def overlaps(shown: Shown) -> list[str]:
    """Pairs of texts that cover each other by more than a tenth of the smaller, and texts cut by the figure's edge."""
    found = []
    for name, fig in shown.figures.items():
        texts = drawn_texts(fig)
        for i, (one, a) in enumerate(texts):
            if a.x0 < -1 or a.y0 < -1 or a.x1 > fig.bbox.x1 + 1 or a.y1 > fig.bbox.y1 + 1:
                found.append(f"{name}: {one!r} is cut")
            for other, b in texts[i + 1 :]:
                wide, high = min(a.x1, b.x1) - max(a.x0, b.x0), min(a.y1, b.y1) - max(a.y0, b.y0)
                if wide > 0 and high > 0 and wide * high > 0.1 * min(a.width * a.height, b.width * b.height):
                    found.append(f"{name}: {one!r} over {other!r}")
    return found


def check_sensible(shown: Shown, out: Path) -> None:
    assert shown.text.strip()
    broken = r"(?i)\bnan\b|\binf\b|None\b(?! of| under)|Traceback|<NA>|-0\.00|−0\.00|Empty DataFrame"  # but "None of 3"
    assert not re.search(broken, shown.text), shown.text
    assert not re.search("<script|<img", shown.html)
    for name, alt in shown.alts.items():
        assert len(alt) >= 40 and not re.search(r"(?i)\bnan\b|\binf\b|\bnone\b", alt), (name, alt)
        table = (out / "site" / "tables" / f"{name}.csv").read_text(encoding="utf-8")
        rows = list(csv.reader(table.splitlines(keepends=True)))
        assert len({len(row) for row in rows}) == 1, name


@pytest.mark.parametrize("shape", SHAPES)
@each_notebook
def test_other_article_gives_a_sensible_page(path, shape, tmp_path):
    article = tmp_path / "other.txt"
    article.write_text(ARTICLES[shape], encoding="utf-8")
    try:
        shown = run_cells(path, tmp_path, {"ARTICLE": str(article)})
    except Exception as error:
        cell = [line for line in traceback.extract_tb(error.__traceback__) if "code cell" in line.filename][-1]
        pytest.fail(f"{cell.filename}, line {cell.lineno}: {type(error).__name__}: {error}")
    check_sensible(shown, tmp_path)
    assert not overlaps(shown)


def test_article_without_statements_has_no_speakers_in_its_pictures(tmp_path):
    article = tmp_path / "other.txt"
    article.write_text(ARTICLES["no quotation"], encoding="utf-8")
    shown = run_cells(notebook("03"), tmp_path, {"ARTICLE": str(article)})
    assert "0 quoted passages" in shown.text
