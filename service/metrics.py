"""Prometheus metrics, right with one server process and with several.

With several, each process writes to files in a folder that they share (`PROMETHEUS_MULTIPROC_DIR`,
set by `stancewire serve`), and whichever is asked adds up all of them.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from prometheus_client.registry import Collector

from service.logs import SINK
from service.work import Tally

SHARED = "PROMETHEUS_MULTIPROC_DIR"
_BUCKETS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
_METHODS = frozenset(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])


class Metrics:
    """All that is counted."""

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        self._requests = Counter(
            "stancewire_requests", "Requests answered.", ["route", "method", "status"], registry=registry
        )
        self._seconds = Histogram(
            "stancewire_request_seconds", "Time to answer.", ["route"], buckets=_BUCKETS, registry=registry
        )
        self.in_flight = Gauge(
            "stancewire_requests_in_flight", "Requests at work.", registry=registry, multiprocess_mode="livesum"
        )
        self._documents = Counter("stancewire_documents", "Texts read.", registry=registry)
        self._failed = Counter(
            "stancewire_documents_failed", "Texts of batches and streams that were refused.", registry=registry
        )
        self._sentences = Counter("stancewire_sentences", "Sentences read.", registry=registry)
        self._labels = Counter(
            "stancewire_labels", "Stances given, by target and label.", ["target", "label"], registry=registry
        )
        self._unsure = Counter("stancewire_stances_unsure", "Stances below the threshold.", registry=registry)
        self._words = Counter("stancewire_sampled_words", "Words looked at, in a sample of texts.", registry=registry)
        self._unseen = Counter(
            "stancewire_sampled_words_unseen", "Words among them that the model never saw.", registry=registry
        )
        self._models = Gauge(
            "stancewire_model_processes",
            "Server processes that serve a model version.",
            ["version"],
            registry=registry,
            multiprocess_mode="livesum",
        )
        self._loads = Counter("stancewire_model_loads", "Models taken up, and refused.", ["result"], registry=registry)
        self._dropped = Gauge(
            "stancewire_log_lines_dropped",
            "Log lines that could not be written.",
            registry=registry,
            multiprocess_mode="sum",
        )
        self._dropped.set_function(lambda: SINK.dropped) if SHARED not in os.environ else None
        self._versions: set[str] = set()
        self._children: dict[tuple[str, str, int], Counter] = {}
        self._targets: dict[tuple[str, str], Counter] = {}
        self._clocks: dict[str, Histogram] = {}
        for result in ("taken", "refused"):
            self._loads.labels(result)

    def count_request(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count one answered request."""
        key = (route, method, status)
        child = self._children.get(key)
        if child is None:
            child = self._requests.labels(route, method if method in _METHODS else "other", str(status))
            if len(self._children) < 10_000:
                self._children[key] = child
        child.inc()
        clock = self._clocks.get(route)
        if clock is None:
            clock = self._clocks[route] = self._seconds.labels(route)
        clock.observe(seconds)

    def count_work(self, tally: Tally) -> None:
        """Count one finished piece of work."""
        self._documents.inc(tally.documents)
        self._sentences.inc(tally.sentences)
        for (target, label), count in tally.labels.items():
            child = self._targets.get((target, label))
            if child is None:
                child = self._targets[target, label] = self._labels.labels(target, label)
            child.inc(count)
        if tally.unsure:
            self._unsure.inc(tally.unsure)
        if tally.failed:
            self._failed.inc(tally.failed)
        if tally.words:
            self._words.inc(tally.words)
            self._unseen.inc(tally.unseen)

    def count_model(self, version: str, taken: bool) -> None:
        """Count a model that was taken up, or refused."""
        self._loads.labels("taken" if taken else "refused").inc()
        if taken:
            self._versions.add(version)
            for known in self._versions:
                self._models.labels(known).set(float(known == version))

    def render(self) -> bytes:
        """All metrics of all server processes, in the Prometheus text format."""
        registry = self._registry
        folder = os.environ.get(SHARED)
        if folder:
            self._dropped.set(SINK.dropped)
            _forget_dead(Path(folder))
            registry = CollectorRegistry()
            MultiProcessCollector(registry, folder)  # type: ignore[no-untyped-call]
        shares = CollectorRegistry()
        shares.register(_Shares(list(registry.collect())))
        return generate_latest(registry) + generate_latest(shares)


class _Shares(Collector):
    """Shares that people want to see and alert on, made of the counters."""

    def __init__(self, families: list[Metric]) -> None:
        self._families = families

    def collect(self) -> Iterator[Metric]:
        total: dict[str, float] = {}
        for family in self._families:
            for sample in family.samples:
                if sample.name.endswith("_total"):
                    total[sample.name] = total.get(sample.name, 0.0) + sample.value
        for name, text, part, whole in (
            ("unsure", "Stances below the threshold.", "stances_unsure", "labels"),
            ("unseen", "Words that the model never saw.", "sampled_words_unseen", "sampled_words"),
        ):
            count = total.get(f"stancewire_{whole}_total", 0.0)
            share = total.get(f"stancewire_{part}_total", 0.0) / count if count else 0.0
            yield GaugeMetricFamily(f"stancewire_{name}_share", f"Share, since the start. {text}", value=share)


def _forget_dead(folder: Path) -> None:
    """Take gauges of server processes that are gone out of the sums."""
    for path in folder.glob("gauge_live*.db"):
        found = re.search(r"_(\d+)\.db$", path.name)
        if found and not Path(f"/proc/{found[1]}").exists():
            mark_process_dead(int(found[1]), str(folder))  # type: ignore[no-untyped-call]
