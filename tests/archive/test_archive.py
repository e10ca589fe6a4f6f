"""An archive read by Dask: the same tables as one by one, whatever fails, stops, grows or is split on the way."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import pandas as pd
import psutil
import pytest
from archive import coverage, names
from invented import invented, write_lines
from newsprint import against_english, find_terms, score_sentences
from newstext import ArticleError, find_statements, parse_article, read_article

from tools.archive import __main__ as run
from tools.archive import read, summary

ROOT = Path(__file__).resolve().parents[2]
BAD_LINES = [b"{", b"[]", b'{"title": "x"}', b'{"text": 5}', b'{"text": ""}', b'{"text": "half \\ud83d"}', b"\xff\xfe{}"]
BAD_FILES = {
    "empty.txt": b"",
    "blank.txt": b" \n\n\t\n",
    "picture.txt": b"\x89PNG\r\n\x1a\n\x00\x00",
    "old-encoding.txt": "“Caf\xe9”".encode("cp1252"),
    "far-too-long.txt": b"word " * 300_000,
    "<img src=x onerror=alert(1)>.txt": b"",
    "none.jsonl": b"",
}
SHORT = "It rained. “So what,” said Ann Lee."


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """12 text files, 7 bad files, and a file of 16 lines of JSON, 7 of them bad and one blank."""
    folder = tmp_path_factory.mktemp("in")
    for number in range(12):
        (folder / f"0{number:02}.txt").write_text(invented(number, 12, seed=3)["text"])
    for name, content in BAD_FILES.items():
        (folder / name).write_bytes(content)
    lines = write_lines(folder / "more.jsonl", 9, seed=2, keys=())
    lines.write_bytes(lines.read_bytes() + b"\n" + b"\n".join(BAD_LINES))
    return folder


@pytest.fixture(scope="module")
def client():
    with run.open_client(0) as client:
        yield client


@pytest.fixture(scope="module")
def whole(client, folder, tmp_path_factory) -> Path:
    return read_all(client, folder, tmp_path_factory.mktemp("out"))


def read_all(client, folder: Path, out: Path, size: int = 8) -> Path:
    run.read_archive(client, read.list_parts(folder, size), folder, out)
    summary.write_summary(client, out)
    return out


def table(out: Path, name: str) -> pd.DataFrame:
    parts = [pd.read_parquet(out / name / f"{part}.parquet") for part in coverage.open_archive(out).parts]
    return pd.concat(parts, ignore_index=True)


def assert_same(out: Path, other: Path) -> None:
    for name in read.TABLES:
        pd.testing.assert_frame_equal(table(out, name), table(other, name), obj=name)
    for name in ("summary.html", "speakers.csv", "terms.csv", "set-aside.csv", "aliases-offered.toml"):
        assert (out / name).read_text() == (other / name).read_text().replace(other.name, out.name), name


def written(out: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in (out / "terms").glob("part-*")}


def write_short(folder: Path, count: int, text: str = SHORT, **fields: object) -> str:
    """A file of lines with that many articles of two sentences; its content."""
    folder.mkdir(exist_ok=True)
    lines = [json.dumps({"text": f"{text} It was {number}.", **fields}) + "\n" for number in range(count)]
    (folder / "z.jsonl").write_text("".join(lines))
    return "".join(lines)


# The tables


def test_tables_are_those_of_the_helpers_called_one_by_one(whole, folder):
    articles = {path.name: read_article(path) for path in sorted(folder.glob("0*.txt"))}
    lines = (folder / "more.jsonl").read_bytes().split(b"\n")[:9]
    articles |= {f"more.jsonl:{read.digest(line).hex()}": parse_article(json.loads(line)["text"]) for line in lines}
    calls = {"sentences": lambda article: article.sentences, "statements": find_statements, "terms": find_terms}
    calls["sentiment"] = lambda article: score_sentences(article.sentences)
    for name, call in calls.items():
        right = pd.concat([call(article).assign(article=key) for key, article in articles.items()], ignore_index=True)
        pd.testing.assert_frame_equal(table(whole, name)[[*right]], right, check_dtype=False, obj=name)
    quoted = table(whole, "statements").query("kind != 'indirect' and section != 'Headline'").groupby("speaker").words
    speakers = pd.read_csv(whole / "speakers.csv", keep_default_na=False).set_index("speaker").words
    assert speakers.to_dict() == quoted.sum().to_dict()
    terms = table(whole, "terms")
    counts = terms[~terms.is_stop].groupby("term").size().rename("count").reset_index()
    right = against_english(counts[counts["count"] >= 5], int(terms.words.sum())).query("times > 1")
    assert pd.read_csv(whole / "terms.csv", keep_default_na=False)["term"].tolist() == right.term.head(1000).tolist()


@pytest.mark.parametrize("size", [1, 1000])
def test_number_of_parts_and_of_shares_changes_nothing(client, folder, whole, size, tmp_path, monkeypatch):
    monkeypatch.setattr(summary, "SPLIT", 2)
    monkeypatch.setattr(summary, "GROUP", 3)
    assert_same(read_all(client, folder, tmp_path / whole.name, size), whole)


def test_what_cannot_be_read_is_a_row_with_its_error(whole):
    articles = table(whole, "articles").set_index("article")
    assert articles.index.is_unique and len(articles) == 12 + 7 + 16
    bad = articles.error[articles.error != ""]
    assert len(bad) == len(BAD_FILES) + len(BAD_LINES) and (articles.words[bad.index] == 0).all()
    assert bad["empty.txt"].startswith("empty article") and bad["none.jsonl"].startswith("empty article")
    assert "not utf-8: byte 0x" in bad["old-encoding.txt"] and "over the limit" in bad["far-too-long.txt"]
    lines = bad[bad.index.str.startswith("more.jsonl:")].tolist()
    assert lines[0].startswith("no article in JSON") and lines[0].endswith("not { …") and "half a char" in lines[5]
    assert not bad.str.contains("\n|/tmp").any()
    page = (whole / "summary.html").read_text()
    assert "<img" not in page and "<script" not in page and "&lt;img" in page and "21 of 35 articles read" in page


def test_a_mistake_of_ours_and_a_pipe_set_one_article_aside(client, tmp_path, monkeypatch):
    fails = lambda article: [][1] if "Jack" in article.text else find_statements(article)  # noqa: E731
    monkeypatch.setattr(read, "find_statements", fails)
    os.mkfifo(tmp_path / "pipe.jsonl")
    for number, text in enumerate(["“Yes,” said Ann Holt.", "“No,” said Jack Jessop."]):
        (tmp_path / f"{number}.txt").write_text(text)
    errors = table(read_all(client, tmp_path, tmp_path / "out"), "articles").error
    assert errors[0] == "" and errors[1] == "IndexError: list index out of range" and "pipe" in errors[2]


@pytest.mark.parametrize("size", [1, 50])
def test_a_line_without_end_is_no_article_and_the_next_one_is(client, size, tmp_path, monkeypatch):
    monkeypatch.setattr(read, "MAX_BYTES", 100)
    (tmp_path / "long.jsonl").write_bytes(b'{"text": "' + b"x" * 250 + b'"}\n\n{"text": "It was."}')
    errors = table(read_all(client, tmp_path, tmp_path / "out", size), "articles").error
    assert "up to 100 bytes, not" in errors[0] and errors[1:].tolist() == [""]


def test_every_field_is_a_column_and_an_id_names_the_article(client, tmp_path, capsys):
    first = {"id": 7, "date": "2031-02-03", "words": "many", "n": 1, "tags": ["a"], "seen": "2031-02-03T04:05:06+01:00"}
    known = [first, {"id": "x", "date": "soon", "n": 1.5, "new": True}]
    (tmp_path / "a.jsonl").write_text("\n".join(json.dumps({"text": SHORT} | row) for row in known))
    (tmp_path / "b.txt").write_text("It snowed.")
    (tmp_path / "b.toml").write_text('publisher = "Post"\ndate = 2031-05-06\n')
    found = table(read_all(client, tmp_path, tmp_path / "out", 1), "articles").set_index("article")
    assert found.index.tolist() == ["7", "x", "b.txt"] and found.words.tolist() == [7, 7, 2]
    assert found.date.dt.date.map(str).tolist() == ["2031-02-03", "NaT", "2031-05-06"]
    assert "'soon' is no date" in found.notes["x"] and "date" not in found.notes["b.txt"]
    assert found.given_words["7"] == "many" and "words is given_words" in capsys.readouterr().out
    assert found.n.tolist()[:2] == [1.0, 1.5] and found.tags["7"] == '["a"]' and found.new["x"] is True
    assert str(found.seen["7"]) == "2031-02-03 03:05:06" and found.publisher["b.txt"] == "Post"
    assert table(tmp_path / "out", "statements").article.tolist() == ["7", "x"]


# It grows, stops, changes


@pytest.mark.parametrize("place", ["0.txt", "zz.txt", "first line", "last line"])
def test_one_article_more_rereads_one_part(client, place, tmp_path):
    folder, out, new = tmp_path / "in", tmp_path / "out", json.dumps({"text": "Sun\n\nIt shone."}) + "\n"
    old = write_short(folder, 40)
    before = written(read_all(client, folder, out, 5))
    if place.endswith(".txt"):
        (folder / place).write_text("Sun\n\nIt shone.")
    else:
        (folder / "z.jsonl").write_text(new + old if place == "first line" else old + new)
    assert len(before) > 6 and len(written(read_all(client, folder, out, 5)).items() - before.items()) == 1
    assert_same(out, read_all(client, folder, tmp_path / "other" / "out", 100))


def test_a_changed_article_is_read_again_and_changed_code_reads_all(client, tmp_path, monkeypatch, capsys):
    folder, out = tmp_path, tmp_path / "out"
    for number in range(8):
        (folder / f"{number}.txt").write_text(SHORT)
    before = written(read_all(client, folder, out, 1))
    (folder / "2.txt").write_text("It rained.\n")
    (folder / "3.toml").write_text('id = "three"\n')
    after = written(read_all(client, folder, out, 1))
    assert len(after.items() & before.items()) == 6 and "code" not in capsys.readouterr().out
    assert table(out, "articles").words[2] == 2 and table(out, "articles").article[3] == "three"
    for module in (read, run):
        monkeypatch.setattr(module, "code", lambda: "0therc0d")
    assert not written(read_all(client, folder, out, 1)).items() & after.items()
    assert "The code, its lists or its libraries have changed since" in capsys.readouterr().out


def test_a_large_archive_has_larger_parts_not_more(folder, monkeypatch):
    monkeypatch.setattr(read, "MOST", 6)
    listed = read.list_parts(folder, 1)
    assert len(listed) <= 6 and sum(part.articles for part in listed) == 35


@pytest.mark.parametrize("name", ["articles", "terms"])
def test_a_half_written_table_is_never_taken_for_whole(client, folder, whole, name, tmp_path):
    out = read_all(client, folder, tmp_path / whole.name)
    path = min((out / name).iterdir())
    path.write_bytes(path.read_bytes()[:-20])
    (out / name / f".{path.name}.abc.tmp").write_bytes(b"PAR1")
    assert_same(read_all(client, folder, out), whole)
    assert not list((out / name).glob(".*"))


def test_a_worker_with_other_code_or_without_the_folder_refuses(folder, tmp_path):
    part = read.list_parts(folder, 8)[0]
    for arguments in ((folder, tmp_path, "other"), (tmp_path / "none", tmp_path, read.code())):
        with pytest.raises(ArticleError, match="a worker has other code, or no "):
            read.read_part(part, *arguments)
    assert not [*tmp_path.iterdir()]


@pytest.mark.parametrize("name, line", [("none", "cannot be listed"), (".", "no .txt, .jsonl or .ndjson file")])
def test_nothing_to_read_is_one_line(name, line, tmp_path, capsys):
    assert run.main([str(tmp_path / name), str(tmp_path / "out")]) == 1
    error = capsys.readouterr().err
    assert line in error and error.count("\n") == 1


def test_progress_says_articles_rate_and_time_left_on_a_terminal_only(capsys, monkeypatch):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    run.show_progress(100, 300, 10)
    assert "100 of 300 articles read, 10.0 a second, 0:00:20 left" in capsys.readouterr().out
    monkeypatch.setattr(sys.stdout, "isatty", lambda: False, raising=False)
    run.show_progress(100, 300, 10)
    run.show_progress(300, 300, 30)
    assert capsys.readouterr().out == "300 of 300 articles read, 10.0 a second, 0:00:00 left\n"


def start(*words: object, **environment: str) -> subprocess.Popen:
    environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'notebooks'}{os.pathsep}{ROOT}", **environment}
    return subprocess.Popen([sys.executable, "-m", *map(str, words)], cwd=ROOT, env=environment, stdout=-1, stderr=-1)


def wait_for(condition, process: subprocess.Popen) -> None:
    end = time.monotonic() + 120
    while not condition():
        assert process.poll() is None and time.monotonic() < end, process.communicate()
        time.sleep(0.02)


@pytest.mark.full
def test_real_workers_listen_on_loopback_only_and_a_killed_one_or_a_killed_run_loses_nothing(folder, whole, tmp_path):
    out, file = tmp_path / whole.name, tmp_path / "scheduler.json"
    killed = start("tools.archive", folder, out, "--workers", 2, "--part", 1)
    wait_for(lambda: len(written(out)) >= 3, killed)
    killed.kill()
    killed.communicate()
    done = written(out)
    assert not (out / "summary.html").exists() and not (out / "manifest.json").exists()
    with ExitStack() as stack:
        local = ["--host", "127.0.0.1", "--no-dashboard", "--dashboard-address", "127.0.0.1:0"]
        started = [start("dask", "scheduler", *local, "--port", 0, "--scheduler-file", file)]
        stack.callback(lambda: [process.kill() or process.communicate() for process in started])
        wait_for(lambda: file.exists() and file.read_text().strip().endswith("}"), started[0])
        address = json.loads(file.read_text())["address"]
        started += [start("dask", "worker", address, *local, "--nthreads", 1, "--no-nanny") for _ in range(2)]
        going_on = start("tools.archive", folder, out, "--part", 1, DASK_SCHEDULER_ADDRESS=address)
        wait_for(lambda: len(written(out)) >= len(done) + 6, going_on)
        sockets = [s for process in started for s in psutil.Process(process.pid).net_connections("inet")]
        hosts = {socket.laddr.ip for socket in sockets if socket.status == "LISTEN"}
        started[1].send_signal(signal.SIGKILL)
        output, errors = going_on.communicate(timeout=300)
    assert going_on.returncode == 0 and errors == b"" and hosts == {"127.0.0.1"}
    assert written(out).items() >= done.items() and b"21 of 35 articles read" in output
    assert_same(out, whole)


# Names across articles


def test_candidates_agree_in_last_name_and_in_the_given_names_both_have():
    rows = {"Ann Roe": 90, "Roe": 50, "Ann J. Roe": 40, "Eric Roe": 9, "A. Roe Jr.": 5, "the House": 99, 'The "Ox" Ek': 1}
    found = names.find_candidates(pd.DataFrame(rows.items(), columns=["speaker", "words"])).set_index("name")
    assert found.stands_for.to_dict() == dict.fromkeys(["Roe", "Ann J. Roe", "A. Roe Jr."], "Ann Roe")
    assert found.others["Roe"] == "Eric Roe" and '# "Roe" = "Ann Roe"' in names.offer(found.reset_index())


def test_aliases_that_the_user_keeps_are_applied_and_nothing_is_reread(client, tmp_path):
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    for name in ("Ann Holt", "A. Holt"):
        (folder / f"{name[:2]}.txt").write_text(f"Rain\n\nIt rained. “So it will go on,” said {name}.")
    before = written(read_all(client, folder, out, 1))
    assert pd.read_csv(out / "speakers.csv").speaker.tolist() == ["A. Holt", "Ann Holt"]
    (folder / "aliases.toml").write_text((out / "aliases-offered.toml").read_text().replace('# "', '"'))
    assert written(read_all(client, folder, out, 1)) == before
    assert pd.read_csv(out / "speakers.csv").speaker.tolist() == ["A. Holt"]
    (folder / "aliases.toml").write_text('[aliases]\n"a" = "b"\n"b" = "a"\n')
    with pytest.raises(ArticleError, match="stands for itself"):
        read_all(client, folder, out, 1)
