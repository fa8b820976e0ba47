from pathlib import Path
from typing import Any

import pytest

from tests.training.samples import sample_lines, write_lines
from training.validate import KINDS, Problem, validate

LONG = "The ministry in Oslo said on Monday that Moscow had sent twelve engineers to repair the bridge in the north."


def _problems(tmp_path: Path, *lines: dict[str, Any]) -> list[Problem]:
    return validate([write_lines(tmp_path / "a.jsonl", list(lines))])[1]


def _line(text: str, **more: Any) -> dict[str, Any]:
    return {"text": text, "stance": {"russia": "neutral"}} | more


def test_good_data_has_no_problem(data_file: Path) -> None:
    records, problems = validate([data_file])
    assert (len(records), problems) == (len(sample_lines()), [])


def test_every_bad_line_is_named_not_only_the_first(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": 1, "stance": {}}\nnonsense\n{"text": "Oslo slept.", "stance": {"us": "cold"}}\n')
    problems = validate([path])[1]
    assert [(problem.kind, problem.where) for problem in problems] == [("schema", f"{path}:{n}") for n in (1, 2, 3)]


def test_a_stance_toward_what_is_not_named_is_a_problem(tmp_path: Path) -> None:
    [problem] = _problems(tmp_path, _line("Oslo slept."))
    assert problem.kind == "mention"
    assert '"spans": {"russia": []}' in problem.message


def test_a_stance_with_empty_spans_is_meant_but_not_named(tmp_path: Path) -> None:
    assert _problems(tmp_path, _line("Oslo slept.", spans={"russia": []})) == []


def test_a_target_without_a_label_is_a_warning(tmp_path: Path) -> None:
    [problem] = _problems(tmp_path, _line("Moscow met the White House in Oslo."))
    assert (problem.kind, problem.stops) == ("unlabelled", False)
    assert "'us'" in problem.message


@pytest.mark.parametrize("span", [[0, 5], [4, 7], [7, 10]])
def test_a_span_that_cuts_words_or_holds_spaces_is_a_problem(tmp_path: Path, span: list[int]) -> None:
    [problem] = _problems(tmp_path, _line("Oslo Moscow met.", spans={"russia": [span]}))
    assert problem.kind == "span"


def test_a_span_of_a_target_without_stance_is_a_problem(tmp_path: Path) -> None:
    [problem] = _problems(tmp_path, _line("Moscow met Oslo.", spans={"norway": [[11, 15]]}))
    assert (problem.kind, "'norway'" in problem.message) == ("span", True)


def test_the_same_sentence_twice_is_a_problem_and_two_labels_a_conflict(tmp_path: Path) -> None:
    other = _line(LONG.upper(), stance={"russia": "favor"}, sentiment="positive")
    problems = _problems(tmp_path, _line(LONG, sentiment="neutral"), other)
    assert [problem.kind for problem in problems] == ["duplicate", "conflict", "conflict"]
    assert {problem.other for problem in problems} == {f"{tmp_path / 'a.jsonl'}:1"}


def test_near_duplicates_in_different_groups_are_a_leak(tmp_path: Path) -> None:
    near = LONG.replace("twelve", "eleven")
    [problem] = _problems(tmp_path, _line(LONG, group="a"), _line(near, group="b"))
    assert (problem.kind, problem.other) == ("leak", f"{tmp_path / 'a.jsonl'}:1")
    assert _problems(tmp_path, _line(LONG, group="a"), _line(near, group="a")) == []


def test_an_id_that_is_taken_is_a_problem(tmp_path: Path) -> None:
    [problem] = _problems(tmp_path, _line("Moscow slept.", id="x"), _line("Snow fell on Moscow.", id="x"))
    assert problem.kind == "id"


def test_a_blank_group_and_a_group_of_nearly_everything_are_problems(tmp_path: Path) -> None:
    lines = sample_lines()
    for line in lines[:60]:
        line["group"] = "all"
    lines[70]["group"] = " "
    assert [problem.kind for problem in _problems(tmp_path, *lines)] == ["group", "group"]


def test_every_kind_of_problem_is_explained(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("nonsense\n")
    assert {problem.kind for problem in validate([path])[1]} <= set(KINDS)


def test_one_sentence_judged_from_two_places_is_no_duplicate(tmp_path: Path) -> None:
    text = "Oslo told Moscow that Moscow was late."
    one = _line(text, spans={"russia": [[10, 16]]}, group="a")
    two = _line(text, spans={"russia": [[22, 28]]}, group="a", stance={"russia": "against"})
    assert _problems(tmp_path, one, two) == []
    assert {problem.kind for problem in _problems(tmp_path, one, one | {"stance": {"russia": "favor"}})} == {
        "duplicate",
        "conflict",
    }
