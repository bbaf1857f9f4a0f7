"""The lint of a draft as administrators meet it: faults keep it back, warnings are shown and it goes."""

from __future__ import annotations

import pytest
from django.utils import translation

from accounts.foundation.errors import Refused
from communications.services.policy_faults import FAULTS, WARNINGS, Fault
from communications.services.policy_lint import lint_of
from communications.services.policy_versions import draft_from_live, edit_rule, submit
from tests.factories import NOW
from tests.support.faulty_packs import CASES, flaws

TOLD = {code: case for code, cases in CASES.items() for case in cases[:1]}


@pytest.mark.parametrize("code", sorted(CASES))
def test_every_fault_is_a_sentence_in_both_languages(code):
    pack, beside, rule = TOLD[code]
    (flaw, *_) = (flaw for flaw in flaws(pack, beside) if flaw.code == code)
    fault = Fault(flaw.code, flaw.rule, values=flaw.values)

    english = str(fault)
    with translation.override("es-mx"):
        spanish = str(fault)

    assert rule in english
    assert english != spanish
    assert not {"{", "}"} & set(english + spanish)


def test_every_fault_that_the_gate_may_find_has_its_sentence():
    assert set(CASES) <= set(FAULTS) | set(WARNINGS)
    assert not set(FAULTS) & set(WARNINGS)


def test_both_hours_are_told_in_words():
    pack, beside, _rule = CASES["looser_than_law"][0]
    (flaw,) = flaws(pack, beside)

    assert str(Fault(flaw.code, flaw.rule, values=flaw.values)) == (
        "mx-hours: looser than the law: Mon is 06:00 - 22:00, the law says 07:00 - 22:00 "
        "(CONDUSEF Disposiciones en materia de despachos de cobranza, DOF 7 October 2014)"
    )


@pytest.fixture
def us_draft(db, admin):
    return draft_from_live(pack_code="US", note="other numbers", actor=admin, now=NOW)


def edit(draft, admin, code, **params):
    rule = draft.rules.get(code=code)
    edit_rule(rule_id=rule.pk, changes={"params": {**rule.params, **params}}, actor=admin, now=NOW)


def test_a_draft_looser_than_a_statute_or_rule_is_not_submitted(us_draft, admin):
    edit(us_draft, admin, "us-ma-2in7", limit=3)

    with pytest.raises(Refused, match="at most is 3, the law says 2"):
        submit(version_id=us_draft.pk, actor=admin, now=NOW)


def test_a_draft_looser_than_a_presumption_is_warned_of_and_submitted(us_draft, admin):
    edit(us_draft, admin, "us-regf-7in7", limit=8)

    found = lint_of(us_draft, now=NOW)
    submitted = submit(version_id=us_draft.pk, actor=admin, now=NOW)

    assert (found.faults, [fault.code for fault in found.warnings]) == ([], ["looser_than_guidance"])
    assert submitted.state == "submitted"


def test_what_only_is_written_otherwise_is_no_change(us_draft, admin):
    edit(us_draft, admin, "us-wa-3wk", days=1)

    assert "nothing_changed" in [fault.code for fault in lint_of(us_draft, now=NOW).faults]


@pytest.mark.parametrize("code", ["UK", "US", "MX", "AU", "firm"])
def test_a_fresh_draft_of_each_pack_has_no_fault_but_that_nothing_changed(db, admin, code):
    draft = draft_from_live(pack_code=code, note="as it is", actor=admin, now=NOW)

    found = lint_of(draft, now=NOW)

    assert ([fault.code for fault in found.faults], found.warnings) == (["nothing_changed"], [])
