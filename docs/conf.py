"""Sphinx configuration of the course."""

import os
from pathlib import Path
from urllib.parse import urlsplit

from sphinx.application import Sphinx
from sphinx.util.i18n import CatalogRepository

import streamdocs
from streamdocs.course import page
from streamdocs.publishing.book import epub
from streamdocs.running import cache

_HERE = Path(__file__).parent
_ROOT = _HERE.parent
_SITE = os.environ.get("SITE_URL", "")
_TOP = urlsplit(_SITE).path or "/"
_LOCALE = str(_HERE / "locale")

project = "streamdocs"
author = "los autores de streamdocs"
copyright = "2026, los autores de streamdocs. Texto: CC BY 4.0. Código: MIT"
version = release = streamdocs.__version__
language = "es"
html_title = "Spark Structured Streaming, ejecutado"

extensions = [
    "myst_nb",
    "notfound.extension",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx_copybutton",
    "sphinx_design",
    "streamdocs.publishing.icons",
    "streamdocs.publishing.sphinx_ext",
]
# The interface's strings that Sphinx and the theme leave in English.
locale_dirs = [_LOCALE]
templates_path = ["_templates"]
exclude_patterns = ["_build", "jupyter_execute"]
nitpicky = True
# The types in signatures belong to other projects, whose inventories a build does not fetch.
nitpick_ignore_regex = [("py:.*", ".*")]

# As they stand in the code: the values are paths of the machine that builds.
autodoc_preserve_defaults = True

# Every Markdown page is a notebook, read by us so that «:example:» cells are filled in.
myst_enable_extensions = list(page.EXTENSIONS)
source_suffix = {".md": "myst-nb"}
nb_custom_formats = {
    ".md": [
        "streamdocs.course.page.read",
        {"examples": str(_ROOT / "examples")},
    ]
}
nb_execution_mode = "cache"
nb_execution_timeout = 300
nb_execution_cache_path = str(cache.folder(_HERE / "_build" / "jupyter-cache"))
# Errors are shown as class and message: no traceback to colour.
nb_render_error_lexer = "text"
# MyST-NB would say here what is hidden, in English.
nb_code_prompt_show = "Desplegar"
nb_code_prompt_hide = "Plegar"
# A page that fails is reported by streamdocs, with its line, cell and reason.
suppress_warnings = ["mystnb.exec"]

html_theme = "sphinx_book_theme"
html_static_path = ["_static"]
html_css_files = [
    "colours.css",
    "text.css",
    "boxes.css",
    "console.css",
    "tables.css",
    "chrome.css",
    "home.css",
    ("phone.css", {"media": "(max-width: 600px)"}),
    ("print.css", {"media": "print"}),
]
html_js_files = ["page.js", "progress.js"]
html_favicon = "_static/icono.svg"
# Light without JavaScript; a script in the head knows what the reader wants.
html_context = {"default_mode": "light", "site": _SITE}
html_baseurl = _SITE
# The theme's, with what stands in for the search, and with folded chapters.
html_sidebars = {
    "**": [
        "navbar-logo.html",
        "icon-links.html",
        "search-button-field.html",
        "no-search.html",
        "chapters.html",
    ]
}
html_copy_source = False
html_show_sourcelink = False
html_theme_options = {
    "home_page_in_toc": True,
    "use_download_button": False,
    "use_fullscreen_button": False,
    "pygments_light_style": "a11y-light",
    "pygments_dark_style": "github-dark",
    "search_bar_text": "Buscar…",
    "article_header_end": ["notebook.html", "article-header-buttons.html"],
    # The book theme's own search is in the sidebar.
    "navbar_persistent": [],
}
_repository = os.environ.get("GITHUB_REPOSITORY")
if _repository:
    html_theme_options |= {
        "repository_url": f"https://github.com/{_repository}",
        "path_to_docs": "docs",
        "use_edit_page_button": True,
        "use_issues_button": True,
        "use_repository_button": True,
    }

# The same pages as an e-book; the theme's name for what a screen reader says is not Sphinx's.
epub_title = html_title
epub_basename = "streamdocs"
epub_identifier = epub_uid = project
epub_description = "Curso ejecutable: cada tabla salió de la construcción que lo publicó."
epub_contributor = author
epub_tocdepth = 2
epub_tocscope = "includehidden"
epub_show_urls = "no"
epub_use_index = False
epub_exclude_files = [epub.WHOLE, ".buildinfo.bak"]

# What the search shows before or after other pages that say the same.
streamdocs_search = {
    "errores": 1.4,
    "glosario": 0.25,
    "ejercicios": 0.6,
    "ejercicios/*": 0.6,
    "enlaces": 0.6,
    "apuntes-y-spark": 0.6,
    "referencia/*": 0.15,
    "rapidez": 0.15,
    "escribir-paginas": 0.15,
    "para-quien-ensena": 0.3,
}

# Only what a person types is copied: in a terminal, neither the prompt nor the answers, nor what
# is typed after a key, which pasted at once would go to another program.
copybutton_selector = ".cell_input div.highlight pre, .copyable pre"
copybutton_exclude = ".linenos, .gp, .go, .key, .after-key"

# A page that does not exist: its links must work from any address of the site.
notfound_urls_prefix = _TOP
# page.js fills the list.
notfound_context = {
    "title": "Esta página no existe",
    "body": f"""<h1>Esta página no existe</h1>
<p>Puede que haya cambiado de sitio. Búscala, o empieza por la
<a href="{_TOP}index.html">portada</a>.</p>
<form class="bd-search" action="{_TOP}search.html" role="search">
<input class="form-control" type="search" name="q" aria-label="Buscar" placeholder="Buscar…">
</form>
<p>¿Te sale un error? Míralo en <a href="{_TOP}errores.html">Cuando algo no va</a>. Y estas páginas
tienen una dirección parecida:</p>
<ul id="nearest"></ul>""",
}
if _SITE:
    extensions.append("sphinx_sitemap")
    sitemap_url_scheme = "{link}"
    sitemap_locales = [None]
    sitemap_excludes = ["404.html", "genindex.html", "py-modindex.html", "search.html"]


def setup(app: Sphinx) -> None:
    """Put our catalogue of the theme's strings before the theme's own."""
    for catalog in CatalogRepository(_HERE, [_LOCALE], language, "utf-8").catalogs:
        if catalog.is_outdated():
            catalog.write_mo(language)
    app.add_message_catalog("booktheme", _LOCALE)
