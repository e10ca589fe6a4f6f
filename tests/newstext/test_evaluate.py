"""The scorer on invented documents; the published figures against the code they were measured with."""

import json
from functools import partial

import pytest
from newstext import DATA
from newstext.checked import best_pairs
from newstext.evaluate import LABELS, evaluate, judge, main, overlap, same_name, trim, version

TEXT = "A bridge for Larch\n\nAnn Roe said the bridge was “a dream”. “It holds,” she said. Bob Doe said it was cheap."


def item(text: str, speaker: str, kind: str, **more) -> dict:
    start = TEXT.index(text)
    named = {"speaker_text": speaker, "speech": True, "type": kind, "kind": kind}
    return {"start": start, "end": start + len(text), **named} | more


def document(doe: str = "Bob Doe", speech: bool = True) -> dict:
    she = item("“It holds,”", "she", "direct", speaker_silver="Ann Roe")
    cheap = item("it was cheap", doe, "indirect", speech=speech)
    quotes = [item("the bridge was “a dream”", "Ann Roe", "mixed"), she, cheap]
    return {"text": TEXT, "quotes": quotes, "marked": [item("“a dream”", "Ann Roe", "partial"), she]}


def test_a_wrong_speaker_costs_twice_and_what_need_not_be_found_counts_neither_way():
    result = evaluate([document()])
    assert result["figures"] == dict.fromkeys(LABELS, 100.0) and result["intervals"]["joint"] == [100.0, 100.0]
    result = evaluate([document(doe="Cy Poe"), document()])
    assert result["figures"]["joint_all"] == pytest.approx(83.3) and result["figures"]["joint"] == 100.0
    assert result["intervals"]["joint_all"] == [66.7, 100.0]
    for free in (document(speech=False), document(doe="")):
        assert evaluate([free])["figures"]["joint_all"] == 100.0
    assert evaluate([{"text": TEXT, "quotes": [], "marked": []}])["figures"]["joint"] == 0.0


def test_spans_match_from_half_of_what_they_cover_together():
    share = partial(overlap, "abcd efgh")
    assert best_pairs([(0, 4)], [(0, 9), (5, 9)], share) == {0: 0}
    assert best_pairs([(0, 4), (5, 9)], [(0, 9), (0, 3)], share) == {0: 1, 1: 0}
    assert best_pairs([(0, 3)], [(0, 9)], share) == {}
    assert trim("“abc,” ", 0, 7) == (1, 4)


def test_names_match_by_the_last_word_of_their_head_and_a_pronoun_only_resolved_as_a_name():
    assert same_name("spokesman Bob Doe, who left", "Doe") and same_name("Doe of Elm", "Bob Doe")
    assert not same_name("Bob Doe", "Bob Roe")
    marked = {"speaker_text": "she", "speaker_silver": "Ann Roe"}
    assert judge(marked, "", "she") == (True, False) and judge(marked, "Ann Roe", "she") == (True, True)


def test_command_scores_the_shipped_article_and_a_file(tmp_path, monkeypatch, capsys):
    gold, out = tmp_path / "gold.jsonl", tmp_path / "out.json"
    gold.write_text(json.dumps(document()) + "\n", encoding="utf-8")
    out.write_text('{"peers": {"a": 1}}', encoding="utf-8")
    monkeypatch.setattr("sys.argv", ["evaluate"])
    main()
    assert "right" in (shipped := capsys.readouterr().out) and "missed" not in shipped
    monkeypatch.setattr("sys.argv", ["evaluate", str(gold), "--json", str(out), "--seen", "yes"])
    main()
    assert version() in capsys.readouterr().out
    told = json.loads(out.read_text(encoding="utf-8"))
    assert told["figures"]["joint"] == 100.0 and told["peers"] == {"a": 1} and told["seen"] == "yes"
    monkeypatch.setattr("sys.argv", ["evaluate", str(tmp_path / "none.jsonl")])
    with pytest.raises(SystemExit):
        main()


def test_published_figures_are_of_this_version():
    published = json.loads((DATA / "evaluation.json").read_text(encoding="utf-8"))
    assert published["figures"].keys() >= LABELS.keys() and published["peers"]
    stale = "other rules than data/evaluation.json was measured with: data/README.md says how to measure again"
    assert published["version"] == version(), stale
