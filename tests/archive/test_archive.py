"""An archive read by Dask: the same tables as one by one, whatever fails, stops, grows or is split on the way."""

import json
import os
import shutil
import sys
import time
import tomllib
from pathlib import Path

import dask
import pandas as pd
import psutil
import pytest
from archive import coverage, names
from invented import invented
from newsprint import find_terms, score_sentences
from newstext import ArticleError, find_statements, parse_article, read_article

from tools.archive import __main__ as run
from tools.archive import read, summary

ROOT = Path(__file__).resolve().parents[2]
BAD_LINES = b'{\n[]\n{"title": "x"}\n{"text": 5}\n{"text": ""}\n{"text": "half \\ud83d"}\n\xff'
BAD = {"empty.txt": b"", "none.jsonl": b"", "<img src=x onerror=alert(1)>.txt": b"", "long.txt": b"word " * 300_000}
BAD |= {"picture.txt": b"\x89PNG\r\n\x1a\n\x00\x00", "old-encoding.txt": "“Caf\xe9”".encode("cp1252")}
SHORT = "It rained. “So it goes,” said Ann Lee."


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """5 text files, 6 bad files, a pipe, and a file of 12 lines of JSON, 7 of them bad and one blank."""
    folder = tmp_path_factory.mktemp("in")
    files = {f"0{number}.txt": invented(number, 9)["text"].encode() for number in range(5)}
    for name, content in (files | BAD).items():
        (folder / name).write_bytes(content)
    os.mkfifo(folder / "pipe.jsonl")
    lines = [json.dumps({"text": invented(number, 9)["text"]}).encode() for number in range(5, 9)]
    (folder / "more.jsonl").write_bytes(b"\n".join([*lines, b"", BAD_LINES]))
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
    """When each part that is whole was written."""
    whole = {path.name for path in (out / "articles").glob("part-*")}
    return {name: (out / "terms" / name).stat().st_mtime_ns for name in whole}


def test_tables_are_those_of_the_helpers_called_one_by_one(whole, folder):
    articles = {path.name: read_article(path) for path in sorted(folder.glob("0*.txt"))}
    for line in (folder / "more.jsonl").read_bytes().split(b"\n")[:4]:
        articles[f"more.jsonl:{read.digest(line).hex()}"] = parse_article(json.loads(line)["text"])
    calls = {"sentences": lambda article: article.sentences, "statements": find_statements, "terms": find_terms}
    calls["sentiment"] = lambda article: score_sentences(article.sentences)
    for name, call in calls.items():
        right = pd.concat([call(article).assign(article=key) for key, article in articles.items()], ignore_index=True)
        pd.testing.assert_frame_equal(table(whole, name)[[*right]], right, check_dtype=False, obj=name)
    quoted = table(whole, "statements").query("kind != 'indirect' and section != 'Headline'").groupby("speaker").words
    speakers = pd.read_csv(whole / "speakers.csv", keep_default_na=False).set_index("speaker").words
    assert speakers.to_dict() == quoted.sum().to_dict()


def test_number_of_parts_which_has_a_limit_and_of_shares_changes_nothing(client, folder, whole, tmp_path, monkeypatch):
    for module, name, value in ((summary, "SPLIT", 2), (summary, "GROUP", 3), (read, "MOST", 12)):
        monkeypatch.setattr(module, name, value)
    assert_same(out := read_all(client, folder, tmp_path / whole.name, 1), whole)
    assert len(coverage.open_archive(out).parts) <= 12


def test_what_cannot_be_read_is_a_row_with_its_error(whole, folder, monkeypatch):
    articles = table(whole, "articles").set_index("article")
    bad = articles.error[articles.error != ""]
    assert articles.index.is_unique and len(articles) == 23 and len(bad) == 14 and not articles.words[bad.index].any()
    assert bad["empty.txt"].startswith("empty article") and bad["none.jsonl"].startswith("empty article")
    assert "byte 0x" in bad["old-encoding.txt"] and "limit" in bad["long.txt"] and "a pipe" in bad["pipe.jsonl"]
    lines = bad[bad.index.str.startswith("more.jsonl:")]
    assert lines.iloc[0].startswith("no article in JSON") and "half a character" in lines.iloc[-2]
    assert not bad.str.contains("\n|/tmp").any()
    page = (whole / "summary.html").read_text()
    assert "<img" not in page and "<script" not in page and "&lt;img" in page and "9 of 23 articles read" in page
    monkeypatch.setattr(read, "find_statements", lambda article: [][1])
    tables = read.read_one(folder, "00.txt", None)  # a mistake of ours stops nothing either
    assert [*tables] == ["articles"] and tables["articles"].error[0] == "IndexError: list index out of range"


def test_a_line_without_end_is_no_article_and_the_next_one_is(tmp_path, monkeypatch):
    monkeypatch.setattr(read, "MAX_BYTES", 100)
    (tmp_path / "a.jsonl").write_bytes(b'{"text": "' + b"x" * 250 + b'"}\n\n{"text": "It was."}')
    own = [line for *_, line in read.lines(tmp_path / "a.jsonl")]
    errors = [read.read_one(tmp_path, "a.jsonl", line)["articles"].error[0] for line in own]
    assert "up to 100 bytes, not" in errors[0] and errors[1:] == [""]


def test_every_field_is_a_column_and_an_id_names_the_article(client, tmp_path, capsys):
    first = {"id": 7, "date": "2031-02-03", "words": "many", "n": 1, "tags": ["a"], "seen": "2031-02-03T04:05:06+01:00"}
    known = [first, {"id": "x", "date": "soon", "n": 1.5, "new": True, "half \ud83d": 2}]
    (tmp_path / "a.jsonl").write_text("\n".join(json.dumps({"text": SHORT} | row) for row in known))
    (tmp_path / "b.txt").write_text("It snowed.")
    (tmp_path / "b.toml").write_text('publisher = "Post"\ndate = 2031-05-06\n')
    found = table(read_all(client, tmp_path, tmp_path / "out", 1), "articles").set_index("article")
    assert found.index.tolist() == ["7", "x", "b.txt"] and found.publisher["b.txt"] == "Post"
    assert found.date.dt.date.map(str).tolist() == ["2031-02-03", "NaT", "2031-05-06"]
    assert "'soon' is no date" in found.notes["x"] and "date" not in found.notes["b.txt"]
    assert found.given_words["7"] == "many" and "words is given_words" in capsys.readouterr().out
    assert found.n.tolist()[:2] == [1.0, 1.5] and found.tags["7"] == '["a"]' and found.new["x"] is True
    assert found["half \\ud83d"]["x"] == 2  # a field's name may be what nobody can print
    assert str(found.seen["7"]) == "2031-02-03 03:05:06"
    assert table(tmp_path / "out", "statements").article.tolist() == ["7", "x"]


def test_what_is_new_or_changed_is_read_and_all_if_the_code_changed(client, tmp_path, monkeypatch, capsys):
    folder, out, new = tmp_path / "in", tmp_path / "out", json.dumps({"text": "Sun\n\nIt shone."})
    folder.mkdir()
    old = [json.dumps({"text": f"{SHORT} {number}."}) for number in range(20)]
    (folder / "z.jsonl").write_text("\n".join(old))
    before, names = written(read_all(client, folder, out, 5)), {part.name for part in read.list_parts(folder, 5)}
    for place in reversed(range(21)):
        (folder / "z.jsonl").write_text("\n".join([*old[:place], new, *old[place:]]))
        assert len({part.name for part in read.list_parts(folder, 5)} - names) == 1, place
    for name in ("0.txt", "zz.txt"):
        (folder / name).write_text("Sun\n\nIt shone.")
    after = written(read_all(client, folder, out, 5))
    assert len(before) > 3 and len(after.items() - before.items()) == 2
    assert_same(out, read_all(client, folder, tmp_path / "other" / "out", 100))
    for name, text in (("0.toml", 'id = "three"'), ("0.txt", "Sun\n\nIt rains.")):  # of the same size as before
        (folder / name).write_text(text)
        before, after = after, written(read_all(client, folder, out, 5))
        assert len(after.items() - before.items()) == 1, name
    assert table(out, "articles").article[0] == "three" and table(out, "sentences").text[1] == "It rains."
    assert "code" not in capsys.readouterr().out
    for module in (read, run):
        monkeypatch.setattr(module, "code", lambda: "0therc0d")
    assert not written(read_all(client, folder, out, 5)).items() & after.items()
    assert "The code, its lists or its libraries have changed since" in capsys.readouterr().out


def test_a_half_written_table_is_never_taken_for_whole(client, folder, whole, tmp_path):
    out = shutil.copytree(whole, tmp_path / whole.name)
    for name, which in (("articles", min), ("terms", max)):
        path = which((out / name).iterdir())
        path.write_bytes(path.read_bytes()[:-20])
        (out / name / f".{path.name}.abc.tmp").write_bytes(b"PAR1")
    assert_same(read_all(client, folder, out), whole)
    assert not list(out.glob("*/.*"))


def test_a_worker_with_other_code_or_without_the_folder_refuses(folder, tmp_path):
    for arguments in ((folder, tmp_path, "other"), (tmp_path / "none", tmp_path, read.code())):
        with pytest.raises(ArticleError, match="a worker has other code, or no "):
            read.read_part(read.list_parts(folder, 8)[0], *arguments)
    assert not [*tmp_path.iterdir()]


@pytest.mark.parametrize("name, line", [("none", "cannot be listed"), (".", "no .txt, .jsonl or .ndjson file")])
def test_nothing_to_read_is_one_line(name, line, tmp_path, capsys):
    assert run.main([str(tmp_path / name), str(tmp_path / "out")]) == 1
    error = capsys.readouterr().err
    assert line in error and error.count("\n") == 1


def test_a_named_cluster_does_the_work(client):
    address = client.cluster.scheduler_address
    with dask.config.set({"scheduler-address": address}), run.open_client(2) as other:
        assert other.scheduler.address == address and other.cluster is None


@pytest.mark.full
def test_workers_listen_on_loopback_only_and_a_killed_one_or_a_killed_run_loses_nothing(folder, whole, tmp_path):
    out, done, environment = tmp_path / whole.name, {}, os.environ | {"PYTHONPATH": f"{ROOT / 'notebooks'}:{ROOT}"}
    words = [sys.executable, "-m", "tools.archive", str(folder), str(out), "--workers=2", "--part=1"]
    for victim in ("run", "worker"):
        process = psutil.Popen(words, cwd=ROOT, env=environment, stdout=-1, stderr=-1)
        while len(written(out)) < len(done) + 4:
            assert process.poll() is None
            time.sleep(0.02)
        processes = [process, *(child for child in process.children(True) if "spawn_main" in " ".join(child.cmdline()))]
        sockets = [own for each in processes for own in each.net_connections("inet")]
        assert {own.laddr.ip for own in sockets if own.status == "LISTEN"} == {"127.0.0.1"} and len(processes) == 3
        (process if victim == "run" else processes[1]).kill()
        output, errors = process.communicate(timeout=300)
        done = done or written(out)
        assert (out / "manifest.json").exists() == (out / "summary.html").exists() == (victim == "worker")
    assert process.returncode == 0 and errors == b"" and b"9 of 23 articles read" in output
    assert written(out).items() >= done.items()
    assert_same(out, whole)


def test_candidates_agree_in_last_name_and_in_the_given_names_both_have():
    rows = {"Ann Roe": 90, "Roe": 50, "Ann J. Roe": 40, "Eric Roe": 9, "A. Roe Jr.": 5, "the House": 99}
    found = names.find_candidates(pd.DataFrame(rows.items(), columns=["speaker", "words"])).set_index("name")
    assert found.stands_for.to_dict() == dict.fromkeys(["Roe", "Ann J. Roe", "A. Roe Jr."], "Ann Roe")
    assert found.others["Roe"] == "Eric Roe"
    offered = pd.DataFrame([('A "B" \\C', "D", 1, "")], columns=["name", "stands_for", "words", "others"])
    assert tomllib.loads(names.offer(offered).replace('# "', '"')) == {"aliases": {'A "B" \\C': "D"}}


def test_aliases_that_the_user_keeps_are_applied_and_nothing_is_reread(client, tmp_path):
    out, aliases = tmp_path / "out", tmp_path / "aliases.toml"
    for name in ("Ann Holt", "A. Holt"):
        (tmp_path / f"{name[:2]}.txt").write_text(f"Rain\n\nIt rained. “So it will go on,” said {name}.")
    before = written(read_all(client, tmp_path, out, 1))
    assert pd.read_csv(out / "speakers.csv").speaker.tolist() == ["A. Holt", "Ann Holt"]
    aliases.write_text((out / "aliases-offered.toml").read_text().replace('# "', '"'))
    assert written(read_all(client, tmp_path, out, 1)) == before
    assert pd.read_csv(out / "speakers.csv").speaker.tolist() == ["A. Holt"]
    aliases.write_text('[aliases]\n"c" = "b"\n"b" = "a"\n')
    assert names.read_aliases(aliases) == {"b": "a", "c": "a"}
    aliases.write_text('[aliases]\n"a" = "b"\n"b" = "a"\n')
    with pytest.raises(ArticleError, match="stands for itself"):
        names.read_aliases(aliases)
