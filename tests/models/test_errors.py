"""Errors carry status, code and field."""

from models import errors


def test_every_error_has_a_status_and_a_code_of_its_own() -> None:
    kinds = (errors.TargetsFileError, errors.UnknownTargetError, errors.ArtifactError)
    assert all(issubclass(kind, errors.StancewireError) for kind in kinds)
    assert len({kind.code for kind in kinds}) == len(kinds)
    assert all(400 <= kind.status < 600 for kind in kinds)


def test_an_unknown_target_is_named_with_those_that_are_known() -> None:
    error = errors.UnknownTargetError("mars", ["us", "russia"])
    assert error.field == "targets"
    assert "'mars'" in error.message
    assert "russia, us" in error.message
    assert str(error) == error.message
