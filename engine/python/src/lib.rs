//! The Python face of the engine: the only crate with PyO3.
