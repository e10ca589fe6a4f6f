"""The scorer on invented documents; the published figures against the code they were measured with."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from newstext.evaluate import LABELS, evaluate, judge, overlap, pair, same_name, trim, version

ROOT = Path(__file__).parents[2]
TEXT = (
    "A bridge for Larch\n\nAnn Roe said the bridge was “a dream”. “It holds,” she said. Bob Doe said it was very cheap."
)


def item(text: str, speaker: str, **more) -> dict:
    start = TEXT.index(text)
    return {"start": start, "end": start + len(text), "speaker_text": speaker, "speech": True, **more}


def document(doe: str = "Bob Doe") -> dict:
    quotes = [
        item("the bridge was “a dream”", "Ann Roe", type="mixed"),
        item("“It holds,”", "she", type="direct", speaker_silver="Ann Roe"),
        item("it was very cheap", doe, type="indirect"),
    ]
    marked = [
        item("“a dream”", "Ann Roe", kind="partial"),
        item("“It holds,”", "she", kind="full", speaker_silver="Ann Roe"),
    ]
    return {"text": TEXT, "quotes": quotes, "marked": marked}


def test_all_right_scores_a_hundred():
    result = evaluate([document()])
    assert list(result["figures"].values()) == [100.0] * 5
    assert result["intervals"]["joint"] == [100.0, 100.0]


def test_a_wrong_speaker_costs_precision_and_recall():
    result = evaluate([document(doe="Cy Poe"), document()])
    assert result["figures"]["joint_all"] == pytest.approx(83.3)
    assert result["figures"]["joint"] == 100.0
    assert result["intervals"]["joint_all"] == [66.7, 100.0]


def test_nothing_marked_scores_nothing_and_raises_nothing():
    assert evaluate([{"text": TEXT, "quotes": [], "marked": []}])["figures"]["joint"] == 0.0
    assert evaluate([])["documents"] == 0


def test_spans_match_from_half_of_what_they_cover_together():
    assert overlap("abcd efgh", (0, 4), (0, 9)) == 0.5
    assert pair("abcd efgh", [(0, 4)], [(0, 9), (0, 3)]) == {0: 1}
    assert pair("abcd efgh", [(0, 3)], [(0, 9)]) == {}
    assert trim("“abc,” ", 0, 7) == (1, 4)


def test_names_match_by_the_last_word_of_their_head():
    assert same_name("spokesman Bob Doe, who left", "Doe")
    assert same_name("Doe of Elm", "Bob Doe")
    assert not same_name("Bob Doe", "Bob Roe")


def test_a_pronoun_counts_as_said_but_only_resolved_as_a_name():
    marked = {"speaker_text": "she", "speaker_silver": "Ann Roe"}
    assert judge(marked, "", "she") == (True, False)
    assert judge(marked, "Ann Roe", "she") == (True, True)


def test_command_scores_the_shipped_article_and_a_file(tmp_path):
    gold, out = tmp_path / "gold.jsonl", tmp_path / "out.json"
    gold.write_text(json.dumps(document()) + "\n", encoding="utf-8")
    call = [sys.executable, "-m", "newstext.evaluate"]
    shipped = subprocess.run(call, capture_output=True, text=True, check=True, encoding="utf-8").stdout
    assert "0 missed" in shipped
    printed = subprocess.run([*call, str(gold), "--json", str(out)], capture_output=True, text=True, check=True).stdout
    assert version() in printed
    assert json.loads(out.read_text(encoding="utf-8"))["figures"]["joint"] == 100.0


def test_published_figures_are_of_this_version():
    published = json.loads((ROOT / "data" / "evaluation.json").read_text(encoding="utf-8"))
    assert published["figures"].keys() >= LABELS.keys()
    stale = "other rules than data/evaluation.json was measured with: data/README.md says how to measure again"
    assert published["version"] == version(), stale
