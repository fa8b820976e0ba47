"""The fast reading of a sentence says what its view says."""

from models.lexis import Lexis
from models.mentions import MentionFinder
from models.reading import Aim, read_sentence, read_view
from models.targets import CORE_FILE, MORE_FILE, load_targets
from models.tokens import tokenize
from models.views import TARGET, View, target_view, whole_view
from tests.models.conftest import sample_records, stance_sample

FINDER = MentionFinder(load_targets(CORE_FILE, MORE_FILE).values())
LEXIS = Lexis({f"w {word}": row for row, word in enumerate(("the", "0", "talks", "russian"), start=1)})


def numbers(view: View) -> list[int]:
    return [*(entry.id for entry in LEXIS.read(view.words)), 0]


def test_words_slots_rated_words_and_clauses_are_those_of_the_view() -> None:
    for record in sample_records():
        tokens = tokenize(record.text)
        mentions = FINDER.find(tokens)
        whole = whole_view(tokens, mentions)
        reading = read_sentence(LEXIS, tokens.lows, mentions)
        assert reading.ids == numbers(whole)
        assert reading.slots == whole.slots
        assert reading.rated == whole.rated
        for target in {mention.target for mention in mentions}:
            view = target_view(whole, mentions, target)
            aim = Aim(LEXIS, reading, [i for i, word in enumerate(view.words) if word == TARGET])
            assert aim.ids == numbers(view)
            assert (aim.targets, aim.clauses) == (view.targets, view.clauses)


def test_hyphens_are_left_out() -> None:
    tokens = tokenize("The U.S.-Russian talks - of 2 days - began")
    reading = read_sentence(LEXIS, tokens.lows, FINDER.find(tokens))
    assert reading.size == 7
    assert reading.slots == [0, 1]


def test_a_view_is_read_as_its_sentence() -> None:
    for example in stance_sample()[:200]:
        reading, aim = read_view(LEXIS, example.view)
        assert aim.ids == numbers(example.view)
        assert reading.rated == example.view.rated
        assert (aim.targets, aim.clauses) == (example.view.targets, example.view.clauses)
