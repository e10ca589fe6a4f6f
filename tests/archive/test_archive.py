"""An archive read by Dask: the same tables as one by one, whatever fails, stops or is split on the way."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pandas as pd
import pytest
from invented import BAD_FILES, invented_article, write_files, write_lines
from newstext.article import ArticleError, parse_article, read_article
from newsprint.keyness import english_keyness
from newsprint.sentiment import score_sentences
from newstext.speakers import find_statements
from newsprint.terms import find_terms
from newsprint.voices import word_voices, words_by_speaker

try:
    import psutil  # comes with distributed

    from tools import archive
    from tools.archive_summary import quoted_speakers, typical_terms, write_summary
except ImportError as error:  # dask is an extra
    archive = None
    MISSING = f"{error}: `make test-all` installs requirements-archive.lock"

# the filter is for what Dask 2026.8 does with pandas 3.1
pytestmark = [pytest.mark.full, pytest.mark.filterwarnings("ignore:The inplace keyword")]
ROOT = Path(__file__).resolve().parents[1]
BAD_LINES = [b"{", b"[]", b'{"title": "x"}', b'{"text": 5}', b'{"text": ""}', b'{"text": "half \\ud83d"}']
BAD_LINES += [b"\xff\xfe{}"]
COUNTED = ("sentences", "statements", "sentiment", "terms")


@pytest.fixture(autouse=True, scope="module")
def needs_dask() -> None:
    if archive is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(MISSING)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """26 text files, 6 of them bad, a file of 17 lines of JSON, 7 of them bad and one blank, and one without any."""
    folder = write_files(tmp_path_factory.mktemp("archive"), 20, bad=True)
    (folder / "<img src=x onerror=alert(1)>.txt").write_text("")
    (folder / "none.jsonl").write_text("")
    lines = write_lines(folder / "more.jsonl", 9, seed=2)
    lines.write_bytes(lines.read_bytes() + b"\n" + b"\n".join(BAD_LINES))
    return folder


@pytest.fixture(scope="module")
def client() -> Iterator:
    with archive.open_client(0) as client:
        yield client


@pytest.fixture(scope="module")
def expected(folder) -> dict[str, pd.DataFrame]:
    """The tables by the helpers alone, one article after the other."""
    calls: list[tuple[str, Callable]] = []
    for path in sorted(folder.rglob("*.*"), key=lambda path: path.relative_to(folder).as_posix()):
        name = path.relative_to(folder).as_posix()
        if path.suffix == ".txt":
            calls.append((name, lambda path=path: read_article(path, max_bytes=archive.MAX_BYTES)))
    lines, at = (folder / "more.jsonl").read_bytes().split(b"\n")[:9], 0
    for line in lines:
        calls.append((f"more.jsonl:{at}", lambda line=line: parse_article(json.loads(line)["text"])))
        at += len(line) + 1
    tables: dict[str, list] = {name: [] for name in COUNTED}
    for name, call in calls:
        try:
            article = call()
        except ArticleError:
            continue
        found = article.sentences, find_statements(article), score_sentences(article.sentences), find_terms(article)
        for key, table in zip(COUNTED, found, strict=True):
            tables[key].append(table.assign(article=name))
    return {name: pd.concat(rows, ignore_index=True) for name, rows in tables.items()}


@pytest.fixture(scope="module")
def whole(client, folder, tmp_path_factory) -> Path:
    """The output of a run in this process."""
    return read(client, folder, tmp_path_factory.mktemp("out"), 8)


def read(client, folder: Path, out: Path, size: int) -> Path:
    archive.read_archive(client, archive.list_parts(folder, size), folder, out)
    write_summary(out)
    return out


def tables(out: Path) -> dict[str, pd.DataFrame]:
    return {name: pd.read_parquet(out / name) for name in archive.TABLES}


def assert_same(out: Path, other: Path) -> None:
    for (name, table), right in zip(tables(out).items(), tables(other).values(), strict=True):
        pd.testing.assert_frame_equal(table, right, obj=name)
    assert (out / "summary.html").read_bytes() == (other / "summary.html").read_bytes()


def command(folder: Path, out: Path, *options: object, **environment: str) -> subprocess.Popen:
    """`archive.py` in a process of its own."""
    words = [sys.executable, ROOT / "tools" / "archive.py", folder, out, *options]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "notebooks"), **environment}
    return subprocess.Popen([*map(str, words)], env=environment, stdout=-1, stderr=-1, text=True)


def wait_for(condition: Callable[[], object], process: subprocess.Popen, what: str) -> None:
    end = time.monotonic() + 120
    while not condition():
        assert process.poll() is None, f"ended before {what}: {process.communicate()}"
        assert time.monotonic() < end, f"no sign of {what}"
        time.sleep(0.02)


def parts_written(out: Path) -> int:
    return len(list((out / "articles").glob("part-*")))


# The tables


def test_tables_are_those_of_the_helpers_called_one_by_one(whole, expected):
    found = tables(whole)
    for name in COUNTED:
        table = found[name][expected[name].columns]
        pd.testing.assert_frame_equal(table, expected[name], check_dtype=False, obj=name)


@pytest.mark.parametrize("size", [1, 5, 1000])
def test_number_of_parts_changes_nothing(client, folder, whole, size, tmp_path):
    assert_same(read(client, folder, tmp_path, size), whole)


def test_each_article_has_one_row_and_bad_ones_say_why(whole):
    articles = tables(whole)["articles"].set_index("article")
    assert articles.index.is_unique and len(articles) == 26 + 16 + 1
    bad = articles.error[articles.error != ""]
    assert len(bad) == len(BAD_FILES) + 2 + len(BAD_LINES)
    assert bad["000/empty.txt"].startswith("empty article")
    assert bad["000/picture.txt"].startswith("not a text file")
    assert "not utf-8: byte 0x" in bad["000/old-encoding.txt"]
    assert "over the limit" in bad["000/far-too-long.txt"]
    assert bad["none.jsonl"].startswith("empty article")
    lines = bad[bad.index.str.startswith("more.jsonl:")].tolist()
    assert [line[:18] for line in lines[:5]] == ["no article in JSON"] * 4 + ["empty article: put"][:1]
    assert "surrogates not allowed" in lines[5] and lines[6].startswith("no article in JSON")
    assert not bad.str.contains("\n|/tmp").any()
    assert (articles.words[bad.index] == 0).all() and (articles.words.drop(bad.index) > 100).all()


def test_a_mistake_of_ours_sets_one_article_aside_and_not_the_run(client, tmp_path, monkeypatch):
    def fails(article):
        if "Jessop" in article.text:
            raise IndexError("list\nindex")
        return find_statements(article)

    monkeypatch.setattr(archive, "find_statements", fails)
    for number, text in enumerate(["“Yes,” said Ann Holt.", "“No,” said Jack Jessop."]):
        (tmp_path / f"{number}.txt").write_text(text)
    found = tables(read(client, tmp_path, tmp_path / "out", 5))
    assert list(found["articles"].error) == ["", "IndexError: list index"]
    assert set(found["sentences"].article) == {"0.txt"}


def test_a_pipe_does_not_stop_the_run(client, tmp_path):
    for name in ("pipe.txt", "pipe.jsonl"):
        os.mkfifo(tmp_path / name)
    (tmp_path / "gone.jsonl").symlink_to(tmp_path / "nowhere")
    found = tables(read(client, tmp_path, tmp_path / "out", 5))
    assert list(found["articles"].article) == ["gone.jsonl", "pipe.jsonl", "pipe.txt"]
    assert (found["articles"].error != "").all() and found["sentences"].empty


@pytest.mark.parametrize("block", [1, 7, 50, 1000])
def test_a_line_without_end_is_no_article_and_the_next_one_is(block, tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "MAX_BYTES", 100)
    monkeypatch.setattr(archive, "LINE", block)
    path = tmp_path / "long.jsonl"
    path.write_bytes(b'{"text": "' + b"x" * 250 + b'"}\n\n{"text": "It was."}')
    sources = [source for part in archive.list_parts(tmp_path, 1) for source in archive._sources(tmp_path, part)]
    found = [archive.read_one(*source, tmp_path)["articles"].iloc[0] for source in sources]
    assert [row.article for row in found] == ["long.jsonl:0", "long.jsonl:264"]
    assert [row.error for row in found] == ["a line over the limit of 100 bytes; put one article on a line", ""]


def test_invented_articles_are_the_same_whatever_else_is_made():
    assert invented_article(7) == invented_article(7) != invented_article(7, seed=2)


# The summary


def test_quoted_words_are_those_of_the_helper(whole, folder):
    articles = [read_article(path) for path in sorted(folder.rglob("0*.txt"))]
    lines = (folder / "more.jsonl").read_text(errors="replace").split("\n")[:9]
    articles += [parse_article(json.loads(line)["text"]) for line in lines]
    counts = pd.concat(words_by_speaker(word_voices(article, find_statements(article))) for article in articles)
    counts = counts.groupby("speaker").quoted.sum()
    found = quoted_speakers(whole).set_index("speaker").words
    assert found.rename({"": "(nobody named)"}).sort_index().to_dict() == counts[counts > 0].to_dict()


def test_terms_against_english_are_those_of_the_helper(whole, expected):
    terms = expected["terms"]
    right = english_keyness(terms, min_count=5)
    found = typical_terms(whole, int(terms.words.sum()))
    pd.testing.assert_frame_equal(found[right.columns], right, check_dtype=False)
    articles = terms[~terms.is_stop].groupby("term").article.nunique()
    assert found.set_index("term").articles.to_dict() == articles[found.term].to_dict()


def test_summary_shows_names_as_text_and_counts_what_was_set_aside(whole):
    page = (whole / "summary.html").read_text().replace("&#39;", "'")
    assert "<img" not in page and "&lt;img src=x onerror=alert(1)&gt;.txt" in page
    assert "29 of 43 articles read" in page and "14 of 43 articles (32.6%) could not be read" in page
    assert "default-src 'none'" in page and "<script" not in page


def test_an_archive_of_bad_files_only_has_a_summary(client, tmp_path):
    (tmp_path / "a.txt").write_text("")
    page = (read(client, tmp_path, tmp_path / "out", 5) / "summary.html").read_text()
    assert "0 of 1 articles read" in page and "1 of 1 articles (100.0%)" in page


# Stopped, changed, refused


def test_a_killed_run_goes_on_where_it_stopped(client, folder, whole, tmp_path):
    run = command(folder, tmp_path, "--workers", 0, "--part", 2)
    try:
        wait_for(lambda: parts_written(tmp_path) >= 3, run, "three parts")
    finally:
        run.kill()
        run.communicate()
    assert not (tmp_path / "summary.html").exists()
    done = {path: path.stat().st_mtime_ns for path in (tmp_path / "articles").glob("part-*")}
    assert 3 <= len(done) < len(archive.list_parts(folder, 2))
    assert_same(read(client, folder, tmp_path, 2), whole)
    assert all(path.stat().st_mtime_ns == at for path, at in done.items())


@pytest.mark.parametrize("name", ["articles", "terms"])
def test_a_half_written_table_is_never_taken_for_whole(client, folder, whole, name, tmp_path):
    read(client, folder, tmp_path, 20)
    path = min((tmp_path / name).iterdir())
    path.write_bytes(path.read_bytes()[:-20])
    (tmp_path / name / f".{path.name}.abc.tmp").write_bytes(b"PAR1")
    assert_same(read(client, folder, tmp_path, 20), whole)
    assert not list((tmp_path / name).glob(".*"))


def test_advice_taken_is_seen_by_the_next_run(client, tmp_path):
    (tmp_path / "old.txt").write_bytes("He said “caf\xe9”.".encode("cp1252"))
    assert "old.toml" in tables(read(client, tmp_path, tmp_path / "out", 5))["articles"].error[0]
    (tmp_path / "old.toml").write_text('encoding = "cp1252"')
    assert tables(read(client, tmp_path, tmp_path / "out", 5))["articles"].error[0] == ""


def test_a_changed_article_is_read_again_and_the_others_are_not(client, tmp_path):
    folder, out = write_files(tmp_path / "in", 4), tmp_path / "out"
    read(client, folder, out, 1)
    before = {path.name: path.stat().st_mtime_ns for path in (out / "articles").iterdir()}
    (folder / "000" / "0000002.txt").write_text("It rained.\n")
    read(client, folder, out, 1)
    after = {path.name: path.stat().st_mtime_ns for path in (out / "articles").iterdir()}
    assert len(after.items() & before.items()) == 3 and len(after) == 4
    assert tables(out)["articles"].words[2] == 2


def test_other_code_reads_everything_again(folder, monkeypatch):
    names = {part.name for part in archive.list_parts(folder, 8)}
    monkeypatch.setattr(archive, "_code", lambda: "other")
    assert not names & {part.name for part in archive.list_parts(folder, 8)}


def test_a_worker_with_other_code_or_without_the_folder_refuses(folder, tmp_path):
    part = archive.list_parts(folder, 8)[0]
    for arguments in ((folder, tmp_path, "other"), (tmp_path / "none", tmp_path, archive._code())):
        with pytest.raises(ArticleError, match="a worker has other code, or no "):
            archive.read_part(part, *arguments)
    assert not [*tmp_path.iterdir()]


@pytest.mark.parametrize("name, line", [("none", "cannot be listed"), (".", "no .txt, .jsonl or .ndjson file")])
def test_nothing_to_read_is_one_line(name, line, tmp_path, capsys):
    assert archive.main([str(tmp_path / name), str(tmp_path / "out")]) == 1
    error = capsys.readouterr().err
    assert line in error and error.count("\n") == 1


# Real processes


@contextmanager
def started(*words: str, **options) -> Iterator[subprocess.Popen]:
    """A `dask` process on loopback, ended with the test."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "notebooks"), str(ROOT)])}
    loopback = ["--host", "127.0.0.1", "--no-dashboard", "--dashboard-address", "127.0.0.1:0"]
    dask = [sys.executable, "-m", "dask", *words, *loopback]
    process = subprocess.Popen(dask, env=environment, cwd=options["cwd"], stdout=-3, stderr=-3)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def scheduler_address(file: Path, process: subprocess.Popen) -> str:
    wait_for(lambda: file.exists() and file.read_text().strip().endswith("}"), process, "the scheduler")
    return json.loads(file.read_text())["address"]


def listens_on(process: subprocess.Popen) -> set[str]:
    sockets = psutil.Process(process.pid).net_connections("inet")
    return {socket.laddr.ip for socket in sockets if socket.status == "LISTEN"}


def test_two_workers_of_a_cluster_give_the_same_and_killing_one_loses_nothing(folder, whole, tmp_path):
    file = tmp_path / "scheduler.json"
    with ExitStack() as stack:
        scheduler = ["scheduler", "--port", "0", "--scheduler-file", str(file)]
        main = stack.enter_context(started(*scheduler, cwd=tmp_path))
        address = scheduler_address(file, main)
        worker = ["worker", address, "--nthreads", "1", "--no-nanny"]
        first, second = (stack.enter_context(started(*worker, cwd=tmp_path)) for _ in range(2))
        with archive.Client(address) as client:
            client.wait_for_workers(2, timeout=120)
        assert {host for process in (main, first, second) for host in listens_on(process)} == {"127.0.0.1"}
        run = command(folder, tmp_path / "out", "--part", 1, DASK_SCHEDULER_ADDRESS=address)
        wait_for(lambda: parts_written(tmp_path / "out") >= 6, run, "six parts")
        first.send_signal(signal.SIGKILL)
        at_kill = parts_written(tmp_path / "out")
        output, errors = run.communicate(timeout=300)
        assert run.returncode == 0, errors
        assert at_kill < len(archive.list_parts(folder, 1)) and second.poll() is None
        assert "29 of 43 articles read" in output and "100% Completed" in output
    assert_same(tmp_path / "out", whole)


def test_two_processes_here_give_the_same(folder, whole, tmp_path):
    run = command(folder, tmp_path, "--workers", 2, "--part", 4)
    output, errors = run.communicate(timeout=300)
    assert run.returncode == 0, errors
    assert_same(tmp_path, whole)
