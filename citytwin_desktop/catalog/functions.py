"""Functions of buildings that the catalogue has usage values for."""

FUNCTIONS: dict[str, str] = {
    "residential": "Residential",
    "office": "Office",
    "retail": "Retail",
    "education": "Education",
    "healthcare": "Healthcare",
    "hotel": "Hotel",
    "industrial": "Industrial",
    "other": "Other",
}
"""Title of each function code."""

# Words that occur in function attributes of public city models, English and Dutch; the first match counts.
_WORDS = {
    "residential": ("residential", "dwelling", "house", "apartment", "woonfunctie", "habitation", "living"),
    "office": ("office", "kantoorfunctie", "administration", "business"),
    "retail": ("retail", "shop", "store", "commercial", "winkelfunctie", "market"),
    "education": ("education", "school", "university", "college", "onderwijsfunctie", "kindergarten"),
    "healthcare": ("health", "hospital", "clinic", "gezondheidszorgfunctie", "care"),
    "hotel": ("hotel", "lodging", "logiesfunctie", "hostel"),
    "industrial": ("industr", "factory", "warehouse", "industriefunctie", "manufactur"),
}


def function_from_text(text: str) -> str:
    """Function code that a source's own word means, empty when it is none we know."""
    lower = text.strip().lower()
    if lower in FUNCTIONS:
        return lower
    return next((code for code, words in _WORDS.items() if any(word in lower for word in words)), "")
