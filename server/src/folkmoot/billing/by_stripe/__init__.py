"""Stripe as the provider of payments.

Law: nobody loads this, nor Stripe's library, where `billing.provider` isn't `stripe`. What is a decision (what a webhook says, whether it
is Stripe's, how an amount is written there) is pure and knows nothing of the library.
"""
