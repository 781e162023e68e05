"""Names of countries as addresses print them."""

from __future__ import annotations

from services.extraction.domain.fields.labels import fold

_NAMES = {
    "DE": "D|DE|DEU|Deutschland|Germany|Allemagne|Alemania|Germania|Duitsland|Deutschland / Germany",
    "AT": "A|AT|AUT|Österreich|Austria|Autriche|Oostenrijk",
    "CH": "CH|CHE|Schweiz|Switzerland|Suisse|Svizzera|Suiza|Zwitserland",
    "FR": "F|FR|FRA|Frankreich|France|Francia|Frankrijk",
    "IT": "I|IT|ITA|Italien|Italy|Italie|Italia|Italië",
    "ES": "E|ES|ESP|Spanien|Spain|Espagne|España|Spagna|Spanje",
    "NL": "NL|NLD|Niederlande|Netherlands|The Netherlands|Pays-Bas|Países Bajos|Paesi Bassi|Nederland",
    "BE": "B|BE|BEL|Belgien|Belgium|Belgique|België|Bélgica|Belgio",
    "LU": "L|LU|LUX|Luxemburg|Luxembourg",
    "GB": "GB|UK|GBR|Vereinigtes Königreich|United Kingdom|Great Britain|England|Royaume-Uni|Reino Unido|Regno Unito",
    "IE": "IE|IRL|Irland|Ireland|Irlande|Irlanda|Ierland",
    "US": "US|USA|United States|United States of America|États-Unis|Estados Unidos|Stati Uniti|Vereinigte Staaten",
    "DK": "DK|Dänemark|Denmark|Danmark|Danemark",
    "SE": "S|SE|Schweden|Sweden|Sverige|Suède",
    "NO": "NO|Norwegen|Norway|Norge",
    "FI": "FI|Finnland|Finland|Suomi",
    "PL": "PL|Polen|Poland|Polska|Pologne",
    "CZ": "CZ|Tschechien|Czech Republic|Czechia|Česká republika",
    "PT": "PT|P|Portugal",
    "LI": "LI|FL|Liechtenstein",
    "CA": "CA|Canada|Kanada",
    "IN": "India|Indien",
    "MY": "Malaysia",
    "SG": "Singapore",
    "AU": "Australia|Australien",
    "CN": "China|PR China|P.R. China",
}
_CODES = {fold(name): code for code, names in _NAMES.items() for name in names.split("|")}


def country_of(text: str) -> str | None:
    """The ISO 3166 code of the country that `text` names, perhaps before a region ("Irland - LEINSTER")."""
    return _CODES.get(fold(text)) or _CODES.get(fold(text.split(" - ", maxsplit=1)[0]))
