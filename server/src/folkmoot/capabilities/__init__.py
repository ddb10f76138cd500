"""What people can do together in a meeting beyond being there: each capability a folder with one object `feature`.

Law: capabilities are strangers to each other. Adding one is its folder, its tests, and its word in this list: the server, the
generator of the page's types, the tests and the import contracts all read it from here.
"""

from importlib import import_module

from folkmoot.meetings.feature import AnyFeature

NAMES = ("attendance", "chat", "polls", "reactions")

FEATURES: tuple[AnyFeature, ...] = tuple(import_module(f"{__name__}.{name}").feature for name in NAMES)
