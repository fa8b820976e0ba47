"""The lexis: what the fast path knows of a word."""

from models.features import slot_class
from models.lexicon import load_lexicon
from models.lexis import BEING, BITS, BY, CONTENT, MARK, MASK, PREPOSITION, Lexis, kind
from models.sentences import LONGEST
from models.views import NUMBER, TARGET

ROWS = {"w grain": 1, "l grain": 2, "cr grain": 3, "w grain ship": 4, "t grain ship TARGET": 5, "f < T": 6, "w 0": 7}


def test_a_word_has_the_row_of_its_term_in_each_role() -> None:
    (entry,) = Lexis(ROWS).read(["grain"])
    assert (entry.word, entry.left, entry.right, entry.clause_left, entry.clause_right) == (1, 2, 0, 0, 3)


def test_words_of_longer_terms_have_numbers_of_their_own() -> None:
    lexis = Lexis(ROWS)
    numbers = [entry.id for entry in lexis.read(["grain", "ship", TARGET])]
    assert len(set(numbers)) == 3
    assert all(0 < number < lexis.size for number in numbers)


def test_an_unknown_word_has_the_number_nought_and_no_rows() -> None:
    lexis = Lexis(ROWS)
    (entry,) = lexis.read(["zzz"])
    assert entry.id == entry.word == entry.left == 0
    assert entry.kind == CONTENT
    assert "zzz" not in lexis, "texts do not fill memory"


def test_every_number_in_a_text_is_one_word() -> None:
    lexis = Lexis(ROWS)
    assert lexis.read(["12", "1,250.5", "7th"]) == [lexis[NUMBER]] * 3
    assert lexis[NUMBER].word == 7


def test_closed_classes_are_known_without_a_vocabulary() -> None:
    for word in ("with", "was", "never", "said", ","):
        (entry,) = Lexis({}).read([word])
        assert entry.slot == slot_class(word) != ""
        assert entry.kind == kind(word)


def test_entries_of_the_lexicon_are_known_by_the_numbers_of_their_words() -> None:
    lexis = Lexis({})
    for first, entries in load_lexicon().items():
        known = lexis[first].rated
        assert known is not None
        assert [(words, rating) for words, rating in known] == [
            ([lexis[word].id for word in words], rating) for words, rating in entries
        ]


def test_kinds_of_words_are_packed_side_by_side() -> None:
    assert kind("grain") == CONTENT
    assert kind(",") == MARK
    assert kind("by") == PREPOSITION + BY
    assert kind("was") == BEING
    assert (kind("grain") * 900 + kind(",") * 3) & MASK == 900


def test_the_longest_sentence_overflows_no_count() -> None:
    # At worst every character is a word of its own, as in a row of emoji.
    assert LONGEST < 1 << BITS
