"""The polarity lexicon."""

import csv

from models.lexicon import FILE, find_rated, load_lexicon
from models.tokens import tokenize


def test_every_line_is_a_lower_case_expression_with_three_ratings() -> None:
    seen = set()
    with FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            text, *ratings = row
            assert len(ratings) == 3, text
            assert all(-3 <= int(rating) <= 3 for rating in ratings), text
            assert any(int(rating) for rating in ratings), text
            assert text == text.lower(), text
            assert text not in seen, text
            seen.add(text)
    assert len(seen) > 500


def test_every_expression_can_be_found_as_the_tokenizer_reads_it() -> None:
    for entries in load_lexicon().values():
        for words, rating in entries:
            if rating is not None:
                lows = [low for low in tokenize(" ".join(words)).lows if low != "-"]
                assert tuple(lows) == words, f"{words} is read as {lows}"


def test_the_longest_of_several_expressions_wins() -> None:
    longest = next(
        words
        for entries in load_lexicon().values()
        for words, rating in entries
        if len(words) > 1 and rating and any(len(shorter) < len(words) and other for shorter, other in entries)
    )
    found = find_rated(["x", *longest, "y"])
    assert (found[0].first, found[0].last) == (1, 1 + len(longest))


def test_a_negation_turns_the_rated_words_that_follow_closely() -> None:
    assert [each.negated for each in find_rated(["they", "never", "praised", "it"])] == [True]
    assert [each.negated for each in find_rated(["they", "praised", "it"])] == [False]
    assert [each.negated for each in find_rated(["never", "a", "b", "c", "praised", "it"])] == [False]


def test_words_that_are_not_rated_yield_nothing() -> None:
    assert find_rated(["the", "museum", "of", "the", "harbour"]) == []
    assert find_rated([]) == []
