"""What reads the texts, and what it can be asked for."""

from starlette.testclient import TestClient


def test_the_model_tells_what_it_is(client: TestClient) -> None:
    answer = client.get("/v1/model").json()
    assert (answer["name"], answer["version"]) == ("stancewire", "9.9.9")
    assert answer["labels"]["stance"] == ["favor", "against", "neutral"]
    assert {"thresholds", "training", "metrics", "calibration", "libraries"} <= set(answer)


def test_the_targets_tell_what_they_are_called(client: TestClient) -> None:
    targets = {target["id"]: target for target in client.get("/v1/targets").json()["targets"]}
    assert set(targets) == {"us", "russia"}
    assert "kremlin" in targets["russia"]["aliases"]
