"""Near-duplicates: sentences that share most of their runs of three words."""

import re
from collections.abc import Iterator, Sequence

import numpy as np
from scipy.sparse import csr_matrix

NEAR = 0.7  # Jaccard similarity of the runs of words, from which two sentences are near-duplicates
_BLOCK = 2000  # rows that are compared with all others at a time: bounds the memory
_WORD = re.compile(r"\w+")


def near_duplicates(texts: Sequence[str], near: float = NEAR) -> Iterator[tuple[int, int, float]]:
    """Pairs of near-duplicates, by index, the lower first, with their similarity in 0 to 1.

    The similarity is the share of the runs of three words (of two for texts under eight words)
    that both texts have. 20,000 sentences take some seconds: two texts are only compared when
    they share a run, by one product of sparse matrices.
    """
    table = _shingles(texts)
    sizes = np.diff(table.indptr)
    turned = table.T.tocsr()
    for first in range(0, len(texts), _BLOCK):
        shared = (table[first : first + _BLOCK] @ turned).tocoo()
        rows, columns, counts = shared.row + first, shared.col, shared.data
        upper = rows < columns
        rows, columns, counts = rows[upper], columns[upper], counts[upper]
        similarity = counts / (sizes[rows] + sizes[columns] - counts)
        for k in np.flatnonzero(similarity >= near):
            yield int(rows[k]), int(columns[k]), float(similarity[k])


def _shingles(texts: Sequence[str]) -> csr_matrix:
    """Which runs of words each text has: shape (texts, runs)."""
    vocabulary: dict[tuple[str, ...], int] = {}
    indices: list[int] = []
    starts = [0]
    for text in texts:
        words = _WORD.findall(text.lower())
        size = 3 if len(words) >= 8 else min(2, len(words))
        runs = {tuple(words[i : i + size]) for i in range(len(words) - size + 1)} if words else set()
        indices.extend(sorted(vocabulary.setdefault(run, len(vocabulary)) for run in runs))
        starts.append(len(indices))
    data = np.ones(len(indices), dtype=np.int32)
    return csr_matrix((data, indices, starts), shape=(len(texts), max(1, len(vocabulary))))
