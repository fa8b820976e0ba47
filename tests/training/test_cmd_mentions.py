from models.mentions import MentionFinder
from models.targets import load_targets
from training.cmd_mentions import measure
from training.records import Record


def record(text: str, **stance: str) -> Record:
    return Record(id=text, text=text, stance=stance)


def test_found_missed_extra_and_refused_mentions_are_counted() -> None:
    records = [
        record("Oslo thanked Moscow.", russia="favor"),
        record("The envoys left.", us="neutral"),
        record("Washington waited for Moscow.", us="neutral"),
        record("She reads The Washington Post."),
        record("She lives in Moscow."),
    ]
    figures = measure(records, MentionFinder(load_targets().values()))
    assert figures == {"sentences": 5, "recall": 2 / 3, "precision": 2 / 3, "without": 2, "refused": 1}


def test_what_is_meant_but_not_named_and_unknown_targets_are_left_out() -> None:
    meant = Record(id="a", text="They came.", stance={"us": "neutral"}, spans={"us": ()})
    figures = measure([meant, record("Lima waited.", peru="neutral")], MentionFinder(load_targets().values()))
    assert figures["recall"] is None
    assert figures["precision"] is None
