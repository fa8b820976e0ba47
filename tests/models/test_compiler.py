"""Fitted pipelines become tables: every term, word and rating has its one place in them."""

from pathlib import Path

import pytest

from models import compiler as module
from models.compiler import KINDS, build_tables, hash_table, kinds, pack
from models.lexicon import load_lexicon
from models.tables import Tables
from tests.models.conftest import sentiment_pipeline, stance_pipeline


@pytest.fixture(scope="module")
def tables() -> Tables:
    return build_tables({"stance": stance_pipeline("all"), "sentiment": sentiment_pipeline("words", "stems", "pairs")})


def test_every_term_has_one_place_where_it_is_found(tables: Tables) -> None:
    terms = tables.terms.split("\n")
    in_lexis = int((tables.lexis[:, :5] > 0).sum())
    in_hashes = sum(int((table[:, 1] > 0).sum()) for table in (tables.pairs, tables.triples, tables.frames))
    assert in_lexis + len(tables.stems) + in_hashes == len(terms) == len(tables.matrix) - 1


def test_entries_of_the_lexicon_are_found_from_their_first_word(tables: Tables) -> None:
    for first, found in load_lexicon().items():
        line = int(tables.lexis[1 + tables.words.index(first), 7])
        for words, rating in found:
            size, at, begin, _ = tables.entries[line - 1]
            assert tuple(tables.words[number - 1] for number in tables.entry_words[begin : begin + size]) == words
            assert (None if at < 0 else tuple(tables.ratings[at])) == rating
            line += 1
        assert tables.entries[line - 2, 3] == 0, "the last one"


def test_a_word_has_all_its_kinds() -> None:
    assert kinds("grain") == KINDS["content"]
    assert kinds(",") == KINDS["mark"] + KINDS["clause mark"] + KINDS["pause"]
    assert kinds("by") == KINDS["preposition"] + KINDS["by"]
    assert kinds("was") == KINDS["being"]
    assert kinds("denied") & KINDS["negation"]
    assert kinds("denied") & KINDS["saying"]


def test_the_c_module_has_the_same_kinds() -> None:
    source = Path(module.__file__).with_name("scorer.pyx").read_text(encoding="utf-8")
    for name, bit in KINDS.items():
        assert f"    {name.upper().replace(' ', '_')} = {bit}\n" in source


def test_every_key_of_a_hash_table_is_found_and_half_of_it_is_free() -> None:
    rows = {pack((a, b), 1_000): a * 7 + b + 1 for a in range(40) for b in range(40)}
    table = hash_table(rows)
    assert {int(key): int(row) for key, row in table if row} == rows
    assert 2 * len(rows) <= len(table)
    assert len(hash_table({})) > 0
