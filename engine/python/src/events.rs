use folkmoot_node::Event;
use pyo3::IntoPyObjectExt;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

/// An event as the tuple that Python matches on: its name, then what it is about.
pub fn tuple(py: Python<'_>, event: Event) -> PyResult<Bound<'_, PyAny>> {
    match event {
        Event::Connected { connection } => ("connected", connection).into_bound_py_any(py),
        Event::Disconnected { connection, reason } => ("disconnected", connection, reason).into_bound_py_any(py),
        Event::Speakers { room, changes } => ("speakers", room, changes).into_bound_py_any(py),
        Event::Quality { room, scores } => ("quality", room, scores).into_bound_py_any(py),
        Event::Subscribed { subscription } => ("subscribed", subscription).into_bound_py_any(py),
        Event::Paused { connection, subscription, paused } => {
            ("paused", connection, subscription, paused).into_bound_py_any(py)
        }
        Event::Carried { connection, subscription, layer } => {
            ("carried", connection, subscription, layer).into_bound_py_any(py)
        }
        Event::Policed { connection } => ("policed", connection).into_bound_py_any(py),
        Event::Said { peer, bytes } => ("said", peer, PyBytes::new(py, &bytes)).into_bound_py_any(py),
        Event::Died { shard, reason } => ("died", shard, reason).into_bound_py_any(py),
    }
}
