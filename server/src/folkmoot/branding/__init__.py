"""How an organisation looks to those who meet with it: the name that is shown, a logo, a colour, a line for who waits.

Law: it says whose meeting this is, and never whose software, nor how safe: the marks of encryption, of hosts and of warnings keep
their colours. Nothing waits for it, and nothing that keeps strangers out depends on it. What an organisation's plan holds no more is
kept, and shown to nobody.
"""

from folkmoot.branding import shown
from folkmoot.branding.brands import Brands
from folkmoot.branding.model import Branding, Shown
from folkmoot.branding.routes import UPLOAD, open_router, router
from folkmoot.branding.shown import BrandingShown

__all__ = ["UPLOAD", "Branding", "BrandingShown", "Brands", "Shown", "open_router", "router", "shown"]
