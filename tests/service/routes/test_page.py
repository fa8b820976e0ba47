"""The page's route is service/routes/page.py; its own files are in service/static."""

import re
import tomllib
from html.parser import HTMLParser
from pathlib import Path

import httpx
import pytest

from service.routes.page import STATIC


class Tags(HTMLParser):
    """Tags with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.fixture(scope="module")
def tags() -> list[tuple[str, dict[str, str | None]]]:
    return Tags((STATIC / "index.html").read_text(encoding="utf-8")).found


def test_page_has_a_strict_policy_and_every_file_it_needs(
    server_url: str, tags: list[tuple[str, dict[str, str | None]]]
) -> None:
    page = httpx.get(server_url)
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    files = [values.get("src") or values["href"] for tag, values in tags if tag in ("script", "link")]
    assert len(files) == 3
    for file in files:
        assert httpx.get(f"{server_url}/{file}").status_code == 200


def test_nothing_is_inline_and_nothing_comes_from_elsewhere(tags: list[tuple[str, dict[str, str | None]]]) -> None:
    for tag, values in tags:
        assert tag != "style"
        assert tag != "script" or values.get("src")
        assert not any(name == "style" or name.startswith("on") for name in values)
        for name in ("src", "href"):
            assert not re.match(r"[a-z]+:|//", values.get(name) or "")
    for path in STATIC.iterdir():
        text = path.read_text(encoding="utf-8").replace('xmlns="http://www.w3.org/2000/svg"', "")
        assert "://" not in text


def test_every_field_has_a_label_and_ids_in_the_script_exist(tags: list[tuple[str, dict[str, str | None]]]) -> None:
    ids = {values["id"] for _, values in tags if "id" in values}
    labelled = {values["for"] for tag, values in tags if tag == "label" and "for" in values}
    fields = [values for tag, values in tags if tag in ("input", "textarea") and values.get("type") != "checkbox"]
    assert {values["id"] for values in fields} == labelled
    script = (STATIC / "page.js").read_text(encoding="utf-8")
    assert set(re.findall(r'\$\("([a-z-]+)"\)', script)) <= ids
    assert "innerHTML" not in script


def test_the_routes_the_script_calls_answer_as_it_expects(server_url: str) -> None:
    script = (STATIC / "page.js").read_text(encoding="utf-8")
    assert set(re.findall(r'call\("([^"]+)"', script)) == {"v1/stance", "v1/targets", "v1/model"}
    targets = httpx.get(f"{server_url}/v1/targets").json()["targets"]
    assert {each["id"]: each["name"] for each in targets} == {"us": "United States", "russia": "Russia"}
    assert httpx.get(f"{server_url}/v1/model").json()["version"] == "9.9.9"
    example = re.search(r"EXAMPLE = `(.+?)`", script, re.DOTALL)
    assert example is not None
    answer = httpx.post(f"{server_url}/v1/stance", json={"text": example[1], "explain": True}).json()
    assert set(answer["summary"]) == {"us", "russia"}
    bad = httpx.post(f"{server_url}/v1/stance", json={"text": " "}).json()
    assert bad["error"]["message"]


@pytest.mark.parametrize("name", ["index.html", "..%2fapp.py", "../app.py", "page.py", "page.js%00"])
def test_only_the_files_of_the_page_are_given_out(server_url: str, name: str) -> None:
    answer = httpx.get(f"{server_url}/static/{name}")
    assert answer.status_code in (404, 422)
    assert "import" not in answer.text


def test_the_files_of_the_page_are_packed_with_the_package() -> None:
    root = Path(__file__).parents[3]
    setuptools = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    for name in ("service.static", "service.templates"):
        assert name in setuptools["packages"]
        assert setuptools["package-data"][name] == ["*"]
        assert any((root / name.replace(".", "/")).iterdir())
