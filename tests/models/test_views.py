"""Views: a sentence seen from one target, with the names masked."""

from models.mentions import MentionFinder
from models.targets import CORE_FILE, MORE_FILE, load_targets
from models.tokens import tokenize
from models.views import CLAUSE, MOST_TARGETS, NUMBER, RIVAL, TARGET, View, clause_around, target_view, whole_view

FINDER = MentionFinder(load_targets(CORE_FILE, MORE_FILE).values())


def see(text: str, target: str | None) -> View:
    tokens = tokenize(text)
    mentions = FINDER.find(tokens)
    whole = whole_view(tokens, mentions)
    return whole if target is None else target_view(whole, mentions, target)


def test_the_target_and_its_rival_are_masked() -> None:
    text = "Moscow accused the White House of 12 lies."
    assert see(text, "us").words == [RIVAL, "accused", TARGET, "of", NUMBER, "lies", "."]
    assert see(text, "russia").words == [TARGET, "accused", RIVAL, "of", NUMBER, "lies", "."]
    assert see(text, None).words == [RIVAL, "accused", RIVAL, "of", NUMBER, "lies", "."]


def test_two_countries_in_the_same_place_look_the_same() -> None:
    assert see("Oslo thanked Russia.", "russia") == see("Oslo thanked Washington.", "us")


def test_an_article_does_not_tell_the_countries_apart() -> None:
    assert see("Oslo thanked the United States.", "us").words == see("Oslo thanked Russia.", "russia").words


def test_words_know_the_tokens_they_stand_for() -> None:
    text = "A U.S.-backed plan of the White House"
    view = see(text, "us")
    tokens = tokenize(text)
    assert view.words == [TARGET, "backed", "plan", "of", TARGET]
    assert [text[slice(*tokens.span(*place))] for place in view.tokens] == [
        "U.S.",
        "backed",
        "plan",
        "of",
        "White House",
    ]


def test_targets_and_slots_are_positions_of_the_mentions() -> None:
    view = see("Moscow, Russia, told Washington and Moscow so.", "russia")
    assert [view.words[i] for i in view.slots] == [TARGET, TARGET, RIVAL, TARGET]
    assert view.targets == [i for i, word in enumerate(view.words) if word == TARGET]
    assert see("Moscow told Washington so.", None).targets == []


def test_only_so_many_mentions_are_looked_around() -> None:
    view = see("Russia and " * 40 + "Russia", "russia")
    assert len(view.targets) == len(view.clauses) == MOST_TARGETS
    assert view.words.count(TARGET) == 41


def test_a_clause_ends_at_its_marks() -> None:
    view = see("After the vote, Oslo praised Washington warmly; Lima did not.", "us")
    ((first, last),) = view.clauses
    assert view.words[first:last] == ["oslo", "praised", TARGET, "warmly"] or view.words[first:last] == [
        RIVAL,
        "praised",
        TARGET,
        "warmly",
    ]


def test_a_clause_is_at_most_so_many_words_each_way() -> None:
    assert clause_around([], 1_000, 500) == (500 - CLAUSE, 500 + CLAUSE + 1)
    assert clause_around([], 10, 5) == (0, 10)
    assert clause_around([2, 7], 10, 5) == (3, 7)
    assert clause_around([2, 7], 10, 9) == (8, 10)


def test_a_view_of_the_target_leaves_the_whole_view_as_it_was() -> None:
    tokens = tokenize("Moscow thanked Washington.")
    mentions = FINDER.find(tokens)
    whole = whole_view(tokens, mentions)
    before = list(whole.words)
    target_view(whole, mentions, "us")
    assert whole.words == before
