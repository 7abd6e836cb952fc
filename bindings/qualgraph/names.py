"""How names of awards, frameworks and countries are compared.

Titles are written in many ways: "Honours Bachelor Degree", "Bachelor's degree with honours",
"Post-Graduate Diploma", "Postgraduate diploma". Two spellings are one name when their words agree
without regard to case, accents, punctuation, plural and order.
"""

from __future__ import annotations

import re
import unicodedata

__all__ = ["abbreviations", "fold", "jurisdiction_name", "same_title_key", "words"]

# Letters that Unicode does not decompose into a base letter and an accent.
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŧ": "t"}
)
_APOSTROPHES = re.compile("['\u2019\u02bc`\u00b4]")
_NOT_A_WORD = re.compile(r"[^\w]+|_+")

# Spellings of one word; the plural is taken off before the look-up.
_SPELLINGS = {
    "honor": "honour",
    "hon": "honour",
    "program": "programme",
    "doctoral": "doctorate",
    "licence": "license",
    "postgrad": "postgraduate",
}
# Beginnings of words that some write apart: "post-graduate", "micro-credential".
_PREFIXES = frozenset({"post", "micro", "under", "non", "sub", "inter", "multi"})
_CONNECTORS = frozenset(
    {"a", "an", "the", "of", "in", "with", "and", "or", "at", "for", "to", "de", "du", "da", "en", "e"}
)


def fold(text: str) -> str:
    """Text without case, accents and punctuation, words separated by one space.

    Examples
    --------
    >>> fold("Post-Graduate  Diplôme")
    'post graduate diplome'
    >>> fold("Bachelor's Degree (Honours)")
    'bachelors degree honours'
    """
    text = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", text).casefold())
    text = "".join(letter for letter in text if not unicodedata.combining(letter)).translate(_LETTERS)
    return _NOT_A_WORD.sub(" ", text).strip()


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def words(text: str) -> list[str]:
    """Words of a name in one spelling and in the singular.

    Examples
    --------
    >>> words("Bachelor's Degrees with Honors")
    ['bachelor', 'degree', 'with', 'honour']
    >>> words("Post-Graduate Diploma") == words("postgraduate diplomas")
    True
    """
    listed: list[str] = []
    for word in fold(text).split():
        if listed and listed[-1] in _PREFIXES:
            word = listed.pop() + word
        singular = _singular(word)
        listed.append(_SPELLINGS.get(singular, singular))
    return listed


def same_title_key(title: str) -> str:
    """Key under which titles that differ only in spelling or in the order of words fall together.

    The word "degree" is left out where other words remain, since frameworks use it or not for the
    same award ("Master", "Master's Degree").

    Examples
    --------
    >>> same_title_key("Honours Bachelor Degree") == same_title_key("Bachelor's degree with honours")
    True
    >>> same_title_key("Diploma") == same_title_key("Advanced Diploma")
    False
    """
    kept = sorted({word for word in words(title) if word not in _CONNECTORS})
    if len(kept) > 1:
        kept = [word for word in kept if word != "degree"]
    return " ".join(kept)


_CAPITALS = re.compile(r"[^\W\d_]{2,12}")
_EDITIONS = frozenset({"draft", "none", "final"})


def abbreviations(
    identifier: str, name: str, jurisdiction: str | None, aliases: tuple[str, ...] = ()
) -> set[str]:
    """Short names of a framework that stand in its id, its name and its aliases, in capitals.

    Examples
    --------
    >>> sorted(abbreviations("mk-nmqf", "North Macedonian Qualifications Framework (MQF / NNMQF)", "MK"))
    ['MQF', 'NMQF', 'NNMQF']
    >>> sorted(abbreviations("za-nqf-8", "South African National Qualifications Framework", "ZA"))
    ['NQF']
    """
    place = set((jurisdiction or "").lower().split("-"))
    parts = [part for part in identifier.split("-") if part not in place and part not in _EDITIONS]
    found = {part.upper() for part in parts if len(part) > 1 and not any(letter.isdigit() for letter in part)}
    if not found:
        # The id consists of the jurisdiction alone, as for a regional framework named after it.
        found = {identifier.upper()}
    for text in (name, *aliases):
        for word in _CAPITALS.findall(text):
            # Two capitals or more: "AzQF", "HKO"; one is a word of the name.
            if sum(letter.isupper() for letter in word) > 1:
                found.add(word.upper())
    return found - {part.upper() for part in place}


def jurisdiction_name(code: str | None) -> str | None:
    """English name of a jurisdiction code of the facts (ISO 3166, or a region's own), if known.

    Examples
    --------
    >>> jurisdiction_name("KE"), jurisdiction_name("GB-SCT"), jurisdiction_name("XX")
    ('Kenya', 'Scotland', None)
    """
    if code is None:
        return None
    return _JURISDICTIONS.get(code)


_JURISDICTIONS = {
    "AE": "United Arab Emirates", "AL": "Albania", "AM": "Armenia", "AO": "Angola", "AT": "Austria",
    "AU": "Australia", "AZ": "Azerbaijan", "BA": "Bosnia and Herzegovina", "BB": "Barbados",
    "BD": "Bangladesh",
    "BE-DG": "Belgium, German-speaking Community", "BE-VLG": "Belgium, Flanders",
    "BE-WAL": "Belgium, French-speaking",
    "BF": "Burkina Faso", "BG": "Bulgaria", "BH": "Bahrain", "BN": "Brunei Darussalam", "BR": "Brazil",
    "BT": "Bhutan", "BW": "Botswana", "CA": "Canada", "CA-BC": "Canada, British Columbia",
    "CA-ON": "Canada, Ontario", "CD": "Democratic Republic of the Congo", "CH": "Switzerland", "CL": "Chile",
    "CM": "Cameroon", "CN": "China", "CO": "Colombia", "CR": "Costa Rica", "CV": "Cabo Verde", "CY": "Cyprus",
    "CZ": "Czechia", "DE": "Germany", "DJ": "Djibouti", "DK": "Denmark", "DO": "Dominican Republic",
    "DZ": "Algeria", "EE": "Estonia", "EG": "Egypt", "ES": "Spain", "ET": "Ethiopia", "FI": "Finland",
    "FJ": "Fiji", "FR": "France", "GB": "United Kingdom", "GB-ENG": "England", "GB-SCT": "Scotland",
    "GB-WLS": "Wales", "GB-NIR": "Northern Ireland", "GE": "Georgia", "GH": "Ghana", "GM": "The Gambia",
    "GR": "Greece", "GW": "Guinea-Bissau", "HK": "Hong Kong", "HR": "Croatia", "HU": "Hungary",
    "ID": "Indonesia", "IE": "Ireland", "IN": "India", "IS": "Iceland", "IT": "Italy", "JM": "Jamaica",
    "JO": "Jordan", "JP": "Japan", "KE": "Kenya", "KH": "Cambodia", "KR": "Republic of Korea", "KW": "Kuwait",
    "LA": "Laos", "LI": "Liechtenstein", "LK": "Sri Lanka", "LS": "Lesotho", "LT": "Lithuania",
    "LU": "Luxembourg", "LV": "Latvia", "MA": "Morocco", "MD": "Moldova", "ME": "Montenegro",
    "MK": "North Macedonia", "MM": "Myanmar", "MT": "Malta", "MU": "Mauritius", "MV": "Maldives",
    "MW": "Malawi", "MX": "Mexico", "MY": "Malaysia", "MZ": "Mozambique", "NA": "Namibia", "NG": "Nigeria",
    "NL": "Netherlands", "NO": "Norway", "NP": "Nepal", "NZ": "New Zealand", "OM": "Oman", "PE": "Peru",
    "PG": "Papua New Guinea", "PH": "Philippines", "PK": "Pakistan", "PL": "Poland", "PT": "Portugal",
    "QA": "Qatar", "RO": "Romania", "RS": "Serbia", "RW": "Rwanda", "SA": "Saudi Arabia", "SC": "Seychelles",
    "SE": "Sweden", "SG": "Singapore", "SI": "Slovenia", "SK": "Slovakia", "SL": "Sierra Leone",
    "SN": "Senegal", "SO": "Somalia", "SS": "South Sudan", "SZ": "Eswatini", "TH": "Thailand",
    "TL": "Timor-Leste", "TN": "Tunisia", "TO": "Tonga", "TR": "Türkiye", "TT": "Trinidad and Tobago",
    "TZ": "Tanzania", "UA": "Ukraine", "UG": "Uganda", "US": "United States", "VN": "Viet Nam",
    "VU": "Vanuatu", "WS": "Samoa", "XK": "Kosovo", "ZA": "South Africa", "ZM": "Zambia", "ZW": "Zimbabwe",
    "AFRICAN-UNION": "African Union", "AU-AFRICA": "African Union", "ASEAN": "ASEAN, South-East Asia",
    "ASIA-PACIFIC": "Asia and the Pacific", "CARICOM": "Caribbean Community",
    "CENTRAL-AMERICA": "Central America",
    "COMMONWEALTH": "small states of the Commonwealth", "EAC": "East African Community",
    "ECOWAS": "Economic Community of West African States", "EHEA": "European Higher Education Area",
    "EU": "European Union", "GCC": "Gulf Cooperation Council",
    "IGAD": "Intergovernmental Authority on Development", "LATIN-AMERICA": "Latin America",
    "PACIFIC": "Pacific islands", "SADC": "Southern African Development Community",
    "UEMOA": "West African Economic and Monetary Union",
}  # fmt: skip
