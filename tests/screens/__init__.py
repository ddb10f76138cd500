"""Every screen, drawn to be looked at: `make screenshots`."""
