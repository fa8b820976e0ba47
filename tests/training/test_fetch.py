import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from models.artifact import sha256
from training.fetch import CorpusFile, download, find_files, load_catalogue, read_lock
from training.records import DataError


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A folder and the address at which a server offers it."""
    folder = tmp_path / "served"
    folder.mkdir()
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=folder)) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield folder, f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def file(served: tuple[Path, str]) -> CorpusFile:
    folder, address = served
    (folder / "train.txt").write_text("Lima\n" * 50_000, encoding="utf-8")
    return CorpusFile("dse", "train.txt", "train", f"{address}/train.txt")


def test_a_file_is_downloaded_and_its_digest_written_down(file: CorpusFile, tmp_path: Path) -> None:
    seen: list[tuple[str, int, int | None]] = []
    lock = tmp_path / "lock.json"
    places = download([file], tmp_path / "out", lock, lambda *step: seen.append(step))
    assert places[file] == tmp_path / "out" / "dse" / "train.txt"
    assert places[file].stat().st_size == 250_000
    assert read_lock(lock) == {"dse/train.txt": {"sha256": sha256(places[file]), "url": file.url}}
    assert seen[-1] == ("dse/train.txt", 250_000, 250_000)


def test_what_is_there_is_not_downloaded_again(file: CorpusFile, served: tuple[Path, str], tmp_path: Path) -> None:
    download([file], tmp_path / "out", tmp_path / "lock.json")
    (served[0] / "train.txt").unlink()
    assert download([file], tmp_path / "out", tmp_path / "lock.json")[file].is_file()


def test_a_file_that_changed_is_refused(file: CorpusFile, served: tuple[Path, str], tmp_path: Path) -> None:
    download([file], tmp_path / "out", tmp_path / "lock.json")
    (served[0] / "train.txt").write_text("Oslo\n", encoding="utf-8")
    with pytest.raises(DataError, match="is not the file it should be"):
        download([file], tmp_path / "elsewhere", tmp_path / "lock.json")
    assert not (tmp_path / "elsewhere" / "dse" / "train.txt").exists()


def test_a_digest_of_the_catalogue_is_checked(file: CorpusFile, tmp_path: Path) -> None:
    pinned = CorpusFile(file.corpus, file.name, file.role, file.url, sha256="0" * 64)
    with pytest.raises(DataError, match=f"expected {'0' * 64}"):
        download([pinned], tmp_path / "out", tmp_path / "lock.json")


def test_a_damaged_copy_is_downloaded_again(file: CorpusFile, tmp_path: Path) -> None:
    place = download([file], tmp_path / "out", tmp_path / "lock.json")[file]
    place.write_text("Li", encoding="utf-8")
    assert download([file], tmp_path / "out", tmp_path / "lock.json")[file].stat().st_size == 250_000


def test_a_missing_file_says_how_to_go_on_without(served: tuple[Path, str], tmp_path: Path) -> None:
    gone = CorpusFile("dse", "gone.txt", "train", f"{served[1]}/gone.txt")
    with pytest.raises(
        DataError, match=r"gone\.txt answers 404 .*fetch --from DIR`, with this one as DIR/dse/gone\.txt"
    ):
        download([gone], tmp_path / "out", tmp_path / "lock.json")
    assert list((tmp_path / "out").rglob("*.*")) == []


def test_no_network_says_how_to_go_on_without(tmp_path: Path) -> None:
    away = CorpusFile("dse", "a.txt", "train", "http://127.0.0.1:9/a.txt")
    with pytest.raises(DataError, match="Is this machine offline"):
        download([away], tmp_path / "out", tmp_path / "lock.json")


def test_files_at_hand_are_found_in_each_way_they_may_lie(tmp_path: Path) -> None:
    catalogue = load_catalogue()
    clone = tmp_path / "NewsMTSC" / "NewsSentiment" / "controller_data" / "datasets" / "NewsMTSC-dataset"
    for place in (tmp_path / "dse" / "train.txt", tmp_path / "persent.dev.csv", clone / "devtest_rw.jsonl"):
        place.parent.mkdir(parents=True, exist_ok=True)
        place.touch()
    found = find_files(catalogue.values(), tmp_path)
    assert {file.key for file in found} == {"dse/train.txt", "persent/dev.csv", "newsmtsc/devtest_rw.jsonl"}


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="gone is no folder"):
        find_files(load_catalogue().values(), tmp_path / "gone")


def test_every_corpus_is_pinned_to_a_commit_over_https() -> None:
    for corpus in load_catalogue().values():
        assert corpus.licence
        for file in corpus.files:
            assert file.url.startswith("https://github.com/")
            commit = file.url.partition("/raw/")[2].partition("/")[0]
            assert len(commit) >= 7
            assert int(commit, 16)


def test_a_damaged_lock_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "lock.json").write_text("{", encoding="utf-8")
    with pytest.raises(DataError, match=r"lock\.json is no lock file"):
        read_lock(tmp_path / "lock.json")
