use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use folkmoot_node::{self as node, Error, Role, UplinkLimit, Wish};
use pyo3::prelude::*;

use crate::EngineError;
use crate::events;
use crate::values::{Accepted, Answer, Negotiation};

/// The media engine of one process. Use it from one thread.
#[pyclass(frozen, module = "folkmoot_engine")]
pub struct Engine {
    #[allow(clippy::struct_field_names)] // both are what they are called
    engine: Mutex<Option<node::Engine>>,
    udp_port: u16,
    tcp_port: Option<u16>,
    fileno: i32,
}

fn refused(error: Error) -> PyErr {
    EngineError::new_err((error.code, error.message))
}

fn address(text: &str) -> PyResult<IpAddr> {
    text.parse().map_err(|_| refused(Error::new("engine.bad_address", format!("“{text}” is not an IP address."))))
}

impl Engine {
    fn lock(&self) -> MutexGuard<'_, Option<node::Engine>> {
        self.engine.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn call<T>(&self, act: impl FnOnce(&mut node::Engine) -> Result<T, Error>) -> PyResult<T> {
        let mut guard = self.lock();
        let engine = guard.as_mut().ok_or_else(|| refused(Error::new("engine.closed", "The engine is closed.")))?;
        act(engine).map_err(refused)
    }
}

#[pymethods]
impl Engine {
    #[new]
    #[allow(clippy::needless_pass_by_value, clippy::too_many_arguments)] // extracted from Python, which names them
    #[pyo3(signature = (host, udp_port, advertise, tcp_port = None, shards = None, uplink = None, people_per_shard = node::PEOPLE_PER_SHARD))]
    fn new(
        py: Python<'_>,
        host: &str,
        udp_port: u16,
        advertise: Vec<String>,
        tcp_port: Option<u16>,
        shards: Option<u8>,
        uplink: Option<(u64, u64)>,
        people_per_shard: usize,
    ) -> PyResult<Self> {
        let host = address(host)?;
        let advertise = advertise.iter().map(|a| address(a)).collect::<PyResult<Vec<_>>>()?;
        let uplink = uplink.map_or_else(UplinkLimit::default, |(bits, packets)| UplinkLimit { bits, packets });
        let listening = node::Listening { host, udp_port, tcp_port, advertise, shards, uplink, people_per_shard };
        let engine = py.detach(|| node::Engine::start(&listening)).map_err(refused)?;
        let (udp_port, tcp_port, fileno) = (engine.udp_port(), engine.tcp_port(), engine.fileno());
        Ok(Self { udp_port, tcp_port, fileno, engine: Mutex::new(Some(engine)) })
    }

    #[getter]
    fn udp_port(&self) -> u16 {
        self.udp_port
    }

    #[getter]
    fn tcp_port(&self) -> Option<u16> {
        self.tcp_port
    }

    #[pyo3(signature = (timeout = 1.0))]
    fn probe(&self, py: Python<'_>, timeout: f64) -> PyResult<Vec<(&'static str, String, Option<f64>)>> {
        let timeout = Duration::try_from_secs_f64(timeout.clamp(0.001, 60.0)).unwrap_or(Duration::from_secs(1));
        let found = py.detach(|| self.call(|e| e.probe(timeout)))?;
        let tell = |(to, took): (node::Candidate, Option<Duration>)| {
            (to.transport.name(), to.address.to_string(), took.map(|t| t.as_secs_f64()))
        };
        Ok(found.into_iter().map(tell).collect())
    }

    fn fileno(&self) -> i32 {
        self.fileno
    }

    fn drain<'py>(&self, py: Python<'py>) -> PyResult<Vec<Bound<'py, PyAny>>> {
        let happened = self.lock().as_mut().map(node::Engine::drain).unwrap_or_default();
        happened.into_iter().map(|event| events::tuple(py, event)).collect()
    }

    fn close(&self, py: Python<'_>) {
        py.detach(|| drop(self.lock().take()));
    }

    fn stats(&self) -> PyResult<HashMap<&'static str, f64>> {
        self.call(|e| Ok(e.stats().into_iter().collect()))
    }

    fn open_room(&self) -> PyResult<u64> {
        self.call(node::Engine::open_room)
    }

    fn close_room(&self, room: u64) -> PyResult<()> {
        self.call(|e| e.close_room(room))
    }

    fn open_peer(&self, room: u64, identity: String, sid: String, can_publish_data: bool) -> PyResult<u64> {
        self.call(|e| e.open_peer(room, identity, sid, can_publish_data))
    }

    fn move_peer(&self, peer: u64, room: u64, sid: &str) -> PyResult<()> {
        self.call(|e| e.move_peer(peer, room, sid))
    }

    fn forward_peer(&self, peer: u64, room: u64, forwarded: bool) -> PyResult<()> {
        self.call(|e| e.forward_peer(peer, room, forwarded))
    }

    fn last_message(&self, peer: u64) -> PyResult<u32> {
        self.call(|e| e.last_message(peer))
    }

    fn set_away(&self, peer: u64, away: bool) -> PyResult<()> {
        self.call(|e| e.set_away(peer, away))
    }

    fn set_can_publish_data(&self, peer: u64, allowed: bool) -> PyResult<()> {
        self.call(|e| e.set_can_publish_data(peer, allowed))
    }

    fn announce_muted(&self, peer: u64) -> PyResult<()> {
        self.call(|e| e.announce_muted(peer))
    }

    #[pyo3(signature = (peer, bits = None))]
    fn limit_bandwidth(&self, peer: u64, bits: Option<u64>) -> PyResult<()> {
        self.call(|e| e.limit_bandwidth(peer, bits))
    }

    fn use_tcp(&self, peer: u64) -> PyResult<()> {
        self.call(|e| e.use_tcp(peer))
    }

    fn close_peer(&self, peer: u64) -> PyResult<()> {
        self.call(|e| e.close_peer(peer))
    }

    fn open_connection(&self, peer: u64, role: &str) -> PyResult<u64> {
        let role = match role {
            "publisher" => Role::Publisher,
            "subscriber" => Role::Subscriber,
            "single" => Role::Single,
            _ => return Err(refused(Error::new("engine.bad_role", format!("“{role}” is no role of a connection.")))),
        };
        self.call(|e| e.open_connection(peer, role))
    }

    fn close_connection(&self, connection: u64) -> PyResult<()> {
        self.call(|e| e.close_connection(connection))
    }

    #[allow(clippy::needless_pass_by_value)] // extracted from Python
    fn accept_offer(&self, connection: u64, sdp: &str, preferred: HashMap<String, String>) -> PyResult<Answer> {
        self.call(|e| e.accept_offer(connection, sdp, &preferred)).map(Answer::from)
    }

    fn create_offer(&self, connection: u64) -> PyResult<String> {
        self.call(|e| e.create_offer(connection))
    }

    fn restart_ice(&self, connection: u64) -> PyResult<()> {
        self.call(|e| e.restart_ice(connection))
    }

    fn accept_answer(&self, connection: u64, sdp: &str) -> PyResult<Accepted> {
        self.call(|e| e.accept_answer(connection, sdp)).map(Accepted::from)
    }

    fn add_candidate(&self, connection: u64, candidate: &str) -> PyResult<()> {
        self.call(|e| e.add_candidate(connection, candidate))
    }

    #[pyo3(signature = (connection, mid, track_sid, source, backup = None))]
    fn publish(
        &self,
        connection: u64,
        mid: &str,
        track_sid: &str,
        source: &str,
        backup: Option<&str>,
    ) -> PyResult<u64> {
        self.call(|e| e.publish(connection, mid, track_sid, source, backup))
    }

    fn publish_backup(&self, track: u64, mid: &str, regresses: bool) -> PyResult<()> {
        self.call(|e| e.publish_backup(track, mid, regresses))
    }

    fn drop_backup(&self, track: u64) -> PyResult<()> {
        self.call(|e| e.drop_backup(track))
    }

    fn unpublish(&self, track: u64) -> PyResult<()> {
        self.call(|e| e.unpublish(track))
    }

    fn set_muted(&self, track: u64, muted: bool) -> PyResult<()> {
        self.call(|e| e.set_muted(track, muted))
    }

    fn never_replay(&self, track: u64) -> PyResult<()> {
        self.call(|e| e.never_replay(track))
    }

    fn subscribe(&self, connection: u64, track: u64) -> PyResult<u64> {
        self.call(|e| e.subscribe(connection, track))
    }

    fn unsubscribe(&self, subscription: u64) -> PyResult<()> {
        self.call(|e| e.unsubscribe(subscription))
    }

    #[pyo3(signature = (subscription, enabled, max_layer, priority = 0, pixels = 0, fps = 0))]
    fn configure_subscription(
        &self,
        subscription: u64,
        enabled: bool,
        max_layer: u8,
        priority: u8,
        pixels: u32,
        fps: u32,
    ) -> PyResult<()> {
        let wish = Wish { enabled, max_layer: max_layer.min(2), priority, pixels, fps };
        self.call(|e| e.configure_subscription(subscription, wish))
    }

    fn negotiation(&self, connection: u64) -> PyResult<Negotiation> {
        self.call(|e| e.negotiation(connection)).map(Negotiation::from)
    }

    fn carry_frames(&self, publisher: u64, track: u16, receiver: u64, number: u16) -> PyResult<()> {
        self.call(|e| e.carry_frames(publisher, track, receiver, number))
    }

    fn drop_frames(&self, publisher: u64, track: u16, receiver: u64) -> PyResult<()> {
        self.call(|e| e.drop_frames(publisher, track, receiver))
    }

    #[allow(clippy::needless_pass_by_value)] // extracted from Python
    fn send_data(&self, room: u64, to: Option<Vec<u64>>, reliable: bool, data: &[u8]) -> PyResult<()> {
        self.call(|e| e.send_data(room, to.as_deref(), reliable, data))
    }
}
