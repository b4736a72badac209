"""The explorer: one page in the browser that follows your questions.

``controls`` and ``question`` are what is asked, ``answers`` what the theory says of it,
``simulation`` measures, ``charts`` and ``tables`` show, ``copies`` gives it as code and as
a link. ``page`` is the marimo app, ``serve`` starts it on this machine alone, ``guard``
keeps other pages out, ``bounded`` answers within limits. All but the page and the server
work without marimo.
"""

start_values: dict[str, str] = {}
"""What the page starts with, where its address does not say: ``domain``, ``kernel``, …"""
