"""The splitter: sentences with offsets."""

import itertools

from models.sentences import LONGEST, split_sentences


def split(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text)]


def test_abbreviations_and_titles_end_no_sentence() -> None:
    text = "The U.S. envoy met Mr. Ortiz in Oslo. They talked for an hour."
    assert split(text) == ["The U.S. envoy met Mr. Ortiz in Oslo.", "They talked for an hour."]


def test_a_heading_is_a_sentence_of_its_own() -> None:
    assert split("Grain talks open\nMoscow sent two envoys.") == ["Grain talks open", "Moscow sent two envoys."]


def test_a_blank_line_ends_a_sentence() -> None:
    assert split("the first part\n\nthe second part") == ["the first part", "the second part"]
    assert split("the first part\r\n\r\nthe second part") == ["the first part", "the second part"]


def test_a_wrapped_line_ends_no_sentence() -> None:
    text = "The ministers of the seven northern countries met in the old town hall of\nOslo to discuss grain."
    assert split(text) == [text]


def test_a_line_that_goes_on_in_lower_case_ends_no_sentence() -> None:
    assert split("The envoy left\nfor Oslo.") == ["The envoy left\nfor Oslo."]


def test_white_space_around_a_sentence_is_left_out() -> None:
    text = "  \t One here.   Two there. \n "
    assert split(text) == ["One here.", "Two there."]


def test_a_text_without_sentences_has_none() -> None:
    assert split("") == []
    assert split(" \n\n \t\u2003 ") == []


def test_what_is_too_long_for_a_sentence_is_cut_between_words() -> None:
    text = "word " * 3_000
    pieces = split(text)
    assert max(map(len, pieces)) <= LONGEST
    assert " ".join(pieces).split() == text.split()
    assert all(piece.split()[-1] == "word" for piece in pieces)


def test_one_word_that_is_too_long_is_cut_too() -> None:
    pieces = split("x" * 5_000)
    assert [len(piece) for piece in pieces] == [LONGEST, LONGEST, 1_000]


def test_offsets_count_code_points_in_any_script() -> None:
    text = "Москва ответила. 😀😀 Washington replied! השגריר הגיע. 美国抗议。"
    spans = list(split_sentences(text))
    assert all(text[start:end].strip() == text[start:end] != "" for start, end in spans)
    assert "".join("".join(split(text)).split()) == "".join(text.split())
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(spans))
