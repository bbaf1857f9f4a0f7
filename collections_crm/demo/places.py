"""Where the demo's people live, and phone numbers that regulators set aside.

United States: 555-0100 to 0199 in any area code. United Kingdom: 020 7946 0xxx and the 496 0xxx ranges of the big
cities. Australia: 5550 xxxx and 7010 xxxx behind each area code. Mexico sets none aside: patterns that only the local
emulator ever sees, as for books larger than the ranges.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class City:
    """A city, the region as its post office writes it, and how its phones begin."""

    name: str
    region: str
    postcodes: tuple[str, ...]
    dial: str
    zone: str


CITIES: dict[str, tuple[City, ...]] = {
    "UK": (
        City("London", "", ("E2 8DD", "N1 7GU", "SE15 4QL", "SW9 8HE"), "+4420", "Europe/London"),
        City("Leeds", "", ("LS6 2AS", "LS11 5BZ"), "+44113", "Europe/London"),
        City("Sheffield", "", ("S7 1FE", "S10 2HQ"), "+44114", "Europe/London"),
        City("Birmingham", "", ("B12 9LP", "B29 6EJ"), "+44121", "Europe/London"),
        City("Edinburgh", "", ("EH6 5NX", "EH11 1TG"), "+44131", "Europe/London"),
        City("Glasgow", "", ("G20 7RH", "G41 2PE"), "+44141", "Europe/London"),
        City("Manchester", "", ("M14 5TP", "M21 9JQ"), "+44161", "Europe/London"),
    ),
    "US": (
        City("New York", "NY", ("10025", "11215", "10458"), "+1212", "America/New_York"),
        City("Austin", "TX", ("78704", "78745"), "+1512", "America/Chicago"),
        City("Denver", "CO", ("80205", "80211"), "+1303", "America/Denver"),
        City("Los Angeles", "CA", ("90026", "90042"), "+1213", "America/Los_Angeles"),
        City("Phoenix", "AZ", ("85006", "85018"), "+1602", "America/Phoenix"),
        City("Miami", "FL", ("33125", "33142"), "+1305", "America/New_York"),
        City("Chicago", "IL", ("60614", "60647"), "+1312", "America/Chicago"),
        City("Seattle", "WA", ("98118", "98103"), "+1206", "America/Los_Angeles"),
    ),
    "MX": (
        City("Ciudad de México", "CMX", ("06700", "03100", "04360"), "+5255", "America/Mexico_City"),
        City("Guadalajara", "JAL", ("44100", "44630"), "+5233", "America/Mexico_City"),
        City("Monterrey", "NLE", ("64000", "64720"), "+5281", "America/Monterrey"),
        City("Tijuana", "BCN", ("22000", "22105"), "+52664", "America/Tijuana"),
        City("Cancún", "ROO", ("77500", "77533"), "+52998", "America/Cancun"),
        City("Hermosillo", "SON", ("83000", "83190"), "+52662", "America/Hermosillo"),
    ),
    "AU": (
        City("Sydney", "NSW", ("2000", "2042"), "+612", "Australia/Sydney"),
        City("Melbourne", "VIC", ("3000", "3065"), "+613", "Australia/Melbourne"),
        City("Brisbane", "QLD", ("4000", "4101"), "+617", "Australia/Brisbane"),
        City("Adelaide", "SA", ("5000", "5031"), "+618", "Australia/Adelaide"),
        City("Perth", "WA", ("6000", "6006"), "+618", "Australia/Perth"),
    ),
}
EXTRA_US_AREAS = (
    "646",
    "718",
    "917",
    "737",
    "720",
    "323",
    "310",
    "480",
    "786",
    "773",
    "425",
    "404",
    "617",
    "215",
    "702",
)


def phone(jurisdiction: str, city: City, number: int) -> str:
    """The number-th demo phone of a city, E.164. Distinct numbers give distinct phones while the ranges last."""
    if jurisdiction == "UK":
        return _uk(city, number)
    if jurisdiction == "US":
        area = city.dial if number < 100 else f"+1{EXTRA_US_AREAS[(number // 100 - 1) % len(EXTRA_US_AREAS)]}"
        return f"{area}55501{number % 100:02}" if number < 1600 else f"{city.dial}{5560000 + number - 1600:07}"
    if jurisdiction == "AU":
        return f"{city.dial}5550{number:04}" if number < 10_000 else f"{city.dial}7010{number - 10_000:04}"
    local = 10 - (len(city.dial) - 3)
    return (
        f"{city.dial}{str(3_120_000_000 + number * 7)[-local:]}"
        if local < 8
        else f"{city.dial}{53_120_000 + number * 7}"
    )


def _uk(city: City, number: int) -> str:
    if number < 1000:
        return f"{city.dial}79460{number:03}" if city.name == "London" else f"{city.dial}4960{number:03}"
    return f"{city.dial}{79_470_000 + number}" if city.name == "London" else f"{city.dial}{4_970_000 + number}"


STREETS = {
    "UK": ("Albion Road", "Canal Street", "Victoria Terrace", "Mill Lane", "Station Road", "Church Walk", "Park Row"),
    "US": ("Maple Street", "Lincoln Avenue", "Cedar Drive", "2nd Street", "Washington Boulevard", "Oak Lane"),
    "MX": ("Calle Hidalgo", "Avenida Juárez", "Calle Morelos", "Avenida Reforma", "Calle Allende", "Calle 5 de Mayo"),
    "AU": ("George Street", "Wattle Crescent", "Banksia Road", "King Street", "Harbour Parade", "Acacia Avenue"),
}
