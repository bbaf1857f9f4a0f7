from accounts.foundation.users import User

__all__ = ["User"]
