"""What the catalogue finds in the code."""

from collections_crm.ui.catalogue import in_code, within_f_strings


def test_a_sentence_asked_for_inside_an_f_string_is_found():
    source = (
        """told = f"{lead}, {_('notice served')}" if first else f"{ngettext('%(n)s day', '%(n)s days', n)} left" """
    )

    assert [found[1:2] for found in within_f_strings(source)] == [("notice served",), (("%(n)s day", "%(n)s days"),)]


def test_the_queue_asks_for_its_served_notices():
    assert in_code().get("notice served")
