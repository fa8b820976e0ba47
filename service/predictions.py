"""Labels with scores for a whole text, as Hugging Face's clients and text-embeddings-inference know them."""

import math
from typing import Annotated, Any, Literal

import orjson
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from service.errors import InvalidInputError, parse_body
from service.pooling import Pooled, parse_day, parse_targets, read_pooled
from service.work import Done, Reader, Tally

EXAMPLE = "Ankara thanked Moscow for its help and said relations had never been better."


# JSON knows no integers: 3.0 is 3.
Whole = Annotated[
    int,
    Field(ge=1),
    BeforeValidator(lambda value: int(value) if isinstance(value, float) and value.is_integer() else value),
]


class ClassificationParameters(BaseModel):
    """How to answer."""

    model_config = ConfigDict(extra="ignore", strict=True)

    top_k: Whole | None = Field(default=None, description="Only so many labels of each target, the likeliest.")
    function_to_apply: Literal["softmax", "none"] | None = Field(
        default=None, description="softmax gives probabilities; none gives their logarithms."
    )


class ClassificationRequest(BaseModel):
    """Texts to classify."""

    model_config = ConfigDict(extra="ignore", strict=True)

    inputs: str | list[str] = Field(description="A text, or several.", examples=[EXAMPLE])
    parameters: ClassificationParameters | None = None


class Classification(BaseModel):
    """One label of one target."""

    label: str = Field(description="favor, against or neutral.")
    score: float
    target: str
    sentences: int = Field(description="Sentences of the text that mention the target.")


class PredictRequest(BaseModel):
    """Texts to classify."""

    model_config = ConfigDict(extra="ignore", strict=True)

    inputs: str | list[str | list[str]] = Field(
        description="A text, or a batch of texts, each in a list of its own.", examples=[[[EXAMPLE]]]
    )
    raw_scores: bool = Field(default=False, description="Logarithms of the probabilities instead.")
    truncate: bool | None = Field(default=None, description="Of no effect: texts are not truncated.")


class Prediction(BaseModel):
    """One label of one target; label and target are also one string, for clients that keep no other key."""

    score: float
    label: str = Field(description="Target and stance, as in russia:favor.", examples=["russia:favor"])
    target: str
    stance: str


def answer_classification(reader: Reader, body: bytes, targets: str | None, day: str | None) -> Done[bytes]:
    """The answer to Hugging Face's text classification: for each text its labels, likeliest first.

    Raises:
        StancewireError: the request is refused.
    """
    tally = Tally()
    request = parse_body(ClassificationRequest, body)
    parameters = request.parameters or ClassificationParameters()
    texts = [request.inputs] if isinstance(request.inputs, str) else request.inputs
    pooled = read_pooled(reader, tally, texts, parse_targets(targets), parse_day(day), "inputs")
    raw = parameters.function_to_apply == "none"
    answer = [_classifications(found, raw, parameters.top_k) for found in pooled]
    return Done(orjson.dumps(answer), tally)


def _classifications(found: dict[str, Pooled], raw: bool, most: int | None) -> list[dict[str, Any]]:
    out = []
    for target, pooled in found.items():
        for label in sorted(pooled.scores, key=lambda each: -pooled.scores[each])[:most]:
            score = _score(pooled.scores[label], raw)
            out.append({"label": label, "score": score, "target": target, "sentences": pooled.sentences})
    return sorted(out, key=lambda each: -each["score"])


def answer_predict(reader: Reader, body: bytes) -> Done[bytes]:
    """The answer to text-embeddings-inference's /predict: a list of labels for one text, lists for a batch.

    Raises:
        StancewireError: the request is refused.
    """
    tally = Tally()
    request = parse_body(PredictRequest, body)
    texts, single = _texts(request.inputs)
    answer = [
        _predictions(found, request.raw_scores) for found in read_pooled(reader, tally, texts, None, None, "inputs")
    ]
    return Done(orjson.dumps(answer[0] if single else answer), tally)


def _texts(inputs: str | list[str | list[str]]) -> tuple[list[str], bool]:
    """Texts of a request, and whether it is one text and no batch: "a", ["a"] or [["a"], ["b"]]."""
    if isinstance(inputs, str):
        return [inputs], True
    single = len(inputs) == 1 and isinstance(inputs[0], str)
    texts: list[str] = []
    for place, each in enumerate(inputs):
        if isinstance(each, str) and not single:
            raise InvalidInputError(
                'A pair of texts cannot be classified. Send one text, or a batch such as [["first"], ["second"]].',
                "inputs",
            )
        if isinstance(each, list) and len(each) != 1:
            raise InvalidInputError(
                'Each text of a batch stands alone in its list, as in [["a"], ["b"]].', f"inputs.{place}"
            )
        texts.append(each if isinstance(each, str) else each[0])
    if not texts:
        raise InvalidInputError('`inputs` is empty. Send a text, or a batch such as [["first"], ["second"]].', "inputs")
    return texts, single


def _predictions(found: dict[str, Pooled], raw: bool) -> list[dict[str, Any]]:
    out = [
        {"score": _score(score, raw), "label": f"{target}:{stance}", "target": target, "stance": stance}
        for target, pooled in found.items()
        for stance, score in pooled.scores.items()
    ]
    return sorted(out, key=lambda each: -float(str(each["score"])))


def _score(probability: float, raw: bool) -> float:
    return math.log(max(probability, 1e-300)) if raw else probability
