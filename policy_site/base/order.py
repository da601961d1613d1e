"""The order in which rooms get their turn: one name for each turn, from first to last.

Sphinx runs transforms and event handlers by ascending priority. Rooms are set up in
any order, so whatever has to come before or after something else has its number here.
"""

# -- Handlers of config-inited ---------------------------------------------------

# The date of the commit becomes that of all output.
SET_DATE = 10
# Values are checked before anything reads them.
CHECK_SETTINGS = 50
# Then they get the value of the language that is built.
APPLY_LANGUAGE = 100
# Sources are checked before policies and catalogs are read, which rely on it.
CHECK_SOURCES = 200

# -- Transforms of a document, while it is read ------------------------------------

# Before Sphinx notes what is to be translated (PreserveTranslatableMessages, 10).
FRONT_MATTER = 5
EXTRACTION = 6
# Reviewers see the English messages, so they are noted before they are translated.
NOTE_MESSAGES = 19
# Sphinx puts the translations in place (Locale, 20). Their nodes are told at once which
# document they are in (``fast``); then footnotes get their numbers back.
ADOPT_TRANSLATIONS = 21
FOOTNOTES = 22
# What stayed English is marked before values, which are in the right language, come in.
FALLBACKS = 25
# Lines whose value is not given go while one can see which value they would have.
CONTACT_LINES = 28
PLACEHOLDERS = 30
# The title of the page is that of the menu, with its values.
SHORT_TITLE = 35
# Titles and paragraphs are whole: values are part of them.
PHRASES = 40

# -- Handlers of html-page-context -------------------------------------------------

# Furo (500) makes the menu and adds style sheets of its own.
AFTER_FURO = 900
