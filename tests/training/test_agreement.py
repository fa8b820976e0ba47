import pytest

from training.agreement import alpha, compare, pairs

# Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), example C: four observers, with gaps.
_OBSERVERS = {
    "A": "1 2 3 3 2 1 4 1 2 . . .",
    "B": "1 2 3 3 2 2 4 1 2 5 . 3",
    "C": ". 3 3 3 2 3 4 2 2 5 1 .",
    "D": "1 2 3 3 2 4 4 1 2 5 1 .",
}


def test_alpha_is_that_of_krippendorffs_example() -> None:
    said = {
        who: {(str(unit), "q"): value for unit, value in enumerate(values.split()) if value != "."}
        for who, values in _OBSERVERS.items()
    }
    assert alpha(said) == pytest.approx(0.743, abs=5e-4)


def test_full_agreement_is_one_and_opposite_labels_are_below_chance() -> None:
    one = {(str(k), "q"): "ab"[k % 2] for k in range(10)}
    other = {(str(k), "q"): "ba"[k % 2] for k in range(10)}
    assert alpha({"a": one, "b": dict(one)}) == 1.0
    assert compare("a", one, "b", dict(one)).kappa == 1.0
    assert compare("a", one, "b", other).kappa == -1.0


def test_kappa_takes_off_what_chance_explains() -> None:
    one = {(str(k), "q"): label for k, label in enumerate("aaaaaaaabb")}
    two = {(str(k), "q"): label for k, label in enumerate("aaaaaaabab")}
    pair = compare("x", one, "y", two)
    assert (pair.count, pair.agreement) == (10, 0.8)
    assert pair.kappa == pytest.approx((0.8 - 0.68) / (1 - 0.68), abs=1e-4)


def test_one_label_throughout_says_nothing() -> None:
    same = {(str(k), "q"): "a" for k in range(5)}
    assert alpha({"a": same, "b": same}) is None
    assert compare("a", same, "b", same).kappa is None


def test_those_who_share_nothing_are_not_compared() -> None:
    assert pairs({"a": {("1", "q"): "x"}, "b": {("2", "q"): "x"}}) == []
    assert alpha({"a": {("1", "q"): "x"}, "b": {("2", "q"): "x"}}) is None
