from pathlib import Path

import pytest

from tests.training.corpora import mtsc_line, write_dse, write_mtsc
from tests.training.samples import write_lines
from training import converters
from training.examples import stance_examples
from training.records import DataError, digest


def test_newsmtsc_gives_one_record_for_each_person_with_its_place(tmp_path: Path) -> None:
    text = "Ada Moss mocked Ben Yarrow."
    path = write_lines(
        tmp_path / "train.jsonl", [mtsc_line("allsides_7_3_1", text, ("Ada Moss", 4.0), ("Ben Yarrow", 2.0))]
    )
    one, two = converters.newsmtsc(path, "train.jsonl")
    assert (one.stance, one.spans) == ({"target": "neutral"}, {"target": ((0, 8),)})
    assert (two.stance, two.spans) == ({"target": "against"}, {"target": ((16, 26),)})
    assert one.group == two.group == "newsmtsc/allsides_7_3"
    assert one.id != two.id
    assert two.source == "newsmtsc-polarity/train.jsonl"


def test_only_the_person_judged_is_masked(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "a.jsonl", [mtsc_line("a_1_1_1", "Ada Moss mocked Ben Yarrow.", ("Ben Yarrow", 2.0))])
    [example] = stance_examples(converters.newsmtsc(path, "a.jsonl"))
    assert example.view.words == ["ada", "moss", "mocked", "TARGET", "."]


def test_polarity_becomes_stance(tmp_path: Path) -> None:
    records = converters.newsmtsc(write_mtsc(tmp_path / "a.jsonl"), "a.jsonl")
    assert [record.stance["target"] for record in records] == ["favor", "against", "neutral"]


@pytest.mark.parametrize(
    ("gid", "article"),
    [
        ("allsides_1000_401_25_Ada Moss_0_6", "newsmtsc/allsides_1000_401"),
        ("polusa_v1_115_-1_5_Ada\nMoss_1_7", "newsmtsc/polusa_v1_115_-1"),
        ("odd", "newsmtsc/odd"),
    ],
)
def test_the_article_of_a_sentence_is_its_group(gid: str, article: str) -> None:
    assert converters.article_of(gid) == article


@pytest.mark.parametrize("line", [{"a": 1}, {"primary_gid": "a", "sentence_normalized": "b", "targets": [{}]}])
def test_a_line_that_is_not_of_newsmtsc_is_named(line: dict[str, object], tmp_path: Path) -> None:
    path = write_lines(tmp_path / "a.jsonl", [line])
    with pytest.raises(DataError, match=r"a\.jsonl:1: no line of NewsMTSC"):
        list(converters.newsmtsc(path, "a"))


@pytest.mark.parametrize(
    ("kind", "p", "q"),
    [
        ("0", "neutral", "neutral"),
        ("1", "neutral", "favor"),
        ("2", "favor", "neutral"),
        ("3", "neutral", "against"),
        ("4", "against", "neutral"),
    ],
)
def test_each_class_of_dse_becomes_two_stances(kind: str, p: str, q: str, tmp_path: Path) -> None:
    path = write_dse(tmp_path / "a.txt", f"[Lim]a spoke of [Osl]o.|Lim|Osl|{kind}")
    one, two = converters.dse(path, "a.txt")
    assert one.text == "Lima spoke of Oslo."
    assert (one.stance["target"], one.spans["target"]) == (p, ((0, 4),))
    assert (two.stance["target"], two.spans["target"]) == (q, ((14, 18),))
    assert one.group == two.group == digest(one.text)


def test_the_names_tell_p_from_q_whatever_their_order(tmp_path: Path) -> None:
    path = write_dse(tmp_path / "a.txt", "[Oslo] was blamed by [Lima].|Lima|Oslo|3")
    found = {
        record.text[slice(*record.spans["target"][0])]: record.stance["target"] for record in converters.dse(path, "")
    }
    assert found == {"Oslo": "against", "Lima": "neutral"}


def test_duplicates_of_dse_are_merged_and_contradictions_dropped(tmp_path: Path) -> None:
    path = write_dse(
        tmp_path / "a.txt",
        "[Lima] blamed [Oslo] again.|Lima|Oslo|3",
        "[Lima] blamed [Oslo] again.|Lima|Oslo|3",
        "[Lima] blamed [Oslo] again.|Lima|Oslo|0",
        "[Rome] wrote to [Bern].|Rome|Bern|1",
        "[Rome] wrote to [Bern].|Rome|Bern|3",
    )
    found = [(r.text[slice(*r.spans["target"][0])], r.stance["target"]) for r in converters.dse(path, "a.txt")]
    assert found == [("Lima", "neutral"), ("Oslo", "against"), ("Rome", "neutral")]


def test_a_line_that_is_not_of_dse_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"a\.txt:1: no line of DSE"):
        converters.dse(write_dse(tmp_path / "a.txt", "[Lima] blamed [Oslo].|Lima|Oslo|9"), "a")


def test_semeval_becomes_stances_toward_its_targets(tmp_path: Path) -> None:
    path = tmp_path / "trial.txt"
    rows = (
        "ID\tTarget\tTweet\tStance\tOpinion Towards\tSentiment",
        "1\tClimate Change is a Real Concern\tThe ice is thin again #SemST\tFAVOR\tx\tneg",
        "2\tHillary Clinton\tA café talk on Clinton #SemST\tNONE\tx\tother",
        "3\tAtheism\tNobody knows #SemST\tUNKNOWN\tx\tpos",
    )
    path.write_text("\n".join(rows) + "\n", encoding="cp1252")
    assert converters.is_semeval(path)
    one, two = converters.semeval(path)
    assert (one.text, one.stance) == ("The ice is thin again", {"climate_change_is_a_real_concern": "favor"})
    assert (one.sentiment, one.spans) == ("negative", {"climate_change_is_a_real_concern": ()})
    assert (two.stance, two.spans) == ({"hillary_clinton": "neutral"}, {"hillary_clinton": ((15, 22),)})
    assert two.text == "A café talk on Clinton"


def test_a_file_that_is_not_of_semeval_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("Lima\n", encoding="utf-8")
    assert not converters.is_semeval(path)
    with pytest.raises(DataError, match="expected the columns ID, Target"):
        list(converters.semeval(path))
