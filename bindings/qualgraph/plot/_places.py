"""Where does a framework hold? Regions of jurisdictions, to order and label pictures."""

from __future__ import annotations

from ..names import jurisdiction_name

__all__ = ["REGIONS", "place", "region"]

#: Order of the regions in every picture.
REGIONS = ("Regional frameworks", "Europe", "Africa", "Asia", "Oceania", "Americas", "Elsewhere")

# Continents of the United Nations' M49 list, by ISO 3166-1 code; the members of the European Higher
# Education Area in western Asia and Cyprus stand under Europe, where their frameworks are referenced.
_CODES = {
    "Europe": (
        "AD AL AM AT AX AZ BA BE BG BY CH CY CZ DE DK EE ES FI FO FR GB GE GG GI GR HR HU IE IM IS IT JE "
        "LI LT LU LV MC MD ME MK MT NL NO PL PT RO RS RU SE SI SK SM TR UA VA XK"
    ),
    "Africa": (
        "AO BF BI BJ BW CD CF CG CI CM CV DJ DZ EG EH ER ET GA GH GM GN GQ GW KE KM LR LS LY MA MG ML MR "
        "MU MW MZ NA NE NG RW SC SD SL SN SO SS ST SZ TD TG TN TZ UG ZA ZM ZW"
    ),
    "Asia": (
        "AE AF BD BH BN BT CN HK ID IL IN IQ IR JO JP KG KH KP KR KW KZ LA LB LK MM MN MO MV MY NP OM PH "
        "PK PS QA SA SG SY TH TJ TL TM TW UZ VN YE"
    ),
    "Oceania": "AU CK FJ FM KI MH NR NU NZ PG PW SB TK TO TV VU WS",
    "Americas": (
        "AG AR BB BO BR BS BZ CA CL CO CR CU DM DO EC GD GT GY HN HT JM KN LC MX NI PA PE PY SR SV TT US "
        "UY VC VE"
    ),
}
_REGION_OF = {code: name for name, codes in _CODES.items() for code in codes.split()}


def place(jurisdiction: str) -> str:
    """English name of a jurisdiction; a part without a name of its own takes its country's."""
    code = jurisdiction
    while code:
        name = jurisdiction_name(code)
        if name:
            return name[0].upper() + name[1:]
        code = code.rpartition("-")[0]
    return jurisdiction


def region(jurisdiction: str, kind: str = "national") -> str:
    """One of `REGIONS`; a regional framework is its own group wherever it holds."""
    if kind == "regional":
        return REGIONS[0]
    return _REGION_OF.get(jurisdiction.partition("-")[0], REGIONS[-1])
