"""Folkmoot: a whole meeting system in one process. `app.create_app` is the only place where all its parts meet."""

from importlib.metadata import version

__version__ = version("folkmoot")
