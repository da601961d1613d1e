"""Facts about the company and its policies, then how Sphinx builds them.

The owner edits the first two sections. The rest is for whoever maintains the
site. Logic lives in ``policy_site/``; every list of languages derives from ``locale/``.
"""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT))

from policy_site.base import languages as codes  # noqa: E402
from policy_site.base import locale_tree  # noqa: E402

# -- The company ---------------------------------------------------------------
# A language that is not named here takes the English value.

company = {
    "en": "IoTone Japan Inc.",
    "ja": "株式会社IoTone Japan",
}

# Names that are the same in every language.
brands = ["IoToneAI", "IoTone Japan", "Twitter", "Facebook"]

# Starts the name of every PDF: iotone-japan-privacy-policy-en.pdf.
pdf_prefix = "iotone-japan"

# Forms of a date, as the Unicode CLDR names them: "medium" is Jan 28, 2025, as
# the original has it; "long", for every language not named, 2025年1月28日.
date_format = {
    "en": "medium",
}

# Where the folders of the languages are published: https://example.jp/policies/
# With it, pages name their own address and that of each other language.
site_url = ""

# -- The contact block ---------------------------------------------------------
# One block for each language. The policies write {{ contact.zipcode }} and so on.
#
# These values are samples that reach nobody. Pages and PDFs that show one say
# so; each notice goes when the value is replaced, and no catalog changes.

contact = {
    "en": {
        "zipcode": "000-0000",
        "shortaddress": "Sample Building 0F, 0-0-0 Sample-cho, Sample-ku, Tokyo",
        "phone": "+81-3-0000-0000",
        "email": "privacy@example.jp",
    },
    "ja": {
        "zipcode": "000-0000",
        "shortaddress": "東京都見本区見本町0-0-0 見本ビル0階",
        "phone": "03-0000-0000",
        "email": "privacy@example.jp",
    },
}

# The country whose national phone numbers need no +81.
phone_region = "JP"

# -- Languages -----------------------------------------------------------------
# English, in which the policies are written, and every folder in locale/;
# policy_site/base/locale_tree.py says what may stand there. A language is named as
# Sphinx does: ja, pt_BR, zh_TW.

languages = locale_tree.find_languages(ROOT)

# -- Sphinx --------------------------------------------------------------------
# https://www.sphinx-doc.org/en/master/usage/configuration.html

project = "IoTone Japan policies"
extensions = ["myst_parser", "policy_site"]
templates_path = ["_templates"]

# A legal text is shown as it is written.
smartquotes = False

# Code is an example, such as one line of a header. It has no colours.
pygments_style = "none"

suppress_warnings = [
    "misc.highlighting_failure",
    # Sphinx wants footnotes and links in the order of the English sentence. The rules
    # of policy_site/translation/rules.py want each of them, in any order.
    "i18n.inconsistent_references",
]

# A release refuses what is not translated. Read the Docs makes one of everything
# but pull requests: https://docs.readthedocs.com/platform/stable/reference/environment-variables.html
release_build = os.environ.get("READTHEDOCS_VERSION_TYPE", "external") != "external"

# For so many days after it applies, every page gives notice of a material change.
notice_days = 30

# -- MyST ----------------------------------------------------------------------
# https://myst-parser.readthedocs.io/en/latest/configuration.html
# No syntax extension: MyST's own substitutions run Jinja2 on what translators
# write, so policy_site/text/placeholders.py replaces them.

myst_enable_extensions = []
myst_url_schemes = ["http", "https", "mailto", "tel"]

# -- gettext -------------------------------------------------------------------
# https://www.sphinx-doc.org/en/master/usage/advanced/intl.html
# No line numbers, no generated identifiers: a catalog changes when a text does.
# sphinx-intl looks for this folder beside conf.py, where the catalogs are. Sphinx,
# which would use whatever it finds, looks beside the sources, where there is none, and
# gets what policy_site/translation/catalogs.py has checked.

locale_dirs = ["locale"]
gettext_compact = False
gettext_location = False
gettext_uuid = False

# -- HTML ----------------------------------------------------------------------
# https://pradyunsg.me/furo/customisation/

html_theme = "furo"
html_static_path = ["_static"]
html_favicon = "_static/favicon.svg"
html_css_files = ["page.css"]
html_js_files = ["switch.js", "menus.js", "highlight.js"]
html_show_copyright = False
html_show_sphinx = False
html_copy_source = False
html_use_index = False
html_domain_indices = False

# Furo's, with the links a reader wants, and without advertisements and versions.
html_sidebars = {
    "**": [
        "sidebar/brand.html",
        "sidebar/languages.html",
        "sidebar/search.html",
        "sidebar/scroll-start.html",
        "sidebar/navigation.html",
        "sidebar/pdf.html",
        "sidebar/scroll-end.html",
    ]
}

# On Read the Docs, each language is a project with addresses and PDFs of its own, and
# pages get scripts that are not ours.
# https://docs.readthedocs.com/platform/stable/reference/environment-variables.html
read_the_docs = os.environ.get("READTHEDOCS") == "True"

# Where a page finds those of another language and the PDFs. By themselves, pages are in
# build/html/en/ and PDFs in build/html/pdf/.
if read_the_docs:
    _version = os.environ.get("READTHEDOCS_VERSION", "latest")
    page_uri = f"/{{language}}/{_version}/{{page}}.html"
    pdf_uri = f"/{{language}}/{_version}/pdf/{{name}}.pdf"
else:
    page_uri = "../{language}/{page}.html"
    pdf_uri = "../pdf/{name}.pdf"

# Pages of other languages, and PDFs, are not there when linkcheck asks.
linkcheck_ignore = [r"\.\./"]

# -- LaTeX ---------------------------------------------------------------------
# https://www.sphinx-doc.org/en/master/latex.html

latex_engine = "lualatex"
latex_theme = "howto"

# Every policy is a PDF of its own; policy_site/text/policies.py lists them. Document
# metadata (PDF/A-2u) is in _templates/latex.tex.jinja, fonts and layout are in latex/.

latex_additional_files = [
    "latex/policy.sty",
    "latex/policyfonts.sty",
    "latex/policytexts.sty",
    "latex/policytags.sty",
]

_latex = {
    "papersize": "a4paper",
    "pointsize": "11pt",
    "extraclassoptions": "oneside",
    "fncychap": "",
    # Lists inside each other; LaTeX by itself stops at four.
    "maxlistdepth": "10",
    "fontpkg": r"\usepackage{policyfonts}",
    # No cover date: it would be the day of the build. The text has its own.
    "maketitle": r"\date{}\sphinxmaketitle\thispagestyle{plain}",
    "makeindex": "",
    "printindex": "",
    "preamble": r"\usepackage{policy,policytexts,policytags}",
    # Figures and pictures stand where they are in the text.
    "figure_align": "H",
}

latex_show_urls = "no"
latex_domain_indices = False

# -- Settings that depend on the language --------------------------------------
# policy_site/base/languages.py gives each setting the value of the language that is
# built, or the English one.

localized = {
    "author": company,
    "html_title": company,
    "html_baseurl": {
        language: f"{site_url}{codes.slug(language)}/"
        if site_url
        else os.environ.get("READTHEDOCS_CANONICAL_URL", "")
        for language in languages
    },
    "latex_docclass": {
        "en": {"howto": "article"},
        "ja": {"howto": "ltjarticle"},
    },
    "latex_elements": {
        "en": _latex,
        "ja": {
            **_latex,
            # The class speaks Japanese by itself.
            "babel": "",
            "polyglossia": "",
        },
    },
}
