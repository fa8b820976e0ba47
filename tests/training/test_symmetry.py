import pytest

from training.examples import Example
from training.records import Record
from training.symmetry import measure, swap, swap_record


@pytest.mark.parametrize(
    ("text", "swapped"),
    [
        ("Moscow thanked Washington.", "Washington thanked Moscow."),
        ("The U.S. said Russian troops left.", "Russia said American troops left."),
        ("Russia blamed the United States.", "The United States blamed Russia."),
        ("Americans met Russians at the White House.", "Russians met Americans at the Kremlin."),
        ("Oslo thanked Lima.", "Oslo thanked Lima."),
    ],
)
def test_names_change_places(text: str, swapped: str) -> None:
    assert swap(text) == swapped


def test_stances_go_with_the_names() -> None:
    twin = swap_record(Record("1", "Oslo blamed Moscow and thanked Washington.", {"russia": "against", "us": "favor"}))
    assert twin is not None
    assert twin.stance == {"us": "against", "russia": "favor"}


@pytest.mark.parametrize("text", ["The Pentagon thanked Moscow.", "Oslo slept."])
def test_a_sentence_that_cannot_be_swapped_whole_is_left_out(text: str) -> None:
    assert swap_record(Record("1", text, {"us": "neutral"})) is None


def test_labels_that_do_not_follow_are_counted_and_shown() -> None:
    records = [Record("1", "Oslo blamed Moscow.", {"russia": "against"}), Record("2", "Oslo slept.", {"us": "favor"})]

    def biased(examples: list[Example]) -> list[str]:
        return ["against" if example.target == "russia" else "neutral" for example in examples]

    found = measure(records, biased)  # type: ignore[arg-type]
    assert (found.count, found.broken, found.share) == (1, 1, 1.0)
    assert found.examples == (("Oslo blamed Moscow.", "russia", "against", "Oslo blamed Washington.", "neutral"),)


def test_nothing_to_swap_is_no_error() -> None:
    assert measure([], lambda examples: []).as_dict() == {"count": 0, "broken": 0, "share": 0.0}


def test_sentences_that_cannot_be_swapped_take_no_place() -> None:
    whole = Record("1", "Oslo blamed Moscow.", {"russia": "against"})
    records = [Record("2", "Oslo slept.", {"us": "favor"})] * 30 + [whole] * 12
    found = measure(records, lambda examples: ["neutral" for _ in examples], most=5)
    assert (found.count, found.broken) == (4, 0)
