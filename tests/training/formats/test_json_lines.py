"""JSON Lines: a file of labelled sentences is the work of the annotator it is named after."""

import json
from pathlib import Path

from tests.training.samples import write_lines
from training.formats import json_lines
from training.labels_io import Annotation, Item
from training.records import Record


def test_the_file_is_named_after_its_annotator(tmp_path: Path) -> None:
    line: dict[str, object] = {"id": "a", "text": "Lima thanked Moscow.", "stance": {"russia": "favor"}, "group": "g"}
    [item] = json_lines.read(write_lines(tmp_path / "mia.jsonl", [line]))
    assert item.annotations == (Annotation("mia", {"russia": "favor"}),)
    assert (item.targets, item.record.stance, item.record.group) == (("russia",), {}, "g")


def test_what_is_not_mentioned_has_no_stance_and_what_is_not_answered_none(tmp_path: Path) -> None:
    record = Record("a", "A lake in Washington state.", {})
    said = Annotation("mia", {"us": "not_mentioned", "russia": "neutral"}, "neutral")
    path = tmp_path / "out.jsonl"
    assert json_lines.write([Item(record, ("us", "russia"), (said,)), Item(record, ("us",))], path) == [path]
    one, two = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
    assert (one["stance"], one["sentiment"]) == ({"russia": "neutral"}, "neutral")
    assert two == {"id": "a", "text": "A lake in Washington state.", "stance": {}}
