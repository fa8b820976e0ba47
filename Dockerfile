# Stancewire as a container:
#   docker build -t stancewire . && docker run --rm -p 8000:8000 stancewire
# Another model: -v /path/to/releases:/models:ro -e STANCEWIRE_RELEASES=/models

FROM python:3.11-slim-bookworm AS builder
WORKDIR /src
# The compiler makes the fast path (models/scorer.pyx) and stays behind in this stage.
RUN apt-get update && apt-get install --yes --no-install-recommends gcc libc6-dev python3-dev
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
# The environment gets no pip of its own: it would be dead weight in the final image.
RUN python -m venv --without-pip /opt/stancewire
# Dependencies first: they change seldom, so this layer is kept when only the code changes.
COPY requirements.txt .
RUN pip --python /opt/stancewire/bin/python install --require-hashes -r requirements.txt
COPY pyproject.toml setup.py README.md LICENSE ./
COPY models models
COPY service service
COPY training training
# Built with the pinned setuptools and Cython of the requirements, which then have done their work.
RUN pip --python /opt/stancewire/bin/python install --no-deps --no-build-isolation . \
    && /opt/stancewire/bin/python -c "import os; os.chdir('/'); import models.scorer" \
    && pip --python /opt/stancewire/bin/python uninstall --yes cython setuptools

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin stancewire
COPY --from=builder /opt/stancewire /opt/stancewire
# One thread for numpy in each worker (rows are small) and few malloc arenas: less memory, no slower.
ENV PATH=/opt/stancewire/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    OPENBLAS_NUM_THREADS=1 \
    OMP_NUM_THREADS=1 \
    MALLOC_ARENA_MAX=2 \
    STANCEWIRE_HOST=0.0.0.0 \
    STANCEWIRE_PORT=8000
USER 10001:10001
WORKDIR /tmp
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen('http://127.0.0.1:' + os.environ['STANCEWIRE_PORT'] + '/healthz', timeout=4)"]
CMD ["stancewire", "serve"]
