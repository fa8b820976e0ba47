"""The lexis: what the fast path knows of a word."""

from models.features import slot_class
from models.lexis import BEING, BITS, BY, CONTENT, MARK, MASK, PREPOSITION, Lexis, kind
from models.sentences import LONGEST
from models.views import TARGET

VOCABULARY = {"w grain": 0, "l grain": 1, "cr grain": 2, "w grain ship": 3, "t grain ship TARGET": 4, "f < T": 5}


def test_a_word_has_its_columns_by_role_and_head() -> None:
    lexis = Lexis([VOCABULARY, {"w grain": 7}])
    (entry,) = lexis.read(["grain"])
    assert entry.columns == ((0, 1, -1, -1, 2), (7, -1, -1, -1, -1))


def test_words_of_longer_terms_have_numbers_of_their_own() -> None:
    lexis = Lexis([VOCABULARY])
    numbers = [entry.id for entry in lexis.read(["grain", "ship", TARGET])]
    assert len(set(numbers)) == 3
    assert all(0 < number < lexis.size for number in numbers)
    assert numbers[0] == lexis.id("grain")


def test_an_unknown_word_has_the_number_nought_and_no_columns() -> None:
    (entry,) = Lexis([VOCABULARY]).read(["zzz"])
    assert entry.id == 0
    assert entry.kind == CONTENT
    assert set(entry.columns[0]) == {-1}


def test_closed_classes_are_known_without_a_vocabulary() -> None:
    for word in ("with", "was", "never", "said", ","):
        (entry,) = Lexis([{}]).read([word])
        assert entry.slot == slot_class(word) != ""
        assert entry.kind == kind(word)


def test_kinds_of_words_are_packed_side_by_side() -> None:
    assert kind("grain") == CONTENT
    assert kind(",") == MARK
    assert kind("by") == PREPOSITION + BY
    assert kind("was") == BEING
    assert (kind("grain") * 900 + kind(",") * 3) & MASK == 900


def test_the_longest_sentence_overflows_no_count() -> None:
    # At worst every character is a word of its own, as in a row of emoji.
    assert LONGEST < 1 << BITS
