"""Results and their JSON shape."""

import json

from models.analysis import Analysis, Evidence, Sentence, Sentiment, Span, Stance, summarize

SCORES = {"favor": 0.25, "against": 0.5, "neutral": 0.25}
TONE = Sentiment("neutral", {"negative": 0.25, "neutral": 0.5, "positive": 0.25})


def stance(target: str, label: str) -> Stance:
    return Stance(target, label, SCORES, True, (Span("Oslo", 0, 4),))


def test_the_json_shape_is_the_one_of_the_contract() -> None:
    sentence = Sentence(0, "Oslo lied.", 0, 10, TONE, (stance("oslo", "against"),))
    answer = json.loads(json.dumps(Analysis("stancewire", "1", (sentence,)).as_dict("a7")))
    assert answer == {
        "id": "a7",
        "model": {"name": "stancewire", "version": "1"},
        "sentences": [
            {
                "index": 0,
                "text": "Oslo lied.",
                "start": 0,
                "end": 10,
                "sentiment": {"label": "neutral", "scores": TONE.scores},
                "stances": [
                    {
                        "target": "oslo",
                        "label": "against",
                        "scores": SCORES,
                        "confident": True,
                        "mentions": [{"text": "Oslo", "start": 0, "end": 4}],
                    }
                ],
            }
        ],
        "summary": {"oslo": {"sentences": 1, "favor": 0, "against": 1, "neutral": 0, "net": -1.0}},
    }


def test_evidence_and_intercept_come_only_when_asked_for() -> None:
    assert "evidence" not in stance("oslo", "favor").as_dict()
    explained = stance("oslo", "favor")._replace(evidence=(Evidence("lied", 5, 9, 0.5),), intercept=0.25)
    assert explained.as_dict()["evidence"] == [{"text": "lied", "start": 5, "end": 9, "weight": 0.5}]
    assert explained.as_dict()["intercept"] == 0.25


def test_net_is_favor_less_against_by_sentences() -> None:
    labels = ("favor", "favor", "against", "neutral")
    assert summarize(stance("oslo", label) for label in labels) == {
        "oslo": {"sentences": 4, "favor": 2, "against": 1, "neutral": 1, "net": 0.25}
    }


def test_targets_are_summarized_in_order_of_appearance() -> None:
    assert list(summarize([stance("b", "favor"), stance("a", "favor"), stance("b", "favor")])) == ["b", "a"]
    assert summarize([]) == {}
