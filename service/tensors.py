"""The Open Inference Protocol V2 over the model: tensors in, tensors out, in JSON or binary.

The model has one input, `text` (BYTES, one string for each text), and four outputs of the shape
(texts, targets): `target` and `label` (BYTES), `sentences` (INT64), and `probability` (FP64) with a
third dimension for favor, against, neutral. A target that a text does not mention has an empty
label, 0 sentences and probabilities of 0.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from models.analysis import STANCES
from models.analyzer import NAME
from models.errors import StancewireError
from service.errors import BadRequestError, parse_body
from service.pooling import Pooled, parse_day, parse_targets, read_pooled
from service.work import Done, Reader, Tally

INPUT = "text"
OUTPUTS = {"target": "BYTES", "label": "BYTES", "sentences": "INT64", "probability": "FP64"}
_TYPES = {"INT64": np.dtype("<i8"), "FP64": np.dtype("<f8")}
Parameters = dict[str, str | int | float | bool]


class UnknownModelError(StancewireError):
    """A model or version that is not served."""

    status = 404
    code = "unknown_model"


class TensorIn(BaseModel):
    """An input tensor; the data follows the JSON when `parameters.binary_data_size` gives its bytes."""

    model_config = ConfigDict(extra="ignore", strict=True)

    name: str
    shape: list[int] = Field(max_length=2, description="Number of texts, as in [2] or [2, 1].")
    datatype: str
    data: list[Any] | None = None
    parameters: Parameters = Field(default_factory=dict)


class TensorWanted(BaseModel):
    """An output that is asked for."""

    model_config = ConfigDict(extra="ignore", strict=True)

    name: str
    parameters: Parameters = Field(default_factory=dict)


class InferRequest(BaseModel):
    """An inference request."""

    model_config = ConfigDict(extra="ignore", strict=True)

    id: str | None = None
    parameters: Parameters = Field(
        default_factory=dict, description='"targets" ("us,russia") and "date" (2016-03-01) choose; others are ignored.'
    )
    inputs: list[TensorIn]
    outputs: list[TensorWanted] | None = None


class TensorOut(BaseModel):
    """An output tensor."""

    name: str
    shape: list[int]
    datatype: str
    data: list[Any] | None = None
    parameters: Parameters | None = None


class InferAnswer(BaseModel):
    """An inference answer."""

    model_name: str
    model_version: str
    id: str | None = None
    outputs: list[TensorOut]


@dataclass(frozen=True, slots=True)
class Encoded:
    """An answer as bytes.

    Attributes:
        body: the JSON, and after it the binary tensors.
        header: bytes of the JSON when binary tensors follow; else None.
    """

    body: bytes
    header: int | None


def check_model(name: str, version: str | None, served: str) -> None:
    """Make sure that a model of that name and version is served.

    Raises:
        UnknownModelError: it is not.
    """
    if name != NAME:
        raise UnknownModelError(f"There is no model {name!r}. The one served is {NAME!r}.", "name")
    if version is not None and version != served:
        raise UnknownModelError(
            f"Version {version!r} of {NAME} is not served. The one served is {served!r}.", "version"
        )


def infer(reader: Reader, body: bytes, header: str | None, name: str, version: str | None) -> Done[Encoded]:
    """The answer to an inference request.

    Args:
        body: JSON, with binary tensors after it when `header` is given.
        header: value of the header Inference-Header-Content-Length.
        name, version: of the model that is asked.

    Raises:
        StancewireError: the request is refused.
    """
    served = reader.analyzer.version
    check_model(name, version, served)
    length = _header_length(header, len(body))
    request = parse_body(InferRequest, body[:length])
    wanted = _wanted(request)
    texts = _read_texts(request, body[length:])
    targets = parse_targets(_string(request, "targets"))
    tally = Tally()
    pooled = read_pooled(reader, tally, texts, targets, parse_day(_string(request, "date")), "inputs.0.data")
    columns = list(dict.fromkeys(targets)) if targets else list(reader.analyzer.targets)
    values = _tensors(pooled, columns)
    answer: dict[str, Any] = {"model_name": NAME, "model_version": served}
    if request.id is not None:
        answer["id"] = request.id
    return Done(_encode(answer, {each: values[each] for each in wanted}, wanted), tally)


def _header_length(header: str | None, size: int) -> int:
    if header is None:
        return size
    if not (header.isascii() and header.isdigit() and int(header) <= size):
        raise BadRequestError(
            f"Inference-Header-Content-Length is {header!r}; it must be the number of bytes of JSON at the head of "
            f"the body of {size} bytes.",
            "Inference-Header-Content-Length",
        )
    return int(header)


def _string(request: InferRequest, name: str) -> str | None:
    value = request.parameters.get(name)
    if value is not None and not isinstance(value, str):
        raise BadRequestError(f"The parameter {name!r} must be a string.", f"parameters.{name}")
    return value


def _wanted(request: InferRequest) -> dict[str, bool]:
    """Names of the outputs to give, each with whether it is to be binary."""
    binary = request.parameters.get("binary_data_output") is True
    if not request.outputs:
        return dict.fromkeys(OUTPUTS, binary)
    for place, output in enumerate(request.outputs):
        if output.name not in OUTPUTS:
            known = ", ".join(OUTPUTS)
            raise BadRequestError(f"There is no output {output.name!r}. Outputs are {known}.", f"outputs.{place}.name")
    return {each.name: each.parameters.get("binary_data", binary) is True for each in request.outputs}


def _read_texts(request: InferRequest, rest: bytes) -> list[str]:
    if len(request.inputs) != 1 or request.inputs[0].name != INPUT or request.inputs[0].datatype != "BYTES":
        raise BadRequestError(f"Send exactly one input, named {INPUT!r}, of datatype BYTES.", "inputs")
    tensor = request.inputs[0]
    if not tensor.shape or any(size < 0 for size in tensor.shape) or tensor.shape[1:] not in ([], [1]):
        raise BadRequestError(f"The shape is {tensor.shape}; it must be [texts] or [texts, 1].", "inputs.0.shape")
    size = tensor.parameters.get("binary_data_size")
    if (size is None) == (tensor.data is None):
        raise BadRequestError("Give either `data` or `parameters.binary_data_size`.", "inputs.0.data")
    if size is None and rest:
        raise BadRequestError(f"{len(rest)} bytes follow the JSON, but no input is binary.", "inputs.0.data")
    texts = _unpack(rest, size) if size is not None else _unwrap(tensor.data or [])
    if len(texts) != tensor.shape[0]:
        raise BadRequestError(
            f"The shape {tensor.shape} says {tensor.shape[0]} texts, the data holds {len(texts)}.", "inputs.0.shape"
        )
    return texts


def _unwrap(data: list[Any]) -> list[str]:
    """Strings out of ["a", "b"] or [["a"], ["b"]]."""
    texts = [each[0] if isinstance(each, list) and len(each) == 1 else each for each in data]
    if not all(isinstance(text, str) for text in texts):
        raise BadRequestError('`data` must be strings, as in ["a", "b"] or [["a"], ["b"]].', "inputs.0.data")
    return texts


def _unpack(rest: bytes, size: str | int | float | bool) -> list[str]:
    """Strings out of binary data: each is four bytes of its length, little-endian, and its UTF-8."""
    field = "inputs.0.parameters.binary_data_size"
    if type(size) is not int or size != len(rest):
        raise BadRequestError(f"binary_data_size is {size!r}, but {len(rest)} bytes follow the JSON.", field)
    texts: list[str] = []
    place = 0
    while place < len(rest):
        if place + 4 > len(rest):
            raise BadRequestError(f"The binary data ends within a length, at byte {place}.", field)
        (length,) = struct.unpack_from("<I", rest, place)
        place += 4
        if place + length > len(rest):
            raise BadRequestError(f"The binary data ends within text {len(texts)}, at byte {place}.", field)
        try:
            texts.append(rest[place : place + length].decode("utf-8"))
        except UnicodeDecodeError as error:
            raise BadRequestError(
                f"Text {len(texts)} is not UTF-8 at its byte {error.start}.", "inputs.0.data"
            ) from None
        place += length
    return texts


def _tensors(pooled: Sequence[dict[str, Pooled]], targets: Sequence[str]) -> dict[str, NDArray[Any]]:
    shape = (len(pooled), len(targets))
    label = np.full(shape, "", dtype=object)
    sentences = np.zeros(shape, dtype=_TYPES["INT64"])
    probability = np.zeros((*shape, len(STANCES)), dtype=_TYPES["FP64"])
    for row, found in enumerate(pooled):
        for column, target in enumerate(targets):
            if target in found:
                label[row, column] = found[target].label
                sentences[row, column] = found[target].sentences
                probability[row, column] = [found[target].scores[each] for each in STANCES]
    names = np.empty(shape, dtype=object)
    names[:] = list(targets)
    return {"target": names, "label": label, "sentences": sentences, "probability": probability}


def _encode(answer: dict[str, Any], tensors: dict[str, NDArray[Any]], binary: dict[str, bool]) -> Encoded:
    outputs, blobs = [], []
    for name, values in tensors.items():
        output: dict[str, Any] = {"name": name, "datatype": OUTPUTS[name], "shape": list(values.shape)}
        if binary[name]:
            blob = _pack(values) if OUTPUTS[name] == "BYTES" else values.tobytes()
            output["parameters"] = {"binary_data_size": len(blob)}
            blobs.append(blob)
        else:
            output["data"] = values.ravel().tolist()
        outputs.append(output)
    head = orjson.dumps(answer | {"outputs": outputs})
    return Encoded(b"".join([head, *blobs]), len(head) if blobs else None)


def _pack(values: NDArray[Any]) -> bytes:
    encoded = [str(value).encode() for value in values.ravel()]
    return b"".join(struct.pack("<I", len(each)) + each for each in encoded)


def metadata(version: str, targets: Sequence[str]) -> dict[str, Any]:
    """What the protocol tells of the model."""
    count = len(targets)
    shapes = {name: [-1, count] if name != "probability" else [-1, count, len(STANCES)] for name in OUTPUTS}
    return {
        "name": NAME,
        "versions": [version],
        "platform": "scikit-learn",
        "inputs": [{"name": INPUT, "datatype": "BYTES", "shape": [-1]}],
        "outputs": [{"name": name, "datatype": kind, "shape": shapes[name]} for name, kind in OUTPUTS.items()],
        "parameters": {"targets": ",".join(targets), "classes": ",".join(STANCES)},
    }
