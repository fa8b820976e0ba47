"""An artifact: a trained model in one folder.

`model.joblib` holds the fitted pipelines, `manifest.json` says what they are and what they were
made of, `MODEL_CARD.md` says it to people; `compiled.npz` has what serving needs of the model, in
plain arrays (see `models.tables`). Loading checks the digests first and then unpickles through an
allow-list of types, so that a tampered or foreign file runs no code.
"""

import hashlib
import json
import os
import pickle
import shutil
import tempfile
from importlib.metadata import version as installed
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from models.compiler import build_tables
from models.errors import ArtifactError
from models.tables import Tables, load_tables, save_tables

if TYPE_CHECKING:
    from sklearn.pipeline import Pipeline

FORMAT = 1
MODEL = "model.joblib"
MANIFEST = "manifest.json"
CARD = "MODEL_CARD.md"
COMPILED = "compiled.npz"
HEADS = ("stance", "sentiment")
_RETRAIN = "Retrain with `python -m training train`."

# Everything that a fitted pipeline of ours is made of; nothing else is constructed.
_ALLOWED = frozenset(
    (
        "builtins.slice",
        "collections.OrderedDict",
        "models.features.TermAnalyzer",
        "models.pipeline.PolaritySums",
        "numpy.dtype",
        "numpy.float64",
        "numpy.int64",
        "numpy.ndarray",
        "numpy._core.multiarray._reconstruct",
        "numpy._core.multiarray.scalar",
        "numpy._core.numeric._frombuffer",
        "scipy.sparse._dia.dia_matrix",
        "scipy.sparse._dia.dia_array",
        "sklearn.feature_extraction.text.TfidfTransformer",
        "sklearn.feature_extraction.text.TfidfVectorizer",
        "sklearn.linear_model._logistic.LogisticRegression",
        "sklearn.pipeline.FeatureUnion",
        "sklearn.pipeline.Pipeline",
    )
)


class Artifact:
    """A model: fitted pipelines, or the tables made of them, or both. What is not given is made when asked for.

    Attributes:
        manifest: what `manifest.json` says.
        folder: where it was loaded from; None when it was just trained.
    """

    def __init__(
        self,
        pipelines: "dict[str, Pipeline] | None",
        manifest: dict[str, Any],
        folder: Path | None = None,
        tables: Tables | None = None,
    ) -> None:
        self._pipelines, self._tables = pipelines, tables
        self.manifest, self.folder = manifest, folder

    @property
    def version(self) -> str:
        """The version, as in `2026.11.24`."""
        return str(self.manifest["version"])

    @property
    def pipelines(self) -> "dict[str, Pipeline]":
        """The fitted pipeline of each head, "stance" and "sentiment".

        Raises:
            ArtifactError: the model file cannot be used.
        """
        if self._pipelines is None:
            assert self.folder is not None
            _checked(self.folder)
            self._pipelines = _load_pipelines(self.folder)
        return self._pipelines

    @property
    def tables(self) -> Tables:
        """The same, compiled.

        Raises:
            ArtifactError: the model file cannot be used.
        """
        if self._tables is None:
            try:
                self._tables = build_tables(self.pipelines)
            except (KeyError, ValueError) as error:
                raise ArtifactError(
                    f"The model in {self.folder} cannot read a sentence: it was made for other features than this "
                    f"version has ({error}). {_RETRAIN}"
                ) from error
        return self._tables


def save_artifact(artifact: Artifact, folder: Path, card: str, extra: dict[str, str] | None = None) -> Path:
    """Write an artifact whole or not at all: beside its place first, then renamed.

    Args:
        artifact: pipelines and manifest; digests and library versions are filled in here.
        folder: the folder to make; it must not exist.
        card: text of the model card.
        extra: further text files by name, such as a report.

    Raises:
        ArtifactError: the folder exists already.
    """
    if folder.exists():
        raise ArtifactError(f"{folder} exists already. Choose another version or remove it first.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        with (aside / MODEL).open("wb") as file:
            pickle.dump(artifact.pipelines, file, protocol=5)
        save_tables(artifact.tables, aside / COMPILED, sha256(aside / MODEL))
        (aside / CARD).write_text(card, encoding="utf-8")
        for name, text in (extra or {}).items():
            (aside / name).write_text(text, encoding="utf-8")
        manifest = artifact.manifest | {
            "format": FORMAT,
            "libraries": artifact.manifest.get("libraries", {}) | {"scikit-learn": installed("scikit-learn")},
            "files": {path.name: sha256(path) for path in sorted(aside.iterdir())},
        }
        text = json.dumps(manifest, indent=2, ensure_ascii=False, sort_keys=True) + "\n"
        (aside / MANIFEST).write_text(text, encoding="utf-8")
        for path in aside.iterdir():
            _flush(path)
        aside.chmod(0o755)
        os.rename(aside, folder)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise
    return folder


def load_artifact(folder: Path) -> Artifact:
    """Load an artifact that is whole, ours, and made with this scikit-learn: its fitted pipelines.

    Raises:
        ArtifactError: a file is missing or damaged, the format or library version is another, or
            the model holds a type that is not allowed; no code of the file has run then.
    """
    manifest = _checked(folder)
    return Artifact(_load_pipelines(folder), manifest, folder)


def load_compiled(folder: Path) -> Artifact:
    """Load what serving needs of an artifact: its tables. scikit-learn is only imported where they must be made anew.

    Raises:
        ArtifactError: as `load_artifact`; types are only looked at where the pipelines are needed.
    """
    manifest = _checked(folder)
    try:
        tables = load_tables(folder / COMPILED, manifest["files"][MODEL]) if COMPILED in manifest["files"] else None
    except Exception as error:
        raise ArtifactError(f"{folder / COMPILED} cannot be read: {error}. {_RETRAIN}") from error
    if tables is not None and not set(HEADS) <= set(tables.heads):
        raise ArtifactError(f"{folder / COMPILED} does not hold the heads {', '.join(HEADS)}. {_RETRAIN}")
    return Artifact(None if tables else _load_pipelines(folder), manifest, folder, tables)


def _checked(folder: Path) -> dict[str, Any]:
    """The manifest of an artifact, its library version and the digests of its files checked."""
    manifest = read_manifest(folder)
    made_with, here = manifest["libraries"].get("scikit-learn"), installed("scikit-learn")
    if made_with != here:
        raise ArtifactError(f"{folder} was made with scikit-learn {made_with}, this is {here}. {_RETRAIN}")
    for name in (MODEL, CARD, COMPILED):
        if name == COMPILED and name not in manifest["files"]:
            continue  # an artifact may lack it; what the manifest does not vouch for is not read either
        path = folder / name
        if not path.is_file():
            raise ArtifactError(f"{folder} lacks {name}. {_RETRAIN}")
        if manifest["files"].get(name) != sha256(path):
            raise ArtifactError(f"{path} does not match the digest in {MANIFEST}: damaged or tampered with. {_RETRAIN}")
    return manifest


def _load_pipelines(folder: Path) -> "dict[str, Pipeline]":
    """Unpickle the model of an artifact whose digests have been checked."""
    from sklearn.pipeline import Pipeline  # not before it is needed: it is large

    pipelines = _unpickle(folder / MODEL)
    ours = isinstance(pipelines, dict) and set(pipelines) == set(HEADS)
    if not ours or not all(isinstance(pipeline, Pipeline) for pipeline in pipelines.values()):
        raise ArtifactError(f"{folder / MODEL} does not hold the heads {', '.join(HEADS)}. {_RETRAIN}")
    found: dict[str, Pipeline] = pipelines
    return found


def read_manifest(folder: Path) -> dict[str, Any]:
    """Read and check the manifest of an artifact.

    Raises:
        ArtifactError: it is missing, no JSON, or of another format.
    """
    path = folder / MANIFEST
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ArtifactError(
            f"No artifact in {folder}: cannot read {MANIFEST} ({error.strerror}). {_RETRAIN}"
        ) from error
    except ValueError as error:
        raise ArtifactError(f"{path} is no valid JSON: {error}. {_RETRAIN}") from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise ArtifactError(f"{path} is not of format {FORMAT}. {_RETRAIN}")
    if not isinstance(manifest.get("files"), dict) or not isinstance(manifest.get("version"), str):
        raise ArtifactError(f"{path} lacks `files` or `version`. {_RETRAIN}")
    if not isinstance(manifest.setdefault("libraries", {}), dict):
        raise ArtifactError(f"{path}: `libraries` must say which scikit-learn version it was made with. {_RETRAIN}")
    return manifest


def sha256(path: Path) -> str:
    """Hexadecimal SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class _AllowListUnpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if f"{module}.{name}" not in _ALLOWED:
            raise ArtifactError(f"The model holds {module}.{name}, which is not allowed: a foreign or tampered file.")
        return _plain_dtype if (module, name) == ("numpy", "dtype") else super().find_class(module, name)


def _plain_dtype(spec: Any, align: bool = False, copy: bool = False) -> np.dtype[Any]:
    """The type of an array; none of our arrays holds Python objects."""
    dtype: np.dtype[Any] = np.dtype(spec, align, copy)
    if dtype.hasobject:
        raise ArtifactError("The model holds an array of Python objects, which is not allowed: a foreign file.")
    return dtype


def _unpickle(path: Path) -> Any:
    try:
        with path.open("rb") as file:
            return _AllowListUnpickler(file).load()
    except ArtifactError:
        raise
    except Exception as error:
        raise ArtifactError(f"{path} cannot be read: {error}. {_RETRAIN}") from error


def _flush(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
