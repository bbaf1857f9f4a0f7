"""An agent who works by keyboard alone, with the commands counted."""

from contextlib import nullcontext

from accounts.models import Account

# Commands after which another page comes.
LEAVES = {"n", "c", "e", "a", "Enter", "Control+Enter", "Control+Shift+Enter"}


class Keyboard:
    """Presses keys and counts commands; what the customer says is typed, field by field, and isn't counted."""

    def __init__(self, page):
        self.page, self.commands = page, []

    def command(self, key):
        self.commands.append(key)
        # A page that is still loading hears no keys, and its late "load" would be taken for that of the next one.
        self.page.wait_for_load_state("load")
        with self.page.expect_event("load") if key in LEAVES else nullcontext():
            self.page.keyboard.press(key)

    def said(self, *answers):
        for place, answer in enumerate(answers):
            if place:
                self.page.keyboard.press("Tab")
            self.page.keyboard.type(answer)


def account_on(page):
    reference = page.url.rstrip("/").rsplit("/", 1)[-1]
    return Account.objects.get(reference=reference)
