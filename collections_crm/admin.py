"""The admin site of the product. Each subject registers its own."""

from collections_crm.policy_admin import site  # noqa: F401
