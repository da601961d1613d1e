# The facts of the known site: what stands in conf.py in place of the sections that the
# owner edits. A fact that is new there is to be here, too.

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
