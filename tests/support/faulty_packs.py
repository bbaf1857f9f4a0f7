"""Packs with one thing wrong each, by the code under which the lint names it: (pack, other packs, the rule named)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from communications.policy.lint import Flaw, flaws_of
from communications.policy.pack import Pack, pack_from
from communications.policy.shipped import CODES, shipped_data, shipped_pack

ON = date(2026, 11, 26)
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
E_MAIL = {"channels": ["email"]}
CONNECTED = {"days": 7, "count_what": "connected", "exclusions": ["requested"]}
Case = tuple[Pack, Sequence[Pack], str]


def changed(code: str, rule: str, **differs: Any) -> Pack:
    """A shipped pack with one rule changed: `params` and `scope` are added to, the rest is replaced."""
    data = shipped_data(code)
    (found,) = (each for each in data["rules"] if each["id"] == rule)
    for name, value in differs.items():
        found[name] = {**found.get(name, {}), **value} if name in ("params", "scope") else value
    return pack_from(data)


def lacking(code: str, rule: str) -> Pack:
    data = shipped_data(code)
    data["rules"] = [each for each in data["rules"] if each["id"] != rule]
    return pack_from(data)


def with_more(code: str, *rules: dict[str, Any]) -> Pack:
    """A shipped pack with rules of the firm's own added."""
    data = shipped_data(code)
    usual = {"action": "refuse", "legal_force": "policy", "citation": "Firm policy", "confidence": "P",
             "sentence_en": "No.", "sentence_es": "No se permite."}  # fmt: skip
    data["rules"] += [{**usual, **rule} for rule in rules]
    return pack_from(data)


def others(code: str) -> list[Pack]:
    return [shipped_pack(other) for other in CODES if other != code]


def flaws(pack: Pack, beside: Sequence[Pack] | None = None) -> list[Flaw]:
    """What the lint finds in a pack, beside the other packs as they are shipped."""
    return flaws_of(pack, others=others(pack.code) if beside is None else beside, law=shipped_pack(pack.code), on=ON)


def every_day(window: str) -> dict[str, str]:
    return dict.fromkeys(WEEK, window)


def hours(name: str, window: str, **differs: Any) -> dict[str, Any]:
    return {"id": name, "kind": "hours", "params": every_day(window), **differs}


def limit(name: str, number: int, **differs: Any) -> dict[str, Any]:
    params = differs.pop("params", {})
    return {"id": name, "kind": "frequency", "params": {"limit": number, **params}, **differs}


def added(rule: dict[str, Any], code: str = "UK") -> Case:
    return with_more(code, rule), others(code), rule["id"]


def in_firm(rule: str, **differs: Any) -> Case:
    return changed("firm", rule, **differs), others("firm"), rule


def in_us(rule: str, **differs: Any) -> Case:
    return changed("US", rule, **differs), others("US"), rule


CASES: dict[str, list[Case]] = {
    "never_speaks": [
        added(hours("x", "00:00-24:00")),
        added({"id": "x", "kind": "reply", "params": {"days": 3}, "scope": {"purposes": ["demand"]}}),
        added({"id": "x", "kind": "third_party", "params": {"roles": []}}),
        added({"id": "x", "kind": "standing", "params": {"standings": []}}),
        added({"id": "x", "kind": "opt_out", "params": {"permitted": ["demand"]}, "scope": {"purposes": ["demand"]}}),
        added({"id": "x", "kind": "hold", "params": {"kinds": ["dispute"], "except_kinds": ["dispute"]}}),
        added({"id": "x", "kind": "language", "params": {}, "jurisdiction": "ZZ"}),
        added(
            {
                "id": "x",
                "kind": "verification",
                "params": {"point_statuses": ["verified", "unverified", "dead", "wrong_party"]},
                "scope": {"channels": ["post"]},
            }
        ),
    ],
    "no_such_contact": [
        added(limit("x", 3, scope={"products": ["mca"], "debt_purposes": ["consumer"]})),
        added(limit("x", 3, scope={"party_kinds": ["entity"], "debt_purposes": ["consumer"]})),
    ],
    "misspelt": [added(limit("x", 3, scope={"regions": ["MA"], "cities": ["Bostón"]}), "US")],
    "no_such_region": [added(limit("x", 3, scope={"regions": ["ZZ"]}), "US")],
    "city_without_region": [added(limit("x", 3, scope={"cities": ["SPRINGFIELD"]}), "US")],
    "never_agreed": [added({"id": "x", "kind": "consent", "params": {"bases": []}})],
    "over": [added(limit("x", 3, effective_to="2026-11-26"))],
    "never_open": [
        added(hours("x", "05:00-07:30", scope={"channels": ["call"]})),
        # Both open on some day, but never on the same.
        (with_more("UK", {"id": "x", "kind": "hours", "params": {"mon": "21:30-22:00"}, "scope": E_MAIL}),
         others("UK"), "uk-policy-hours"),
        (changed("firm", "firm-us-hours", params=every_day("05:00-07:00")), others("firm"), "firm-us-hours"),
        (with_more("firm", hours("x", "22:30-23:00", jurisdiction="MX")), others("firm"), "x"),
    ],
    "day_forgotten": [
        (changed("UK", "uk-policy-hours", params={"wed": ""}), others("UK"), "uk-policy-hours"),
        (changed("MX", "mx-hours", params={"sat": ""}), others("MX"), "mx-hours"),
    ],
    "shadowed": [
        added(limit("x", 12, action="warn", scope={"channels": ["call"]}, params=CONNECTED), "AU"),
        added({"id": "x", "kind": "notice", "action": "warn", "params": {"notice": "validation", "within_days": 9},
               "scope": {"debt_purposes": ["consumer"], "capacities": ["debt_buyer"], "purposes": ["demand"]}}, "US"),
        added({"id": "x", "kind": "cool_down", "action": "warn", "params": {"days": 5, "channels": ["call"],
               "exclusions": ["professional"], "consent_days": 7}, "scope": {"debt_purposes": ["consumer"],
               "capacities": ["debt_buyer"], "channels": ["call"]}}, "US"),
    ],
    "looser_than_law": [
        (changed("MX", "mx-hours", params={"mon": "06:00-22:00"}), others("MX"), "mx-hours"),
        in_us("us-ma-2in7", params={"limit": 3}),
        in_us("us-ma-2in7", params={"days": 6}),
        in_us("us-ma-2in7", params={"channels": ["call"]}),
        in_us("us-ma-2in7", params={"count_what": "connected"}),
        in_us("us-ma-2in7", params={"exclusions": ["unconnected"]}),
        in_us("us-ma-2in7", params={"consent_days": 7}),
        in_us("us-nyc-3in7", params={"count_key": "person_account"}),
        in_us("us-wa-3wk", params={"window": "rolling", "days": 6}),
        in_us("us-regf-sms-basis", params={"fresh_days": 90}),
        in_us("us-regf-sms-basis", params={"fresh_days": 0}),
        in_us("us-regf-sms-basis", params={"bases": ["given", "used", "creditor"]}),
        in_us("us-regf-validation-5d", params={"within_days": 6}),
        in_us("us-regf-location", params={"other_limit": 2}),
        in_us("us-regf-location", params={"other_limit": 0}),
        in_us("us-regf-third-party", params={"other_purposes": ["trace", "reminder"]}),
        in_us("us-regf-third-party", params={"roles": []}),
        in_us("us-regf-cease", params={"permitted": ["reminder"]}),
        in_us("us-regf-attorney", params={"exempt_roles": ["representative", "primary"]}),
        in_us("us-regf-medium-optout", params={"permitted": ["confirmation", "reply", "demand"]}),
        in_us("us-regf-work-email", params={"only_if_forbidden": True}),
        in_us("us-timebarred-enforcement", params={"unknown_forbids": False}),
        in_us("us-regf-cease", action="warn"),
        in_us("us-regf-cease", legal_force="policy"),
        in_us("us-regf-cease", scope={"party_kinds": ["consumer"]}),
        in_us("us-regf-cease", scope={"regulated_only": True}),
        in_us("us-regf-cease", effective_from="2027-06-01"),
        in_us("us-regf-cease", effective_to="2027-06-01"),
        (changed("UK", "uk-conc-plan-hold", params={"kinds": ["hardship"]}), others("UK"), "uk-conc-plan-hold"),
        (changed("MX", "mx-minors", params={"no_minors": False}), others("MX"), "mx-minors"),
        (changed("MX", "mx-holidays", params={"country": "US"}), others("MX"), "mx-holidays"),
    ],
    "law_missing": [(lacking("US", "us-regf-cease"), others("US"), "us-regf-cease")],
    "looser_than_guidance": [
        in_us("us-regf-hours", params={"sun": "07:00-21:00"}),
        in_us("us-regf-7in7", params={"limit": 8}),
        in_us("us-regf-7after-talk", params={"days": 6}),
        (changed("AU", "au-hours-work", params={"sat": "09:00-12:00"}), others("AU"), "au-hours-work"),
        (changed("AU", "au-hours-phone", params={"only_at_work": True}), others("AU"), "au-hours-phone"),
    ],
    "guidance_missing": [(lacking("AU", "au-freq-week"), others("AU"), "au-freq-week")],
    "same_name": [(with_more("firm", limit("mx-hours", 3)), others("firm"), "mx-hours")],
    "permitted_in_vain": [
        in_firm("firm-opt-out", params={"permitted": ["confirmation", "reply", "reminder"]}),
        in_firm("firm-third-party", params={"other_purposes": ["trace", "demand"]}),
        in_firm("firm-holds", params={"permitted": ["demand"]}),
    ],
    "looser_than_country": [
        in_firm("firm-us-hours", params=every_day("07:00-21:00")),
        (with_more("firm", limit("x", 4, jurisdiction="AU", action="override",
                                 params={"days": 7, "count_what": "connected", "count_key": "account",
                                         "exclusions": ["requested"]})), others("firm"), "x"),
    ],
}  # fmt: skip
