"""Tensors in and out, without HTTP: what is packed is what was asked for."""

import json
import struct
from typing import Any

import numpy as np
import pytest

from service.errors import BadRequestError
from service.tensors import OUTPUTS, Encoded, UnknownModelError, check_model, infer, metadata
from service.work import Reader

TEXTS = ["Ankara thanked Moscow on Tuesday.", "Oslo condemned Washington."]


def ask(reader: Reader, texts: list[str] = TEXTS, **more: Any) -> Encoded:
    tensor = {"name": "text", "shape": [len(texts)], "datatype": "BYTES", "data": texts}
    return infer(reader, json.dumps({"inputs": [tensor]} | more).encode(), None, "stancewire", None).value


def unpacked(blob: bytes) -> list[str]:
    found, place = [], 0
    while place < len(blob):
        (length,) = struct.unpack_from("<I", blob, place)
        found.append(blob[place + 4 : place + 4 + length].decode())
        place += 4 + length
    return found


def test_binary_tensors_follow_the_json_in_the_order_asked_for(reader: Reader) -> None:
    names = ("sentences", "label", "target")
    outputs = [{"name": name, "parameters": {"binary_data": name != "label"}} for name in names]
    found = ask(reader, outputs=outputs)
    assert found.header is not None
    answer, blob = json.loads(found.body[: found.header]), found.body[found.header :]
    assert [each["name"] for each in answer["outputs"]] == list(names)
    assert answer["outputs"][1]["data"] == ["", "favor", "against", ""]
    size = answer["outputs"][0]["parameters"]["binary_data_size"]
    assert np.frombuffer(blob[:size], "<i8").reshape(2, 2).tolist() == [[0, 1], [1, 0]]
    assert unpacked(blob[size:]) == ["us", "russia"] * 2
    assert size + answer["outputs"][2]["parameters"]["binary_data_size"] == len(blob)


def test_without_binary_tensors_all_is_json(reader: Reader) -> None:
    found = ask(reader, id="7")
    answer = json.loads(found.body)
    assert (found.header, answer["id"]) == (None, "7")
    assert {each["name"]: each["datatype"] for each in answer["outputs"]} == OUTPUTS
    for each in answer["outputs"]:
        assert len(each["data"]) == np.prod(each["shape"])


def test_a_text_counts_in_bytes_and_not_in_letters(reader: Reader) -> None:
    texts = ["Осло… thanked Moscow.", "Lima 🌧."]
    blob = b"".join(struct.pack("<I", len(text.encode())) + text.encode() for text in texts)
    tensor = {"name": "text", "shape": [2, 1], "datatype": "BYTES", "parameters": {"binary_data_size": len(blob)}}
    head = json.dumps({"inputs": [tensor]}).encode()
    done = infer(reader, head + blob, str(len(head)), "stancewire", "9.9.9")
    assert json.loads(done.value.body)["outputs"] == json.loads(ask(reader, texts).body)["outputs"]
    assert (done.tally.documents, done.tally.sentences) == (2, 2)


def test_columns_are_the_targets_asked_for_each_once(reader: Reader) -> None:
    outputs = json.loads(ask(reader, parameters={"targets": "russia, us,russia"}).body)["outputs"]
    assert outputs[0]["data"] == ["russia", "us"] * 2
    assert outputs[1]["data"] == ["favor", "", "", "against"]


@pytest.mark.parametrize(("name", "version"), [("other", None), ("stancewire", "1")])
def test_only_what_is_served_is_answered_for(name: str, version: str | None) -> None:
    check_model("stancewire", None, "9.9.9")
    check_model("stancewire", "9.9.9", "9.9.9")
    with pytest.raises(UnknownModelError, match=r"The one served is"):
        check_model(name, version, "9.9.9")


def test_bytes_that_nobody_announced_are_refused(reader: Reader) -> None:
    head = json.dumps({"inputs": [{"name": "text", "shape": [1], "datatype": "BYTES", "data": TEXTS[:1]}]}).encode()
    with pytest.raises(BadRequestError, match="4 bytes follow the JSON, but no input is binary"):
        infer(reader, head + b"more", str(len(head)), "stancewire", None)


def test_shapes_told_beforehand_are_those_that_come(reader: Reader) -> None:
    told = {each["name"]: each["shape"] for each in metadata("9.9.9", ["us", "russia"])["outputs"]}
    for each in json.loads(ask(reader).body)["outputs"]:
        assert each["shape"] == [len(TEXTS), *told[each["name"]][1:]]
