from training.labels_io import NOT_MENTIONED, Annotation, Item, Suggestion
from training.merge import merge
from training.records import Record

TEXT = "Lima thanked Moscow."


def item(who: str, label: str, text: str = TEXT, name: str = "a", why: str | None = None) -> Item:
    """One sentence with one annotation and a suggestion of the model."""
    said = Annotation(who, {"russia": label}, "neutral")
    suggestion = Suggestion("v1", {"russia": "favor"}, "neutral", {})
    return Item(Record(id=name, text=text, stance={}), ("russia",), (said,), suggestion, why)


def test_what_annotators_agree_on_becomes_a_record() -> None:
    found = merge([item("ann", "favor"), item("bob", "favor")])
    assert [record.as_dict() for record in found.records] == [
        {"id": "a", "text": TEXT, "stance": {"russia": "favor"}, "sentiment": "neutral"}
    ]
    assert found.conflicts == []
    assert [(pair.one, pair.two, pair.agreement) for pair in found.annotators] == [("ann", "bob", 1.0)]


def test_disagreement_is_told_and_the_label_left_out() -> None:
    found = merge([item("ann", "favor"), item("bob", "against")])
    [conflict] = found.conflicts
    assert (conflict.kind, conflict.question) == ("annotators", "stance_russia")
    assert conflict.labels == {"ann": "favor", "bob": "against"}
    assert conflict.outcome.startswith("Left out")
    [record] = found.records
    assert (record.stance, record.sentiment) == ({}, "neutral")


def test_a_majority_settles_it_when_asked_but_a_tie_does_not() -> None:
    votes = [item("ann", "favor"), item("bob", "against"), item("cas", "favor")]
    found = merge(votes, majority=True)
    assert found.records[0].stance == {"russia": "favor"}
    assert "majority" in found.conflicts[0].outcome
    assert merge(votes[:2], majority=True).records[0].stance == {}


def test_what_is_not_mentioned_gets_no_label_and_no_span() -> None:
    record = Record(id="a", text=TEXT, stance={}, spans={"russia": ((13, 19),)})
    [made] = merge([Item(record, ("russia",), (Annotation("ann", {"russia": NOT_MENTIONED}),))]).records
    assert (made.stance, made.spans) == ({}, {})


def test_an_existing_label_stays_and_the_clash_is_told() -> None:
    existing = [Record(id="old", text="lima thanked Moscow", stance={"russia": "neutral"})]
    found = merge([item("ann", "favor")], existing)
    assert found.records[0].id == "old"
    assert (found.records[0].stance, found.records[0].sentiment) == ({"russia": "neutral"}, "neutral")
    assert [conflict.kind for conflict in found.conflicts] == ["existing"]
    assert merge([item("ann", "favor")], existing, overwrite=True).records[0].stance == {"russia": "favor"}


def test_one_id_for_two_texts_is_told() -> None:
    found = merge([item("ann", "favor"), item("ann", "favor", text="Oslo thanked Moscow.")])
    assert [conflict.kind for conflict in found.conflicts] == ["id"]
    assert len(found.records) == 1


def test_sentences_that_nobody_labelled_are_counted() -> None:
    found = merge([Item(Record(id="a", text=TEXT, stance={}), ("russia",))])
    assert found.records == []
    assert found.counts["not labelled yet"] == 1


def test_questions_without_an_answer_are_counted() -> None:
    said = Annotation("ann", {}, "neutral")
    found = merge([Item(Record(id="a", text=TEXT, stance={}), ("russia",), (said,))])
    assert found.counts["questions without an answer"] == 1


def test_the_model_is_compared_with_each_annotator_and_on_blind_picks_alone() -> None:
    other = "Oslo thanked Moscow."
    found = merge([item("ann", "favor", why="audit"), item("ann", "against", other, "b", "margin")])
    assert [(pair.two, pair.count, pair.agreement) for pair in found.model] == [("ann", 4, 0.75)]
    assert [(pair.two, pair.count, pair.agreement) for pair in found.audit] == [("ann", 2, 1.0)]


def test_the_report_for_programs_holds_every_conflict() -> None:
    found = merge([item("ann", "favor"), item("bob", "against")]).as_dict()
    assert found["records"] == 1
    assert found["conflicts"][0]["labels"] == {"ann": "favor", "bob": "against"}
    assert found["agreement"]["annotators"][0]["agreement"] == 0.5
