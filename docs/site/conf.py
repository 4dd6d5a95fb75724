"""Settings of Sphinx; `pages.py` puts the source together first."""

from __future__ import annotations

import re
from itertools import count
from typing import TYPE_CHECKING

import energy_impact

if TYPE_CHECKING:
    from sphinx.application import Sphinx

project = "energy_impact"
author = "energy_impact contributors"
project_copyright = author
version = release = energy_impact.__version__

extensions = ["myst_nb", "numpydoc", "sphinx.ext.autodoc", "sphinx_copybutton"]
html_theme = "furo"
html_title = f"energy_impact {release}"
html_static_path = ["_static"]
templates_path = ["_templates"]
html_extra_path = ["as_it_is"]
html_css_files = ["site.css"]
html_show_sourcelink = False
html_copy_source = False
exclude_patterns = ["_static", "_templates", "as_it_is"]

myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 4
nb_execution_mode = "force"
nb_execution_timeout = 600  # per cell, so that a busy machine does not fail
nb_execution_raise_on_error = True
nb_merge_streams = True
nb_render_image_options = {"alt": "Picture drawn by the code above"}

default_role = "code"
autodoc_typehints = "signature"
autodoc_member_order = "bysource"
maximum_signature_line_length = 80
numpydoc_show_class_members = False
numpydoc_xref_param_type = False
copybutton_prompt_text = r">>> |\.\.\. "
copybutton_prompt_is_regexp = True

WIDE = {
    '<div class="table-wrapper': '<div tabindex="0" role="region" aria-label="Table {}" class="table-wrapper',
    '<div class="output ': '<div tabindex="0" role="region" aria-label="Output {}" class="output ',
    "<pre>": '<pre tabindex="0">',
}
"""What may be wider than a phone, and how the keyboard reaches it to scroll; {} is its number."""
NO_HEADING = re.compile(r"<th([^>]*)>(?:<p></p>)?</th>")
SIGNATURE = re.compile(r'<dt class="sig .*?</dt>', re.DOTALL)
PICTURE = re.compile(r'<img alt="[^"]*" src="([^"]+)" />')


def _accessible(_app: object, _page: str, _template: str, context: dict[str, object], _tree: object) -> None:
    body = context.get("body")
    if not isinstance(body, str):
        return
    for found, instead in WIDE.items():
        numbers = count(1)
        body = re.sub(re.escape(found), lambda _, instead=instead, numbers=numbers: instead.format(next(numbers)), body)
    body = SIGNATURE.sub(lambda found: re.sub(r"<(/?)d[ld]>", r"<\1div>", found[0]), body)
    body = NO_HEADING.sub(r"<td\1></td>", body)
    context["body"] = PICTURE.sub(r'<a class="picture" href="\1">\g<0></a>', body)


def setup(app: Sphinx) -> None:
    """Let the keyboard scroll wide parts, call nothing a list or a heading that is none, open pictures in full."""
    app.connect("html-page-context", _accessible, priority=900)
