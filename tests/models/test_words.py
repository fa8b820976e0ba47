"""The closed classes of words."""

from models import words


def test_every_class_is_in_lower_case_without_spaces() -> None:
    for name in ("PREPOSITIONS", "BE", "SAY", "CONJUNCTIONS", "NEGATIONS", "FUNCTION_WORDS"):
        for word in getattr(words, name):
            assert word == word.lower().strip()
            assert " " not in word


def test_the_marks_that_bound_clauses_are_marks() -> None:
    assert words.CLAUSE_MARKS <= words.MARKS
    assert words.QUOTES <= words.CLAUSE_MARKS
