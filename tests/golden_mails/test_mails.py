"""Each mail is exactly the file beside this test; `python -m tests.golden_mails.cases` rewrites."""

import pytest

from boekbrug.notices.mail import Mail
from tests.golden_mails.cases import HERE, as_text, mails

CASES = dict(mails())


@pytest.mark.parametrize(("name", "mail"), CASES.items(), ids=CASES.keys())
def test_a_mail_is_what_is_kept(name: str, mail: Mail) -> None:
    """Text and HTML are those a person has read and found good."""
    assert as_text(mail) == (HERE / f"{name}.txt").read_text(encoding="utf-8")
    assert mail.html == (HERE / f"{name}.html").read_text(encoding="utf-8")


def test_no_file_is_left_over() -> None:
    """A mail that is gone leaves no file behind."""
    kept = {path.stem for path in HERE.iterdir() if path.suffix in {".txt", ".html"}}

    assert kept == set(CASES)
