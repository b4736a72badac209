"""The documentation site: ``sphinx-build -W -b html docs docs/_build/html``.

The built site loads nothing from elsewhere: MathJax lies beside the pages.
"""

import sys
from importlib import metadata
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE / "_extensions"))

project = "learnability"
author = "The learnability authors"
copyright = author
version = release = metadata.version("learnability")
html_title = f"learnability {release}"
html_theme_options = {"navigation_with_keys": True}

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx.ext.mathjax",
    "formula_pages",
    "generated_pages",
    "api_pages",
]
exclude_patterns = ["_build", "_extensions", "**/.ipynb_checkpoints"]
source_suffix = {".md": "myst-nb"}

# notebooks are executed when the site is built; one that raises fails the build
nb_execution_mode = "cache"
nb_execution_raise_on_error = True
nb_execution_show_tb = True
nb_execution_timeout = 120
nb_merge_streams = True
nb_mime_priority_overrides = [("html", "text/html", 1), ("html", "text/latex", 2)]
# the types of attributes are words, and several classes have an attribute n
suppress_warnings = ["ref.python"]

myst_enable_extensions = ["dollarmath", "amsmath", "colon_fence", "deflist"]
myst_heading_anchors = 3
myst_update_mathjax = False

autodoc_member_order = "bysource"
autodoc_typehints = "none"
napoleon_google_docstring = False
napoleon_use_ivar = True
napoleon_use_rtype = False
default_role = "literal"
add_module_names = False
python_use_unqualified_type_names = True

html_theme = "furo"
html_static_path = ["_static"]
html_css_files = ["formulas.css"]
html_js_files = ["copy_examples.js"]
html_search_scorer = str(HERE / "_static" / "search_order.js")
html_copy_source = False
html_show_sourcelink = False
pygments_style = "friendly"

# one file holds TeX input, all its extensions and the fonts, as SVG paths
MATHJAX = "sphinx-mathjax-offline/static/mathjax/tex-svg-full.js"
mathjax_source = Path(
    str(metadata.distribution("sphinx-mathjax-offline").locate_file(MATHJAX))
)
mathjax_path = mathjax_source.name
html_static_path.append(str(mathjax_source))
mathjax3_config = {
    "tex": {"inlineMath": [["\\(", "\\)"]], "displayMath": [["\\[", "\\]"]]},
    "options": {"ignoreHtmlClass": "tex2jax_ignore|mathjax_ignore|document"},
    "svg": {"fontCache": "global"},
}
