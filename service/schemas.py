"""The shapes of requests and answers, as /docs shows them."""

import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from service.days import DAY, read_day

_INT64 = 2**63
# Blank is what str.isspace says, written out: the \s of JSON Schema is another set than Python's.
_BLANK = r"\u0009-\u000d\u001c-\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
TEXT_PATTERN = rf"^[^\u0000]*[^\u0000{_BLANK}][^\u0000]*$"


def _check_id(value: Any) -> Any:
    if value is None or (isinstance(value, str) and len(value) <= 1000):
        return value
    if type(value) is float and value.is_integer():
        value = int(value)  # to JSON, 3.0 is an integer
    if type(value) is int and -_INT64 <= value < _INT64:
        return value
    raise PydanticCustomError("bad_id", "must be a string of at most 1,000 characters, a 64-bit integer or null")


def _check_date(value: Any) -> datetime.date | None:
    try:
        if value is None:
            return None
        if isinstance(value, str):
            return read_day(value)
    except ValueError:
        pass
    raise PydanticCustomError("bad_date", "must be a day written YYYY-MM-DD, such as 2014-03-18, or null")


DocumentId = Annotated[
    Any,
    AfterValidator(_check_id),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "maxLength": 1000},
                {"type": "integer", "minimum": -_INT64, "maximum": _INT64 - 1},
                {"type": "null"},
            ]
        }
    ),
]
Day = Annotated[
    Any,
    AfterValidator(_check_date),
    WithJsonSchema({"anyOf": [{"type": "string", "format": "date", "pattern": DAY}, {"type": "null"}]}),
]


class StanceRequest(BaseModel):
    """One text to read."""

    model_config = ConfigDict(extra="forbid", strict=True)

    text: str = Field(
        description="The text: not blank, no NUL characters.",
        json_schema_extra={"minLength": 1, "pattern": TEXT_PATTERN},
        examples=["The Kremlin accused Washington of fuelling the war."],
    )
    targets: list[str] | None = Field(
        None, max_length=1000, description="Ids of the targets to report; null reports all. See /v1/targets."
    )
    explain: bool = Field(False, description="Also give the words that decided each stance.")
    id: DocumentId = Field(None, description="Anything of yours; it comes back with the answer.")
    date: Day = Field(None, description="Day of the text: leaders out of office then are no mention.")


class BatchRequest(BaseModel):
    """Several texts. Each document is checked alone: a bad one has an error in its place."""

    model_config = ConfigDict(extra="forbid", strict=True)

    documents: list[Any] = Field(description="The texts, each of the shape of a StanceRequest.")


class SpanOut(BaseModel):
    """A piece of the text; offsets count its Unicode code points."""

    text: str
    start: int
    end: int


class EvidenceOut(SpanOut):
    """A piece of the text with its part of the logit of the label."""

    weight: float


class StanceScores(BaseModel):
    """Calibrated probability of each stance; they add up to 1."""

    favor: float
    against: float
    neutral: float


class SentimentScores(BaseModel):
    """Calibrated probability of each sentiment; they add up to 1."""

    negative: float
    neutral: float
    positive: float


class StanceOut(BaseModel):
    """The stance of a sentence toward one target that it mentions."""

    target: str
    label: str = Field(description="favor, against or neutral.")
    scores: StanceScores
    confident: bool = Field(description="False below the released abstention threshold.")
    mentions: list[SpanOut]
    evidence: list[EvidenceOut] | None = Field(None, description="With `explain`: the strongest first.")
    intercept: float | None = Field(None, description="With `explain`: the part of the logit that no word has.")


class SentimentOut(BaseModel):
    """The tone of a whole sentence."""

    label: str = Field(description="negative, neutral or positive.")
    scores: SentimentScores


class SentenceOut(BaseModel):
    """One sentence. A target that it does not mention has no entry in `stances`."""

    index: int
    text: str
    start: int
    end: int
    sentiment: SentimentOut
    stances: list[StanceOut]


class ModelName(BaseModel):
    """The model that read the text."""

    name: str
    version: str


class SummaryOut(BaseModel):
    """Counts over all sentences that mention a target; net = (favor - against) / sentences."""

    sentences: int
    favor: int
    against: int
    neutral: int
    net: float


class StanceAnswer(BaseModel):
    """The reading of one text."""

    id: DocumentId = None
    model: ModelName
    sentences: list[SentenceOut]
    summary: dict[str, SummaryOut]


class ErrorOut(BaseModel):
    """What is wrong, where, and how to mend it."""

    code: str
    message: str
    field: str | None = None


class ErrorBody(BaseModel):
    """The body of every error."""

    error: ErrorOut


class DocumentError(ErrorBody):
    """A document of a batch that could not be read."""

    id: DocumentId = None


class BatchAnswer(BaseModel):
    """One result for each document, in order."""

    results: list[StanceAnswer | DocumentError]


class ModelOut(BaseModel):
    """The served model, as its manifest tells."""

    model_config = ConfigDict(extra="allow")

    name: str
    version: str
    labels: dict[str, list[str]]
    thresholds: dict[str, float]
    training: list[Any]
    metrics: dict[str, Any]
    calibration: list[Any] | dict[str, Any]
    created: str | None = None
    libraries: dict[str, str]


class TargetOut(BaseModel):
    """A target that can be asked for."""

    id: str
    name: str
    aliases: list[str]


class TargetsOut(BaseModel):
    """All configured targets."""

    targets: list[TargetOut]


class HealthOut(BaseModel):
    """Whether the process is alive, or ready."""

    status: str
    version: str | None = None
