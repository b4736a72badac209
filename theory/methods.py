"""Methods of theory's objects that upper layers compute, such as ``K.matrix(X)``.

Theory knows no floats and no figures, so it only names these methods. The layer that
computes one enters it here, and without that layer the method says what to import.
"""

from collections.abc import Callable
from importlib import import_module
from typing import Any

from theory.errors import Unsupported

_functions: dict[str, Callable[..., Any]] = {}
_providers: list[str] = []


def install(method: str, function: Callable[..., Any]) -> None:
    """Let ``Class.method`` call a function, whose first argument is the object.

    Examples
    --------
    >>> install("Kernel.as_text", str)
    >>> method_of("Kernel.as_text") is str
    True
    """
    _functions[method] = function


def provide(module: str) -> None:
    """Name a module that is imported when a method is asked for and missing."""
    if module not in _providers:
        _providers.append(module)


def method_of(method: str) -> Callable[..., Any] | None:
    """The function of ``Class.method``, or None where no layer has entered it."""
    if method not in _functions:
        for module in _providers:
            import_module(module)
    return _functions.get(method)


class FromAbove:
    """A method that an upper layer computes; ``layer`` is what has to be imported.

    Examples
    --------
    >>> class Point:
    ...     draw = FromAbove("learnability")
    >>> Point().draw()
    Traceback (most recent call last):
    theory.errors.Unsupported: Point.draw is computed by learnability: import learnability
    """

    def __init__(self, layer: str) -> None:
        self.layer, self.method = layer, "?"

    def __set_name__(self, owner: type, name: str) -> None:
        self.method = f"{owner.__name__}.{name}"

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        if instance is None:
            return self

        def call(*arguments: Any, **options: Any) -> Any:
            function = method_of(self.method)
            if function is None:
                shown = self.method.replace("._", ".")
                raise Unsupported(
                    f"{shown} is computed by {self.layer}: import {self.layer}"
                )
            return function(instance, *arguments, **options)

        call.__name__, call.__qualname__ = self.method.rpartition(".")[2], self.method
        return call


__all__ = ["FromAbove", "install", "method_of", "provide"]
