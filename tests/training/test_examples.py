"""Examples: what the model sees of a record, and which mentions it is given."""

from models.tokens import tokenize
from models.views import RIVAL, TARGET
from training.examples import default_finder, find_mentions, labels, sentiment_examples, stance_examples, views
from training.records import Record

BOTH = Record("a", "Moscow thanked the White House.", {"us": "favor", "russia": "neutral"}, "positive")


def mentioned(record: Record) -> list[tuple[str, str]]:
    tokens = tokenize(record.text)
    found = find_mentions(record, tokens, default_finder())
    return [(each.target, " ".join(tokens.words[each.first : each.last])) for each in found]


def test_each_target_gets_a_view_of_its_own() -> None:
    toward_us, toward_russia = stance_examples([BOTH])
    assert (toward_us.target, toward_us.label, toward_russia.target, toward_russia.label) == (
        "us",
        "favor",
        "russia",
        "neutral",
    )
    assert toward_us.view.words == [RIVAL, "thanked", TARGET, "."]
    assert toward_russia.view.words == [TARGET, "thanked", RIVAL, "."]


def test_the_tone_of_a_sentence_is_judged_without_a_target() -> None:
    [example] = sentiment_examples([BOTH])
    assert (example.target, example.label) == (None, "positive")
    assert TARGET not in example.view.words


def test_what_is_not_labelled_gives_no_example() -> None:
    bare = Record("a", "Moscow slept.", {})
    assert stance_examples([bare]) == []
    assert sentiment_examples([bare]) == []


def test_the_model_does_not_see_which_country_it_judges() -> None:
    one, two = (
        stance_examples([Record(name, f"Oslo blamed {name} for the raid.", {target: "against"})])[0]
        for target, name in (("us", "the United States"), ("russia", "Russia"))
    )
    assert one.view == two.view._replace(tokens=one.view.tokens)


def test_spans_say_where_a_target_is_and_leave_the_others_to_be_found() -> None:
    record = Record("a", "Ada Moss left Moscow.", {"entity_1": "neutral"}, spans={"entity_1": ((0, 8),)})
    assert mentioned(record) == [("entity_1", "Ada Moss"), ("russia", "Moscow")]


def test_spans_of_a_target_take_the_place_of_what_would_be_found() -> None:
    record = Record("a", "Moscow, they said, is not Moscow.", {"russia": "neutral"}, spans={"russia": ((26, 32),)})
    assert mentioned(record) == [("russia", "Moscow")]
    assert stance_examples([record])[0].view.targets == [7]


def test_a_span_takes_precedence_over_a_mention_that_it_overlaps() -> None:
    record = Record("a", "The Moscow Times wrote.", {"entity_1": "neutral"}, spans={"entity_1": ((4, 16),)})
    assert mentioned(record) == [("entity_1", "Moscow Times")]


def test_a_target_that_is_meant_but_not_named_is_judged_all_the_same() -> None:
    record = Record("a", "The envoy praised Moscow.", {"us": "favor"}, spans={"us": ()})
    [example] = stance_examples([record])
    assert example.view.targets == []
    assert RIVAL in example.view.words


def test_the_group_is_that_of_the_record_or_else_its_text() -> None:
    tied = Record("a", "Moscow slept.", {"russia": "neutral"}, group="g")
    alone = Record("b", "Moscow slept.", {"russia": "neutral"})
    again = Record("c", "MOSCOW slept", {"russia": "favor"})
    groups = [example.group for example in stance_examples([tied, alone, again])]
    assert groups[0] == "g"
    assert groups[1] == groups[2] != "g"


def test_views_and_labels_are_those_of_the_examples_in_order() -> None:
    examples = stance_examples([BOTH])
    assert labels(examples) == ["favor", "neutral"]
    assert views(examples) == [example.view for example in examples]
