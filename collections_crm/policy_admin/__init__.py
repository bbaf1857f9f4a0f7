"""Policy in Django admin: packs, their versions, and the rules of a draft as forms."""
