"""Functions of buildings that the catalogue has usage values for."""

import re
import unicodedata

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

# Words of function attributes in public city models: English, German, French, Italian, Dutch, without accents.
# The first that fits counts, so the narrow stand before the wide: “hôtel de ville” is no hotel.
_WORDS: tuple[tuple[str, str], ...] = (
    ("office", r"hotel de ville|town ?hall|city ?hall|rathaus|\bmairie|gemeentehuis|municipio"),
    (
        "residential",
        r"wohn|\bwoon|familien|reihenhaus|residen[tz]|dwelling|apartment|appartement|appartamento|tenement",
    ),
    ("residential", r"\b(?:town|row|farm)?houses?\b|\bliving\b|habitation|logement|\bmaison|abitazion|abitativ"),
    ("residential", r"\b(?:multi|single)[- ]?famil|\b(?:multi|single) res\b"),
    # Assessors' lists of North America and Britain: types of houses and their abbreviations.
    (
        "residential",
        r"\bsemi[- ]?detached|^(?:(?:end|mid)[- ]?)?(?:terraced?|detached)$|^(?:sfr|sfd|sfh|mfr|mfd|mfh|efh)$",
    ),
    ("education", r"day ?care|child ?care"),
    ("healthcare", r"kranken|klinik|gesundheit|pflege|arzt|hospital|clinic|clinique|clinica|\bhealth|\bcare\b"),
    ("healthcare", r"\bsante\b|hopital|sanitair|sanitari|ospedal|gezondheid|ziekenhuis"),
    ("education", r"schul|universi|bildung|kindergarten|\bkita\b|\bschools?\b|college|education|enseignement"),
    ("education", r"\becole|lycee|\bcreche|scuola|istruzion|\basilo|onderwijs|\bkinderopvang"),
    ("hotel", r"hotel|motel|beherberg|herberge|\bpension\b|lodging|hostel|hebergement|alberg|\blogies"),
    ("industrial", r"industr|fabri|werkstatt|gewerbe|lager(?:halle|haus|gebaude)|produktion|factory|warehouse"),
    ("industrial", r"workshop|manufactur|\busine|entrepot|\batelier|capannone|magazzin"),
    (
        "office",
        r"buro|buero|verwaltung|offices?\b|administrati|amministrati|bureau|\buffic|direzional|kantoor|business",
    ),
    ("retail", r"handel|\bladen|kaufhaus|einkauf|geschaft|supermar|retail|\bshop|\bstores?\b|commerc|\bmarket"),
    ("retail", r"magasin|boutique|negozi|winkel"),
    ("retail", r"\bfood (?:service|sales)\b|\brestaurant"),
    ("healthcare", r"\bnursing\b"),
    ("other", r"religious|\bchurch\b|public assembly|\bgarages?\b|covered parking"),
    ("other", r"bijeenkomstfunctie|sportfunctie|celfunctie"),
    # IGN, BD TOPO 3.0 “Descriptif de contenu”, class Bâtiment, Usage 1: “Indifférencié” says nothing and is not here.
    ("other", r"\breligieu|\bsporti[fv]|\bagricole|\bannexe|\beglise|\bchapelle"),
    # INSPIRE code list CurrentUseValue (D2.8.III.2), also with the numbers before it that Spain's Catastro writes.
    ("retail", r"\btrade$"),
    ("other", r"\bagriculture$|\bpublic ?services$|\bancillary$"),
)
_PATTERNS = tuple((code, re.compile(words)) for code, words in _WORDS)

# AdV object catalogue GeoInfoDok 6.0, object type 31001 (building), code list of the building function.
_ALKIS = re.compile(r"31001_(\d{4})")
_ALKIS_SPANS = (
    (1000, 1299, "residential"),
    (2020, 2040, "office"),
    (2050, 2056, "retail"),
    (2070, 2072, "hotel"),
    (2100, 2120, "industrial"),
    (2143, 2143, "industrial"),
    (2310, 2310, "retail"),
    (2320, 2320, "industrial"),
    (3010, 3015, "office"),
    (3020, 3024, "education"),
    (3050, 3053, "healthcare"),
    (3065, 3065, "education"),
)
# Bare codes are taken only where the AdV list and that of CityGML 2.0 (OGC 12-019, Annex C.1) say the same.
_BARE_CODES = {"1000": "residential", "1010": "residential"}

# Swiss register of buildings and dwellings (GWR), Merkmalskatalog 4.2, attribute GKAT: category of a building; 1060
# is one without dwellings, which may be anything.
_SWISS_CATEGORIES = {
    "1010": "residential", "1020": "residential", "1021": "residential", "1025": "residential", "1030": "residential",
    "1040": "residential", "1080": "other",
}  # fmt: skip
# The same, attribute GKLAS: class of a building after Eurostat's Classification of Types of Constructions (1998),
# whose groups 127x are farms, churches and monuments.
_SWISS_CLASSES = {
    "1110": "residential", "1121": "residential", "1122": "residential", "1130": "residential", "1211": "hotel",
    "1212": "hotel", "1220": "office", "1230": "retail", "1231": "retail", "1241": "other", "1242": "other",
    "1251": "industrial", "1252": "industrial", "1261": "other", "1262": "other", "1263": "education",
    "1264": "healthcare", "1265": "other", "1271": "other", "1272": "other", "1273": "other", "1274": "other",
    "1275": "residential", "1276": "other", "1277": "other", "1278": "other",
}  # fmt: skip
_CODE_LISTS = (
    (re.compile(r"(?:^|_)gkat(?:_|$)"), _SWISS_CATEGORIES),
    (re.compile(r"(?:^|_)gklas(?:_|$)"), _SWISS_CLASSES),
)


def function_of_attribute(attribute: str, text: str) -> str:
    """`function_from_text`, where a number may be a code of the list that the attribute is named after.

    Parameters
    ----------
    attribute : str
        Such as ``GKAT`` or ``gwr_egid_gklas``, the Swiss register's category and class of a building.
    text : str
        Word or code.
    """
    code = text.strip().removesuffix(".0")
    if code.isascii() and code.isdigit():
        for named, codes in _CODE_LISTS:
            if named.search(attribute.strip().lower()):
                return codes.get(code, "")
    return function_from_text(text)


def function_from_text(text: str) -> str:
    """Function code that a source's own word or code means, empty when it is none we know.

    Parameters
    ----------
    text : str
        A word or sentence in English, German, French, Italian or Dutch, an AdV code such as ``31001_1010``, or one
        of our own codes. Of a building with several uses that of dwellings counts first.
    """
    plain = _without_accents(text.strip().lower())
    if plain in FUNCTIONS:
        return plain
    if plain in _BARE_CODES:
        return _BARE_CODES[plain]
    if match := _ALKIS.fullmatch(plain):
        number = int(match.group(1))
        return next((code for low, high, code in _ALKIS_SPANS if low <= number <= high), "")
    return next((code for code, words in _PATTERNS if words.search(plain.replace("_", " "))), "")


def _without_accents(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text.replace("ß", "ss"))
    return "".join(part for part in parts if not unicodedata.combining(part))
