from models.words import SAY
from tests.training.samples import sample_lines
from training.likeness import missing_words, passive, percent, read_sentences, repeated_skeletons, shape, skeleton
from training.records import Record, record_from


def _read(*texts: str, group: str | None = None) -> list[Record]:
    return [
        Record(f"{group}-{k}", text, {"russia": "neutral"}, "negative", group=group) for k, text in enumerate(texts)
    ]


def test_a_skeleton_masks_targets_names_and_numbers() -> None:
    one, two, three = read_sentences(
        _read(
            "On 4 May Anna Berg of Oslo thanked Moscow for 12 pilots.",
            "On 17 June Lee of Bath thanked the Kremlin for 3 pilots.",
            "On 17 June Lee of Bath thanked the Kremlin for 3 sailors.",
        )
    )
    assert skeleton(one) == "on 0 N of N thanked T for 0 pilots"
    assert skeleton(one) != skeleton(two)  # "the" is a word of its own
    assert skeleton(two) != skeleton(three)


def test_patterns_are_counted_inside_and_outside_of_groups() -> None:
    records = [
        *_read("Oslo thanked Moscow.", "Rome thanked Moscow.", group="a"),
        *_read("Berlin left Moscow to its own devices.", group="b"),
    ]
    records += _read("Berlin left Russia to its own devices.", group="c")
    found = repeated_skeletons(read_sentences(records))
    assert (found.sentences, found.repeated, found.across_groups) == (4, 2, 2)
    tied = repeated_skeletons(read_sentences(_read("It left Oslo for Moscow.", "It left Rome for Moscow.", group="a")))
    assert (tied.repeated, tied.across_groups) == (2, 0)


def test_a_passive_is_a_form_of_be_and_a_participle() -> None:
    assert passive(["the", "envoy", "was", "expelled"])
    assert passive(["the", "envoy", "was", "quietly", "sent", "home"])
    assert not passive(["the", "envoy", "was", "in", "town"])


def test_the_shape_counts_shares_of_sentences_with_a_target() -> None:
    records = [
        record_from({"text": "Moscow said no.", "stance": {"russia": "neutral"}, "sentiment": "negative"}, "a"),
        record_from({"text": "Moscow and Washington met twice.", "stance": {"russia": "favor", "us": "favor"}}, "b"),
        record_from({"text": "It rained.", "stance": {}}, "c"),
    ]
    found = shape(read_sentences(records))
    assert "said" in SAY
    assert found["sentences with a target"] == "2"
    assert found["words: median (10–90 %)"] == "4 (3–5)"
    assert found["stances that are favor"] == "66.7 %"
    assert found["sentences with both the U.S. and Russia"] == "50.0 %"
    assert found["sentences with a verb of saying"] == "50.0 %"
    assert found["neutral toward all, of those with a tone"] == "100.0 %"
    assert shape([]) == {}


def test_words_that_are_frequent_in_real_text_only_are_found() -> None:
    ours = read_sentences(_read("Moscow bought wheat.", "Moscow sold wheat."))
    real = read_sentences(_read("A campaign in Moscow met Smith.", "Some campaign hit wheat and Smith in Moscow."))
    words, rare, frequent = missing_words(ours, real)
    assert set(words) == {"campaign", "met", "hit", "some"}
    assert (rare, frequent) == (4, 5)
    assert missing_words(ours, real, most=1)[0] == ["campaign"]


def test_the_samples_of_the_tests_are_templates_and_show_it() -> None:
    found = repeated_skeletons(read_sentences([record_from(line, str(line["id"])) for line in sample_lines()]))
    assert found.repeated > found.sentences / 3


def test_a_share_is_told_in_percent() -> None:
    assert (percent(1, 8), percent(0, 0)) == ("12.5 %", "0.0 %")
