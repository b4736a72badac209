"""The explorer: one page in the browser that follows your questions.

``question`` answers, ``charts`` draws, ``simulation`` measures, ``page`` is the marimo
app, ``serve`` starts it on this machine alone. All but the page work without marimo.
"""
