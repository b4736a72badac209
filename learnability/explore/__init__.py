"""The explorer: one page in the browser that follows your questions.

``question`` answers, ``charts`` draws, ``simulation`` measures, ``page`` is the marimo
app, ``serve`` starts it on this machine alone, ``guard`` keeps other pages out, ``bounded``
answers within limits. All but the page and the server work without marimo.
"""

start_values: dict[str, str] = {}
"""What the page starts with: ``domain``, ``kernel``, ``target``."""
