//! The Python face of the engine: the only crate with PyO3.
//!
//! Nothing is decided here: arguments in, [`folkmoot_node::Engine`] called, values out. The stub `_engine.pyi` says the
//! same in Python's words; a method added here is added there. Calls that may block (start, close, probe) let go of the
//! interpreter; the others are shorter than doing so.
#![allow(unsafe_code)] // what PyO3's macros write

mod engine;
mod events;
mod values;

pyo3::import_exception!(folkmoot_engine.errors, EngineError);

/// `folkmoot_engine._engine`
#[pyo3::pymodule(gil_used = false)]
mod _engine {
    #[pymodule_export]
    use crate::engine::Engine;
    #[pymodule_export]
    use crate::values::{Accepted, Answer, Negotiation, ReceivingSection};
}
