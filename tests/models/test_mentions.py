"""Mentions: where a sentence names a target, and what only looks like it."""

from datetime import date

import pytest

from models.mentions import MentionFinder
from models.targets import CORE_FILE, MORE_FILE, load_targets
from models.tokens import tokenize

FINDER = MentionFinder(load_targets(CORE_FILE, MORE_FILE).values())


def find(text: str, named: tuple[str, ...] = (), on: date | None = None) -> list[tuple[str, str]]:
    """Target and text of each mention."""
    tokens = tokenize(text)
    found = []
    for mention in FINDER.find(tokens, named, on):
        start, end = tokens.span(mention.first, mention.last)
        found.append((mention.target, text[start:end]))
    return found


@pytest.mark.parametrize(
    ("text", "mention"),
    [
        ("The U.S. signed.", ("us", "U.S.")),
        ("The U. S. signed.", ("us", "U. S.")),
        ("The US signed.", ("us", "US")),
        ("Critics saw Washington’s hand.", ("us", "Washington")),
        ("Critics saw Washington's hand.", ("us", "Washington")),
        ("The White\xa0House signed.", ("us", "White\xa0House")),
        ("the united states signed.", ("us", "united states")),
        ("“Russia” signed.", ("russia", "Russia")),
        ("The KREMLIN signed.", ("russia", "KREMLIN")),
        ("A Russian-backed group signed.", ("russia", "Russian")),
        ("The United States of America signed.", ("us", "United States of America")),
        ("Said USSenator Smith of grain.", ("us", "US")),
    ],
)
def test_a_target_is_found_as_it_is_written(text: str, mention: tuple[str, str]) -> None:
    assert find(text) == [mention]


@pytest.mark.parametrize(
    "text",
    [
        "They asked us to sign.",
        "The Washington Post reported it.",
        "Rain fell over Washington state.",
        "She went to Seattle, Washington, by rail.",
        "They played Russian roulette with the budget.",
        "She flew American Airlines to Lima.",
        "Bank of America raised its fees.",
        "Denzel Washington bought the house.",
        "Mr. Washington bought the house.",
        "Mrs Washington bought the house.",
        "James Washington bought the house.",
        "Voters in South America went home.",
        "WASHINGTON (Wire) - The museum opened.",
        "WASHINGTON — The museum opened.",
        "They sang of a white house and a state department.",
    ],
)
def test_a_false_friend_is_no_mention(text: str) -> None:
    assert find(text) == []


def test_a_false_friend_hides_only_itself() -> None:
    text = "The Washington Post says Washington lied to the American public on American Airlines."
    assert find(text) == [("us", "Washington"), ("us", "American")]


def test_two_targets_are_found_in_order_and_do_not_overlap() -> None:
    assert find("Moscow blamed Washington, and the Kremlin blamed the U.S. again.") == [
        ("russia", "Moscow"),
        ("us", "Washington"),
        ("russia", "Kremlin"),
        ("us", "U.S."),
    ]


def test_a_run_together_name_is_found_in_a_text_that_names_the_target() -> None:
    assert ("us", "Secretary of State") in find("Secretary of StateJohn Kerry left the U.S. on Monday.")


def test_a_weak_alias_alone_is_no_mention() -> None:
    assert find("The Secretary of State spoke.") == []


def test_a_weak_alias_counts_where_the_sentence_names_the_target_otherwise() -> None:
    assert find("The Secretary of State spoke for Washington.") == [
        ("us", "Secretary of State"),
        ("us", "Washington"),
    ]


def test_a_weak_alias_counts_where_the_text_around_names_the_target() -> None:
    assert find("The Secretary of State spoke.", named=("us",)) == [("us", "Secretary of State")]
    assert find("The Secretary of State spoke.", named=("russia",)) == []


def test_a_leader_with_title_is_a_mention_and_the_bare_surname_only_beside_one() -> None:
    assert find("President Biden spoke.") == [("us", "President Biden")]
    assert find("Then Biden spoke.") == []
    assert find("Then Biden spoke.", named=("us",)) == [("us", "Biden")]


def test_a_leader_out_of_office_on_the_day_of_the_text_is_no_mention() -> None:
    assert find("President Obama spoke.", on=date(2012, 5, 1)) == [("us", "President Obama")]
    assert find("President Obama spoke.", on=date(2019, 5, 1)) == []
    assert find("President Obama spoke.", on=date(2017, 1, 20)) == []
    assert find("President Obama spoke.", on=date(2009, 1, 20)) == [("us", "President Obama")]


def test_a_leader_in_office_on_a_known_day_needs_no_other_naming() -> None:
    assert find("Then Biden spoke.", on=date(2022, 5, 1)) == [("us", "Biden")]


def test_offsets_hold_after_other_scripts() -> None:
    assert find("😀 Посол thanked America בשם הממשלה and the U. S. too") == [("us", "America"), ("us", "U. S.")]


def test_a_target_of_a_users_own_is_found(tmp_path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "mine.toml"
    path.write_text('[harbour]\nname = "Harbour Line"\nnames = ["Harbour Line", "HL"]\nnot = ["Old Harbour Line"]\n')
    finder = MentionFinder(load_targets(path).values())
    assert [m.first for m in finder.find(tokenize("Then Harbour Line and HL and hl rose."))] == [1, 4]
    assert finder.find(tokenize("The Old Harbour Line shut.")) == []
