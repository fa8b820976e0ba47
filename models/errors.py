"""Every error that Stancewire raises on purpose."""


class StancewireError(Exception):
    """Base of all errors: says what is wrong, where, and how to mend it.

    Attributes:
        status: the HTTP status that stands for it.
        code: a short stable name for programs.
        field: the part of the input at fault, if one is.
    """

    status = 500
    code = "internal_error"

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class TargetsFileError(StancewireError):
    """A targets file that cannot be used."""

    status = 500
    code = "bad_targets_file"


class UnknownTargetError(StancewireError):
    """A request for a target that is not configured."""

    status = 422
    code = "unknown_target"

    def __init__(self, target: str, known: list[str]) -> None:
        super().__init__(
            f"Unknown target {target!r}. Configured targets: {', '.join(sorted(known))}. "
            "To add one, add a table to the targets file.",
            field="targets",
        )


class ArtifactError(StancewireError):
    """A model artifact that is missing, damaged, foreign or made by other library versions."""

    status = 503
    code = "bad_artifact"
