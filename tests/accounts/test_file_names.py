"""A kept file is named for what it is: what is saved from here never runs as something else."""

import pytest

from accounts.services.attachments import safe_name


@pytest.mark.parametrize(
    ("name", "media_type", "kept"),
    [
        ("proof.pdf", "application/pdf", "proof.pdf"),
        ("Proof.PDF", "application/pdf", "Proof.PDF"),
        ("statement.pdf.exe", "application/pdf", "statement.pdf.exe.pdf"),
        ("invoice.html", "text/plain", "invoice.html.txt"),
        ("rates.csv", "text/plain", "rates.csv"),
        ("photo\u202egnp.js", "image/png", "photognp.js.png"),
        ("..\\..\\x.hta", "text/plain", "x.hta.txt"),
        ("", "image/jpeg", "file.jpg"),
        ("a" * 300 + ".pdf", "application/pdf", "a" * 196 + ".pdf"),
    ],
)
def test_a_file_keeps_its_name_with_an_ending_that_its_content_bears_out(name, media_type, kept):
    assert safe_name(name, media_type) == kept
