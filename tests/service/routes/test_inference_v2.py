import struct
from collections.abc import Iterator
from typing import Any

import httpx
import numpy as np
import pytest
import tritonclient.http as triton
from tritonclient.utils import InferenceServerException

from models.analyzer import Analyzer

BINARY = "inputs.0.parameters.binary_data_size"
TEXTS = ["Ankara thanked Moscow on Tuesday.", "Oslo condemned Washington.", "Rain fell — in Lisbon \U0001f327."]


@pytest.fixture
def client(server_url: str) -> Iterator[triton.InferenceServerClient]:
    with triton.InferenceServerClient(server_url.removeprefix("http://")) as found:
        yield found


def text_input(binary: bool, texts: list[str] = TEXTS, shape: list[int] | None = None) -> triton.InferInput:
    values = np.array([text.encode() for text in texts], dtype=object).reshape(shape or [len(texts)])
    tensor = triton.InferInput("text", list(values.shape), "BYTES")
    tensor.set_data_from_numpy(values, binary_data=binary)
    return tensor


def test_the_triton_client_finds_server_and_model_alive_and_ready(client: triton.InferenceServerClient) -> None:
    assert client.is_server_live()
    assert client.is_server_ready()
    assert client.is_model_ready("stancewire")
    assert client.is_model_ready("stancewire", "9.9.9")
    assert not client.is_model_ready("stancewire", "1")
    assert not client.is_model_ready("other")
    assert client.get_server_metadata()["extensions"] == ["binary_tensor_data"]


def test_metadata_names_tensors_targets_and_classes(client: triton.InferenceServerClient) -> None:
    found = client.get_model_metadata("stancewire")
    assert found == client.get_model_metadata("stancewire", "9.9.9")
    assert found["versions"] == ["9.9.9"]
    assert found["inputs"] == [{"name": "text", "datatype": "BYTES", "shape": [-1]}]
    assert {each["name"]: each["shape"] for each in found["outputs"]} == {
        "target": [-1, 2],
        "label": [-1, 2],
        "sentences": [-1, 2],
        "probability": [-1, 2, 3],
    }
    assert found["parameters"] == {"targets": "us,russia", "classes": "favor,against,neutral"}
    with pytest.raises(InferenceServerException, match="no model 'other'"):
        client.get_model_metadata("other")


@pytest.mark.parametrize("binary_in", [False, True])
@pytest.mark.parametrize("binary_out", [False, True])
@pytest.mark.parametrize("shape", [[3], [3, 1]])
def test_the_triton_client_gets_labels_and_probabilities(
    client: triton.InferenceServerClient, analyzer: Analyzer, binary_in: bool, binary_out: bool, shape: list[int]
) -> None:
    names = ("target", "label", "sentences", "probability")
    outputs = [triton.InferRequestedOutput(name, binary_data=binary_out) for name in names]
    found = client.infer("stancewire", [text_input(binary_in, shape=shape)], outputs=outputs, request_id="seven")
    response = found.get_response()
    assert (response["id"], response["model_name"], response["model_version"]) == ("seven", "stancewire", "9.9.9")
    label, target = (
        [[each.decode() if isinstance(each, bytes) else each for each in row] for row in found.as_numpy(name)]
        for name in ("label", "target")
    )
    assert target == [["us", "russia"]] * 3
    assert label == [["", "favor"], ["against", ""], ["", ""]]
    assert found.as_numpy("sentences").tolist() == [[0, 1], [1, 0], [0, 0]]
    scores = analyzer.analyze(TEXTS[0]).sentences[0].stances[0].scores
    probability = found.as_numpy("probability")
    assert probability.shape == (3, 2, 3)
    assert probability[0, 1].tolist() == pytest.approx([scores[each] for each in ("favor", "against", "neutral")])
    assert probability.sum(axis=2).round(9).tolist() == [[0, 1], [1, 0], [0, 0]]


def test_all_outputs_come_binary_when_none_is_named(client: triton.InferenceServerClient) -> None:
    found = client.infer("stancewire", [text_input(True)], model_version="9.9.9")
    assert [each["name"] for each in found.get_response()["outputs"]] == ["target", "label", "sentences", "probability"]
    assert found.as_numpy("label")[0, 1] == b"favor"


def test_parameters_choose_targets_and_date(client: triton.InferenceServerClient) -> None:
    texts = ["Ankara thanked President Obama."]
    for date, label in (("2015-01-01", b"favor"), ("2020-01-01", b"")):
        parameters = {"targets": "us", "date": date}
        found = client.infer("stancewire", [text_input(True, texts)], parameters=parameters)
        assert found.as_numpy("label").shape == (1, 1)
        assert (found.as_numpy("label")[0, 0] == label) or (label == b"favor" and found.as_numpy("label")[0, 0] != b"")


def test_a_batch_of_no_texts_gets_tensors_of_no_rows(client: triton.InferenceServerClient) -> None:
    found = client.infer("stancewire", [text_input(True, [])])
    assert found.as_numpy("probability").shape == (0, 2, 3)


def test_a_request_as_kserve_documents_it_is_answered_in_json(server_url: str) -> None:
    body = {"id": "1", "inputs": [{"name": "text", "shape": [1, 1], "datatype": "BYTES", "data": [[TEXTS[0]]]}]}
    answer = httpx.post(f"{server_url}/v2/models/stancewire/infer", json=body)
    assert answer.headers["content-type"] == "application/json"
    assert "inference-header-content-length" not in answer.headers
    outputs = {each["name"]: each for each in answer.json()["outputs"]}
    assert outputs["label"] == {"name": "label", "datatype": "BYTES", "shape": [1, 2], "data": ["", "favor"]}
    assert len(outputs["probability"]["data"]) == 6


def tensor(**changes: Any) -> dict[str, Any]:
    return {"name": "text", "shape": [1], "datatype": "BYTES", "data": ["Moscow."]} | changes


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"inputs": []}, 400, "inputs"),
        ({"inputs": [tensor(), tensor()]}, 400, "inputs"),
        ({"inputs": [tensor(name="texts")]}, 400, "inputs"),
        ({"inputs": [tensor(datatype="FP32")]}, 400, "inputs"),
        ({"inputs": [tensor(shape=[2])]}, 400, "inputs.0.shape"),
        ({"inputs": [tensor(shape=[1, 2])]}, 400, "inputs.0.shape"),
        ({"inputs": [tensor(shape=[])]}, 400, "inputs.0.shape"),
        ({"inputs": [tensor(shape=[-1])]}, 400, "inputs.0.shape"),
        ({"inputs": [tensor(data=[5])]}, 400, "inputs.0.data"),
        ({"inputs": [tensor(data=None)]}, 400, "inputs.0.data"),
        ({"inputs": [tensor(data=[" "])]}, 422, "inputs.0.data"),
        ({"inputs": [tensor(shape=[21], data=["Moscow."] * 21)]}, 413, "inputs.0.data"),
        ({"inputs": [tensor()], "outputs": [{"name": "mood"}]}, 400, "outputs.0.name"),
        ({"inputs": [tensor()], "parameters": {"targets": "mars"}}, 422, "targets"),
        ({"inputs": [tensor()], "parameters": {"targets": 5}}, 400, "parameters.targets"),
        ({"inputs": [tensor(parameters={"binary_data_size": 0})]}, 400, "inputs.0.data"),
        ({"inputs": [tensor(data=[["a", "b"]], shape=[2])]}, 400, "inputs.0.data"),
        ({"inputs": [tensor(data=None, parameters={"binary_data_size": 9})]}, 400, BINARY),
        ({"inputs": [tensor(data=None, parameters={"binary_data_size": True})]}, 400, BINARY),
        ({"inputs": 5}, 422, "inputs"),
    ],
)
def test_a_bad_request_names_its_fault(server_url: str, body: object, status: int, field: str) -> None:
    answer = httpx.post(f"{server_url}/v2/models/stancewire/infer", json=body)
    assert (answer.status_code, answer.json()["field"]) == (status, field)


@pytest.mark.parametrize(
    ("blob", "header", "message"),
    [
        (b"\x07\0\0", None, "ends within a length"),
        (struct.pack("<I", 2**32 - 1) + b"Moscow.", None, "ends within text 0"),
        (struct.pack("<I", 4) + b"caf\xe9", None, "not UTF-8"),
        (b"", "100000", "Inference-Header-Content-Length"),
        (b"", "-1", "Inference-Header-Content-Length"),
        (b"", "²", "Inference-Header-Content-Length"),
    ],
)
def test_damaged_binary_data_is_refused(server_url: str, blob: bytes, header: str | None, message: str) -> None:
    head = b'{"inputs":[{"name":"text","shape":[1],"datatype":"BYTES","parameters":{"binary_data_size":%d}}]}' % len(
        blob
    )
    headers = {"Inference-Header-Content-Length": (header or str(len(head))).encode("latin-1")}
    answer = httpx.post(f"{server_url}/v2/models/stancewire/infer", content=head + blob, headers=headers)
    assert answer.status_code == 400
    assert message in answer.json()["error"]


def test_another_model_or_version_is_not_found(server_url: str) -> None:
    for path in ("models/other/infer", "models/stancewire/versions/1/infer"):
        answer = httpx.post(f"{server_url}/v2/{path}", json={"inputs": [tensor()]})
        assert (answer.status_code, answer.json()["code"]) == (404, "unknown_model")


def test_the_triton_client_raises_our_error_message(client: triton.InferenceServerClient) -> None:
    with pytest.raises(InferenceServerException, match="empty or blank"):
        client.infer("stancewire", [text_input(True, [" "])])
