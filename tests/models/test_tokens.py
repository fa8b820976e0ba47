"""The tokenizer: one pattern for mentions and features."""

import pytest

from models.tokens import tokenize


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The U.S. said", ["The", "U.S.", "said"]),
        ("The U. S. said", ["The", "U. S.", "said"]),
        ("the US and us", ["the", "US", "and", "us"]),
        ("Washington’s view", ["Washington", "’s", "view"]),
        ("Russia's view", ["Russia", "'s", "view"]),
        ("Secretary of StateJohn Kerry", ["Secretary", "of", "State", "John", "Kerry"]),
        ("said USSenator Smith", ["said", "US", "Senator", "Smith"]),
        ("they don’t and can't", ["they", "don’t", "and", "can't"]),
        ("Russian-backed forces", ["Russian", "-", "backed", "forces"]),
        ("cost 1,250.50 dollars", ["cost", "1,250.50", "dollars"]),
        ("the F.B.I.", ["the", "F.B.I."]),
        ("Москва ответила", ["Москва", "ответила"]),
        ("a__b", ["a", "__", "b"]),
        ("hi 😀!", ["hi", "😀", "!"]),
        ("", []),
    ],
)
def test_text_falls_into_these_tokens(text: str, words: list[str]) -> None:
    assert tokenize(text).words == words


def test_u_s_is_one_token_in_lower_case_however_it_is_spaced() -> None:
    for written in ("U.S.", "U. S.", "U.\xa0S."):
        assert tokenize(f"the {written} said").lows == ["the", "u.s.", "said"]


def test_curly_apostrophes_are_straight_in_lower_case() -> None:
    assert tokenize("Washington’s “plan” didn’t").lows == ["washington", "'s", "“", "plan", "”", "didn't"]


def test_a_non_breaking_space_parts_words() -> None:
    assert tokenize("White\xa0House").lows == ["white", "house"]


@pytest.mark.parametrize(
    "text",
    [
        "The U. S. thanked Россия 😀 for “help”.",
        "השגריר thanked America בשם הממשלה",
        "a a a-a a’s A.A. aa  a",
        "e\u0301cole \u200d\u200b x\ufe0f",
        "ﬀ İstanbul ẞ ǅ",
        "1.5,3. .. __ -- 'S",
    ],
)
def test_offsets_cut_every_token_out_of_the_text(text: str) -> None:
    tokens = tokenize(text)
    assert len(tokens.words) == len(tokens.lows) == len(tokens.starts)
    for i, word in enumerate(tokens.words):
        start, end = tokens.span(i, i + 1)
        assert text[start:end] == word
    assert "".join("".join(tokens.words).split()) == "".join(text.split())


def test_a_span_of_several_tokens_reaches_from_the_first_to_the_last() -> None:
    tokens = tokenize("He left the White  House today")
    start, end = tokens.span(3, 5)
    assert tokens.text[start:end] == "White  House"
