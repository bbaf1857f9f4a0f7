from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0016_authority_by_product"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="authoritylimit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("write_off_max", 0),
                    ("portfolio__isnull", False),
                    models.Q(("currency", ""), _negated=True),
                    _connector="OR",
                ),
                name="authority_limit_amount_has_currency",
                violation_error_message="Say in which currency the write-off limit is, or for which portfolio.",
            ),
        ),
    ]
