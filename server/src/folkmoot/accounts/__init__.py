"""People who have an account here: how they sign up and in, and that nobody else does.

Law: whether somebody has an account is told to nobody who can't prove that it is theirs: sign-up, sign-in and reset answer alike
in words and work. An address that isn't proven grants nothing. What proves a person is kept as a hash, or sealed. No stranger locks
an owner out: whose device was signed in before isn't slowed by tries from elsewhere. Guests need none of this.

Nothing here knows organisations or meetings; they ask `Accounts.who`.
"""

from folkmoot.accounts.accounts import Accounts
from folkmoot.accounts.administering import begin_setup
from folkmoot.accounts.events import AccountChanged, AccountDeleted, AddressProven
from folkmoot.accounts.model import Account, AccountId, SignUp
from folkmoot.accounts.routes import router

__all__ = [
    "Account",
    "AccountChanged",
    "AccountDeleted",
    "AccountId",
    "Accounts",
    "AddressProven",
    "SignUp",
    "begin_setup",
    "router",
]
