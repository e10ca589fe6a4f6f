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
from invented import BAD_FILES, write_files, write_lines
from newsprint import against_english, find_terms, score_sentences
from newstext import ArticleError, find_statements, parse_article, read_article

from tools.archive import parts, read, run, summary

ROOT = Path(__file__).resolve().parents[2]
BAD_LINES = [b"{", b"[]", b'{"title": "x"}', b'{"text": 5}', b'{"text": ""}', b'{"text": "half \\ud83d"}']
BAD_LINES += [b"\xff\xfe{}"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """21 text files, 6 of them bad, a file of 16 lines of JSON, 7 of them bad and one blank, and one without any."""
    folder = write_files(tmp_path_factory.mktemp("in"), 15, bad=True)
    (folder / "<img src=x onerror=alert(1)>.txt").write_text("")
    (folder / "none.jsonl").write_text("")
    lines = write_lines(folder / "more.jsonl", 9, seed=2)
    lines.write_bytes(lines.read_bytes() + b"\n" + b"\n".join(BAD_LINES))
    return folder


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    with run.open_client(tmp_path_factory.mktemp("log") / "workers.log", 0) as client:
        yield client


@pytest.fixture(scope="module")
def whole(client, folder, tmp_path_factory) -> Path:
    return read_all(client, folder, tmp_path_factory.mktemp("out"))


def read_all(client, folder: Path, out: Path, size: int = 8) -> Path:
    run.read_archive(client, parts.list_parts(folder, size), folder, out)
    summary.write_summary(client, out)
    return out


def table(out: Path, name: str) -> pd.DataFrame:
    found = [pd.read_parquet(out / name / f"{part}.parquet") for part in coverage.open_archive(out).parts]
    return pd.concat(found, ignore_index=True)


def assert_same(out: Path, other: Path) -> None:
    for name in read.TABLES:
        pd.testing.assert_frame_equal(table(out, name), table(other, name), obj=name)
    for name in ("summary.html", "speakers.csv", "terms.csv", "set-aside.csv", "aliases-offered.toml"):
        page = (other / name).read_text().replace(other.name, out.name)
        assert (out / name).read_text() == page, name


def written(out: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in (out / "terms").glob("part-*")}


def command(folder: Path, out: Path, *options: object, **environment: str) -> subprocess.Popen:
    words = [sys.executable, "-m", "tools.archive", folder, out, *options]
    environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'notebooks'}{os.pathsep}{ROOT}", **environment}
    return subprocess.Popen([*map(str, words)], cwd=ROOT, env=environment, stdout=-1, stderr=-1, text=True)


def wait_for(condition, process: subprocess.Popen) -> None:
    end = time.monotonic() + 120
    while not condition():
        assert process.poll() is None and time.monotonic() < end, process.communicate()
        time.sleep(0.02)


# The tables


def test_tables_are_those_of_the_helpers_called_one_by_one(whole, folder):
    articles = {path.relative_to(folder).as_posix(): read_article(path) for path in sorted(folder.rglob("0*.txt"))}
    lines = (folder / "more.jsonl").read_bytes().split(b"\n")[:9]
    articles |= {f"more.jsonl:{parts.digest(line).hex()}": parse_article(json.loads(line)["text"]) for line in lines}
    calls = {
        "sentences": lambda article: article.sentences,
        "statements": find_statements,
        "sentiment": lambda article: score_sentences(article.sentences),
        "terms": find_terms,
    }
    for name, call in calls.items():
        right = pd.concat([call(article).assign(article=key) for key, article in articles.items()], ignore_index=True)
        pd.testing.assert_frame_equal(table(whole, name)[[*right]], right, check_dtype=False, obj=name)
    quoted = table(whole, "statements").query("kind != 'indirect' and section != 'Headline'")
    quoted = quoted.groupby("speaker").words.sum()
    speakers = pd.read_csv(whole / "speakers.csv").set_index("speaker").words
    assert speakers.to_dict() == quoted.drop("", errors="ignore").to_dict()
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
    assert articles.index.is_unique and len(articles) == 21 + 16 + 1
    bad = articles.error[articles.error != ""]
    assert len(bad) == len(BAD_FILES) + 2 + len(BAD_LINES)
    assert bad["000/empty.txt"].startswith("empty article") and bad["none.jsonl"].startswith("empty article")
    assert "not utf-8: byte 0x" in bad["000/old-encoding.txt"] and "over the limit" in bad["000/far-too-long.txt"]
    lines = bad[bad.index.str.startswith("more.jsonl:")].tolist()
    assert lines[0].startswith("no article in JSON") and lines[0].endswith("not { …") and "half a character" in lines[5]
    assert not bad.str.contains("\n|/tmp").any() and (articles.words[bad.index] == 0).all()
    page = (whole / "summary.html").read_text()
    assert "<img" not in page and "<script" not in page and "24 of 38 articles read" in page and "14 of 38" in page


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
    for module in (parts, read):
        monkeypatch.setattr(module, "MAX_BYTES", 100)
    (tmp_path / "long.jsonl").write_bytes(b'{"text": "' + b"x" * 250 + b'"}\n\n{"text": "It was."}')
    errors = table(read_all(client, tmp_path, tmp_path / "out", size), "articles").error
    assert errors.tolist() == ["a line over the limit of 100 bytes; put one article on a line", ""]


def test_every_field_is_a_column_and_an_id_names_the_article(client, tmp_path, capsys):
    known = [{"id": 7, "date": "2031-02-03", "words": "many", "n": 1, "tags": ["a"]}]
    known = [known[0] | {"seen": "2031-02-03T04:05:06+01:00"}, {"id": "x", "date": "soon", "n": 1.5, "new": True}]
    lines = [json.dumps({"text": "It rained. “So what,” said Ann Lee."} | row) for row in known]
    (tmp_path / "a.jsonl").write_text("\n".join(lines))
    (tmp_path / "b.txt").write_text("It snowed.")
    (tmp_path / "b.toml").write_text('publisher = "Post"\ndate = 2031-05-06\n')
    found = table(read_all(client, tmp_path, tmp_path / "out", 1), "articles").set_index("article")
    assert found.index.tolist() == ["b.txt", "7", "x"] and found.words.tolist() == [2, 7, 7]
    assert found.date.dt.date.map(str).tolist() == ["2031-05-06", "2031-02-03", "NaT"]
    assert "'soon' is no date" in found.notes["x"]
    assert found.given_words["7"] == "many" and "words is given_words" in capsys.readouterr().out
    assert found.n.tolist()[1:] == [1.0, 1.5] and found.tags["7"] == '["a"]' and found.new["x"] is True
    assert str(found.seen["7"]) == "2031-02-03 03:05:06" and found.publisher["b.txt"] == "Post"
    assert table(tmp_path / "out", "statements").article.tolist() == ["7", "x"]


# It grows, stops, changes


def write_short(folder: Path, count: int) -> Path:
    """Articles of a sentence, half as files and half as lines."""
    texts = [f"Rain {number}\n\nIt rained. “So it goes {number},” said Ann Holt.\n" for number in range(count)]
    folder.mkdir(parents=True)
    for number in range(count // 2):
        (folder / f"{number + 10}.txt").write_text(texts[number])
    (folder / "z.jsonl").write_text("".join(json.dumps({"text": text}) + "\n" for text in texts[count // 2 :]))
    return folder


@pytest.mark.parametrize("place", ["0.txt", "zz.txt", "first line", "last line"])
def test_one_article_more_rereads_one_part(client, place, tmp_path):
    folder, out = write_short(tmp_path / "in", 40), tmp_path / "out"
    before, old = written(read_all(client, folder, out, 5)), (folder / "z.jsonl").read_text()
    new = json.dumps({"text": "Sun\n\nIt shone."}) + "\n"
    if place.endswith(".txt"):
        (folder / place).write_text("Sun\n\nIt shone.")
    else:
        (folder / "z.jsonl").write_text(new + old if place == "first line" else old + new)
    assert len(before) > 6 and len(written(read_all(client, folder, out, 5)).items() - before.items()) == 1
    assert_same(out, read_all(client, folder, tmp_path / "other" / "out", 100))


def test_a_changed_article_is_read_again_and_changed_code_reads_all(client, tmp_path, monkeypatch, capsys):
    folder, out = write_short(tmp_path / "in", 12), tmp_path / "out"
    before = written(read_all(client, folder, out, 1))
    (folder / "12.txt").write_text("It rained.\n")
    (folder / "13.toml").write_text('id = "three"\n')
    after = written(read_all(client, folder, out, 1))
    assert 0 < len(after.items() & before.items()) < len(before) and "code" not in capsys.readouterr().out
    assert table(out, "articles").words[2] == 2 and table(out, "articles").article[3] == "three"
    for module in (parts, read, run):
        monkeypatch.setattr(module, "code", lambda: "0therc0d")
    assert not written(read_all(client, folder, out, 1)).items() & after.items()
    assert "The code, its lists or its libraries have changed since" in capsys.readouterr().out


def test_a_large_archive_has_larger_parts_not_more(folder, monkeypatch):
    monkeypatch.setattr(parts, "MOST", 6)
    listed = parts.list_parts(folder, 1)
    assert len(listed) <= 6 and sum(part.articles for part in listed) == 38


@pytest.mark.parametrize("name", ["articles", "terms"])
def test_a_half_written_table_is_never_taken_for_whole(client, folder, whole, name, tmp_path):
    out = read_all(client, folder, tmp_path / whole.name)
    path = min((out / name).iterdir())
    path.write_bytes(path.read_bytes()[:-20])
    (out / name / f".{path.name}.abc.tmp").write_bytes(b"PAR1")
    assert_same(read_all(client, folder, out), whole)
    assert not list((out / name).glob(".*"))


def test_a_worker_with_other_code_or_without_the_folder_refuses(folder, tmp_path):
    part = parts.list_parts(folder, 8)[0]
    for arguments in ((folder, tmp_path, "other"), (tmp_path / "none", tmp_path, parts.code())):
        with pytest.raises(ArticleError, match="a worker has other code, or no "):
            read.read_part(part, *arguments)
    assert not [*tmp_path.iterdir()]


@pytest.mark.parametrize("name, line", [("none", "cannot be listed"), (".", "no .txt, .jsonl or .ndjson file")])
def test_nothing_to_read_is_one_line(name, line, tmp_path, capsys):
    assert run.main([str(tmp_path / name), str(tmp_path / "out")]) == 1
    error = capsys.readouterr().err
    assert line in error and error.count("\n") == 1


def test_progress_says_articles_rate_and_time_left_on_a_terminal_only(capsys, monkeypatch):
    for terminal in (True, False):
        monkeypatch.setattr(sys.stdout, "isatty", lambda terminal=terminal: terminal, raising=False)
        progress = run.Progress(300)
        progress.began -= 10
        progress((0, ("part", 100)))
        progress.end()
        shown = capsys.readouterr().out
        assert ("100 of 300 articles, 10.0 a second, 20 s left" in shown) == terminal
        assert shown.count("\n") == 1 and "300 articles read in 10 s" in shown


@pytest.mark.full
def test_real_workers_listen_on_loopback_only_and_a_killed_one_or_a_killed_run_loses_nothing(folder, whole, tmp_path):
    out, file = tmp_path / whole.name, tmp_path / "scheduler.json"
    killed = command(folder, out, "--workers", 2, "--part", 1)
    wait_for(lambda: len(written(out)) >= 3, killed)
    killed.kill()
    killed.communicate()
    done = written(out)
    assert not (out / "summary.html").exists() and not (out / "manifest.json").exists()
    with ExitStack() as stack:
        local = ["--host", "127.0.0.1", "--no-dashboard", "--dashboard-address", "127.0.0.1:0"]
        environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'notebooks'}{os.pathsep}{ROOT}"}

        def start(*words: str) -> subprocess.Popen:
            words = [sys.executable, "-m", "dask", *words, *local]
            process = subprocess.Popen(words, env=environment, stdout=-3, stderr=-3)
            stack.callback(process.wait)
            stack.callback(process.kill)
            return process

        scheduler = start("scheduler", "--port", "0", "--scheduler-file", str(file))
        wait_for(lambda: file.exists() and file.read_text().strip().endswith("}"), scheduler)
        address = json.loads(file.read_text())["address"]
        workers = [start("worker", address, "--nthreads", "1", "--no-nanny") for _ in range(2)]
        going_on = command(folder, out, "--part", 1, DASK_SCHEDULER_ADDRESS=address)
        wait_for(lambda: len(written(out)) >= len(done) + 6, going_on)
        sockets = [s for p in (scheduler, *workers) for s in psutil.Process(p.pid).net_connections("inet")]
        hosts = {socket.laddr.ip for socket in sockets if socket.status == "LISTEN"}
        workers[0].send_signal(signal.SIGKILL)
        output, errors = going_on.communicate(timeout=300)
    assert going_on.returncode == 0 and errors == "" and hosts == {"127.0.0.1"}
    assert written(out).items() >= done.items() and "24 of 38 articles read" in output
    assert_same(out, whole)


# Names across articles, and notebook 06


def test_candidates_agree_in_last_name_and_in_the_given_names_both_have():
    rows = {"Ann Roe": 90, "Roe": 50, "Ann J. Roe": 40, "Eric Roe": 9, "A. Roe Jr.": 5, "the House": 99}
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
