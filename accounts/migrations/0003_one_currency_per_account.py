"""An entry or a payment can't be in another currency than its account."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_book")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE accounts_ledgerentry ADD CONSTRAINT ledger_currency_of_account "
            "FOREIGN KEY (account_id, currency) REFERENCES accounts_account (id, currency)",
            "ALTER TABLE accounts_ledgerentry DROP CONSTRAINT ledger_currency_of_account",
        ),
        migrations.RunSQL(
            "ALTER TABLE accounts_payment ADD CONSTRAINT payment_currency_of_account "
            "FOREIGN KEY (account_id, currency) REFERENCES accounts_account (id, currency)",
            "ALTER TABLE accounts_payment DROP CONSTRAINT payment_currency_of_account",
        ),
    ]
