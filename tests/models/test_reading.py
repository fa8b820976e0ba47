"""The fast reading of a sentence says what its view says."""

from models.lexis import Lexis
from models.mentions import MentionFinder
from models.reading import Aim, read_sentence, read_view
from models.targets import CORE_FILE, MORE_FILE, load_targets
from models.tokens import tokenize
from models.views import TARGET, target_view, whole_view
from tests.models.conftest import sample_records, stance_sample

FINDER = MentionFinder(load_targets(CORE_FILE, MORE_FILE).values())
LEXIS = Lexis({f"w {word}": row for row, word in enumerate(("the", "0", "talks", "russian"), start=1)})


def test_words_slots_rated_words_and_clauses_are_those_of_the_view() -> None:
    for record in sample_records():
        tokens = tokenize(record.text)
        mentions = FINDER.find(tokens)
        whole = whole_view(tokens, mentions)
        reading = read_sentence(LEXIS, tokens.lows, mentions)
        assert reading.entries == LEXIS.read(whole.words)
        assert reading.slots == whole.slots
        assert reading.rated == whole.rated
        for target in {mention.target for mention in mentions}:
            view = target_view(whole, mentions, target)
            aim = Aim(LEXIS, reading, [i for i, word in enumerate(view.words) if word == TARGET])
            assert aim.entries == LEXIS.read(view.words)
            assert aim.ids == [*(entry.id for entry in aim.entries), 0]
            assert (aim.targets, aim.clauses) == (view.targets, view.clauses)


def test_hyphens_are_left_out() -> None:
    tokens = tokenize("The U.S.-Russian talks - of 2 days - began")
    reading = read_sentence(LEXIS, tokens.lows, FINDER.find(tokens))
    assert len(reading.entries) == 8
    assert reading.slots == [1, 2]


def test_a_view_is_read_as_its_sentence() -> None:
    for example in stance_sample()[:200]:
        reading, aim = read_view(LEXIS, example.view)
        assert aim.entries == LEXIS.read(example.view.words)
        assert reading.rated == example.view.rated
        assert (aim.targets, aim.clauses) == (example.view.targets, example.view.clauses)
