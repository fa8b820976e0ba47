"""The way of a whole document: from text to stances, with offsets into the text."""

from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.analysis import Analysis
from models.analyzer import Analyzer
from models.artifact import Artifact
from models.errors import UnknownTargetError
from models.mentions import MentionFinder
from models.sentences import split_sentences
from models.targets import CORE_FILE, MORE_FILE, load_targets
from models.tokens import tokenize
from models.views import target_view, whole_view
from tests.models.conftest import sample_records, sentiment_pipeline, stance_pipeline

FINDER = MentionFinder(load_targets(CORE_FILE, MORE_FILE).values())
TEXT = "Ankara praised Moscow on Tuesday. Lima condemned the White House on Tuesday. Rain fell in Oslo."


@cache
def trained() -> Analyzer:
    """An analyzer of the small pipelines that were trained on real data."""
    pipelines = {"stance": stance_pipeline("all"), "sentiment": sentiment_pipeline()}
    return Analyzer(Artifact(pipelines, {"version": "1", "thresholds": {"confident": 0.5}}))


def assert_sound(text: str, analysis: Analysis) -> None:
    """Offsets cut what they say they cut, and scores are probabilities."""
    end = 0
    for index, sentence in enumerate(analysis.sentences):
        assert sentence.index == index
        assert sentence.start >= end
        end = sentence.end
        assert text[sentence.start : sentence.end] == sentence.text != ""
        for scored in (sentence.sentiment, *sentence.stances):
            assert sum(scored.scores.values()) == pytest.approx(1)
            assert scored.scores[scored.label] == max(scored.scores.values())
        for stance in sentence.stances:
            assert stance.mentions
            for piece in (*stance.mentions, *(stance.evidence or ())):
                assert sentence.start <= piece.start < piece.end <= sentence.end
                assert text[piece.start : piece.end] == piece.text
    kept = "".join(sentence.text for sentence in analysis.sentences)
    assert "".join(kept.split()) == "".join(text.split())


def assert_same_scores(text: str) -> None:
    """What the analyzer says of a text is what the steps and the pipelines say, one by one."""
    analyzer = trained()
    sentences = analyzer.analyze(text).sentences
    pieces = [tokenize(text[start:end]) for start, end in split_sentences(text)]
    assert [sentence.text for sentence in sentences] == [tokens.text for tokens in pieces]
    named = {mention.target for tokens in pieces for mention in FINDER.find(tokens) if not mention.weak}
    found = [FINDER.find(tokens, named) for tokens in pieces]
    wholes = [whole_view(tokens, mentions) for tokens, mentions in zip(pieces, found, strict=True)]
    views = []
    for sentence, whole, mentions in zip(sentences, wholes, found, strict=True):
        targets = [mention.target for mention in mentions if mention.target in ("us", "russia")]
        assert [stance.target for stance in sentence.stances] == list(dict.fromkeys(targets))
        views += [target_view(whole, mentions, stance.target) for stance in sentence.stances]
    stances = [stance for sentence in sentences for stance in sentence.stances]
    assert all(stance.confident == (stance.scores[stance.label] >= 0.5) for stance in stances)
    scored = (("sentiment", wholes, [each.sentiment for each in sentences]), ("stance", views, stances))
    for head, seen, given_scores in scored:
        if seen:
            expected = analyzer.artifact.pipelines[head].predict_proba(seen)
            scores = [list(each.scores.values()) for each in given_scores]
            np.testing.assert_allclose(scores, expected, rtol=0, atol=1e-9)


def test_every_sentence_has_the_stance_toward_each_target_it_mentions(analyzer: Analyzer) -> None:
    analysis = analyzer.analyze(TEXT)
    found = [{stance.target: stance.label for stance in sentence.stances} for sentence in analysis.sentences]
    assert found == [{"russia": "favor"}, {"us": "against"}, {}]
    assert [sentence.sentiment.label for sentence in analysis.sentences[:2]] == ["positive", "negative"]
    assert (analysis.model, analysis.version) == ("stancewire", "9.9.9")
    assert_sound(TEXT, analysis)


def test_an_empty_text_has_no_sentences(analyzer: Analyzer) -> None:
    assert analyzer.analyze("").sentences == ()
    assert analyzer.analyze(" \n\t ").sentences == ()


def test_only_the_targets_asked_for_are_reported(analyzer: Analyzer) -> None:
    text = "Moscow thanked Washington."
    both = analyzer.analyze(text).sentences[0].stances
    assert {stance.target for stance in both} == {"us", "russia"}
    only = analyzer.analyze(text, targets=["us"]).sentences[0].stances
    assert only == tuple(stance for stance in both if stance.target == "us")
    assert analyzer.analyze(text, targets=[]).sentences[0].stances == ()


def test_a_target_that_is_not_configured_is_named(analyzer: Analyzer) -> None:
    with pytest.raises(UnknownTargetError, match=r"'mars'.*russia, us"):
        analyzer.analyze("Moscow.", targets=["us", "mars"])


def test_a_target_of_a_users_own_is_judged_without_retraining(artifact_folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('[harbour]\nname = "Harbour Line"\nnames = ["Harbour Line"]\n')
    analyzer = Analyzer.load(artifact_folder, load_targets(CORE_FILE, path))
    sentence = analyzer.analyze("Lima condemned Harbour Line on Tuesday.", targets=["harbour"]).sentences[0]
    assert [(stance.target, stance.label) for stance in sentence.stances] == [("harbour", "against")]


def test_a_weak_alias_counts_because_another_sentence_names_the_target(analyzer: Analyzer) -> None:
    alone = analyzer.analyze("The Secretary of State spoke.")
    assert alone.sentences[0].stances == ()
    for text in (
        "The Secretary of State spoke. Washington was pleased.",
        "Washington was pleased. The Secretary of State spoke.",
    ):
        sentences = analyzer.analyze(text).sentences
        assert [[stance.target for stance in sentence.stances] for sentence in sentences] == [["us"], ["us"]]
    other = analyzer.analyze("Moscow was pleased. The Secretary of State spoke.")
    assert other.sentences[1].stances == ()


def test_a_target_that_is_named_only_weakly_anywhere_is_not_named(analyzer: Analyzer) -> None:
    analysis = analyzer.analyze("The Secretary of State spoke. The Supreme Court met.")
    assert analysis.summary() == {}


def test_a_leader_out_of_office_on_the_day_is_no_mention(analyzer: Analyzer) -> None:
    text = "Lima condemned President Obama on Tuesday."
    assert analyzer.analyze(text, on=date(2012, 1, 1)).summary()["us"]["sentences"] == 1
    assert analyzer.analyze(text, on=date(2020, 1, 1)).summary() == {}


@pytest.mark.parametrize(
    "text",
    [
        "Москва: “Россия thanked the U. S.” 😀😀 Then Moscow’s envoy left.",
        "השגריר של America הגיע. Washington replied.",
        "The White\xa0House\u2009said no.\r\n\r\nHEADING OF MOSCOW\r\nRussia\u00adn envoys left.",
        "e\u0301 the U.S. e\u0301 👩‍👩‍👧 Russia\u200b.",
        "😀" * 3_000 + " Russia accused the U.S.",
        "Washington " * 1_000,
        ", ; : " * 2_000 + "Kremlin",
        "\x00\x01\x1f Moscow \x7f\x85 lied",
    ],
)
def test_offsets_are_right_in_any_script(text: str) -> None:
    assert_sound(text, trained().analyze(text, explain=True))
    assert_same_scores(text)


@pytest.mark.parametrize("size", [1, 7, 60])
def test_scores_of_documents_of_any_size_are_those_of_scikit_learn(size: int) -> None:
    texts = [record.text for record in sample_records()]
    for start in range(0, len(texts), size):
        assert_same_scores("\n\n".join(texts[start : start + size]))


def test_evidence_adds_up_to_the_logit_and_the_strongest_comes_first() -> None:
    analyzer = trained()
    pipeline = analyzer.artifact.pipelines["stance"]
    views, labels, sums = [], [], []
    for record in sample_records()[:400]:
        analysis = analyzer.analyze(record.text, explain=True)
        assert_sound(record.text, analysis)
        if len(analysis.sentences) == 1:
            tokens = tokenize(analysis.sentences[0].text)
            mentions = FINDER.find(tokens)
            for stance in analysis.sentences[0].stances:
                assert stance.evidence is not None
                assert stance.intercept is not None
                weights = [piece.weight for piece in stance.evidence]
                assert weights == sorted(weights, key=abs, reverse=True)
                views.append(target_view(whole_view(tokens, mentions), mentions, stance.target))
                labels.append(list(pipeline.classes_).index(stance.label))
                sums.append(sum(weights) + stance.intercept)
    assert len(views) > 200
    logits = pipeline.decision_function(views)[np.arange(len(views)), labels]
    np.testing.assert_allclose(sums, logits, rtol=0, atol=1e-9)


def test_evidence_is_given_only_when_asked_for(analyzer: Analyzer) -> None:
    (stance,) = analyzer.analyze("Ankara praised Moscow on Tuesday.").sentences[0].stances
    assert stance.evidence is None
    (explained,) = analyzer.analyze("Ankara praised Moscow on Tuesday.", explain=True).sentences[0].stances
    assert explained._replace(evidence=None, intercept=None) == stance
    assert explained.evidence is not None
    assert "praised" in explained.evidence[0].text


def test_the_same_text_gives_the_same_answer_again(analyzer: Analyzer) -> None:
    assert analyzer.analyze(TEXT, explain=True) == analyzer.analyze(TEXT, explain=True)


PIECES = """Washington Moscow Russia U.S. US us “Kremlin” Obama praised accused never not , . ; — ’s - 's Mr. the
of 12,5 😀 Россия אמריקה Secretary State StateJohn Kerry ( ) " ' U. S. Post state by was said"""
WORDS = st.sampled_from((*PIECES.split(), "\n", "\n\n", "\r\n", "\xa0", "\u2028"))
NEWS = st.lists(WORDS, max_size=60).map(" ".join)
ANY = st.text(st.characters(exclude_categories=("Cs",)), max_size=300)


@settings(max_examples=400, deadline=None, database=None)
@given(st.one_of(NEWS, ANY, st.lists(st.one_of(NEWS, ANY), max_size=4).map("".join)))
def test_no_text_makes_it_fail_and_offsets_always_cut_the_text(text: str) -> None:
    assert_sound(text, trained().analyze(text, explain=True))


@settings(max_examples=150, deadline=None, database=None)
@given(NEWS)
def test_no_text_makes_the_fast_path_differ_from_scikit_learn(text: str) -> None:
    assert_same_scores(text)
