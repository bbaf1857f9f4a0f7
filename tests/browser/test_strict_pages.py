"""No page may run or style anything inline, the admin site included: the browser itself is the judge."""


def test_the_admin_log_in_page_keeps_the_strict_policy(browser_page):
    answer = browser_page.goto("/admin/login/")

    assert answer.status == 200
    assert "unsafe" not in answer.headers["content-security-policy"]


def test_a_page_that_breaks_the_policy_would_be_noticed(browser_page, complaints):
    browser_page.goto("/admin/login/")

    browser_page.evaluate("document.body.setAttribute('style', 'color: red')")
    browser_page.wait_for_timeout(100)

    assert any("Content Security Policy" in complaint for complaint in complaints)
    complaints.clear()
