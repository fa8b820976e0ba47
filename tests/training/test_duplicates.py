import random

from training.duplicates import near_duplicates

LONG = "The ministry in Oslo said on Monday that it would send twelve engineers to repair the bridge in the north"


def test_a_sentence_with_one_word_changed_is_a_near_duplicate() -> None:
    found = list(near_duplicates([LONG, "Prices rose in Lima.", LONG.replace("twelve", "eleven")]))
    assert [(a, b) for a, b, _ in found] == [(0, 2)]
    assert 0.7 <= found[0][2] < 1


def test_case_and_punctuation_do_not_hide_a_duplicate() -> None:
    assert list(near_duplicates([LONG, LONG.upper().replace(" SAID", ", said,") + "!"])) == [(0, 1, 1.0)]


def test_sentences_that_only_share_words_are_none() -> None:
    words = LONG.split()
    random.Random(1).shuffle(words)
    assert list(near_duplicates([LONG, " ".join(words)])) == []


def test_short_and_empty_texts_are_compared_by_what_they_have() -> None:
    assert list(near_duplicates(["Yes.", "", "yes", "…"])) == [(0, 2, 1.0)]


def test_pairs_across_blocks_are_found() -> None:
    many = [f"Word{k} word{k + 1} word{k + 2} word{k + 3}" for k in range(0, 20000, 4)]
    assert [(a, b) for a, b, _ in near_duplicates([*many, many[7]])] == [(7, 5000)]
