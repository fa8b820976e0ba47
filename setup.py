"""The fast path is compiled where there is a C compiler; without one all works, slower. The rest: pyproject.toml."""

from setuptools import Extension, setup

setup(ext_modules=[Extension("models.scorer", ["models/scorer.pyx"], extra_compile_args=["-O3"], optional=True)])
