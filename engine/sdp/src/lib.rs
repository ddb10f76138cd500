//! Offers and answers to NegotiatedSession: a pure negotiator.
