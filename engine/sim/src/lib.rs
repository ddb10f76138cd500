//! Whole rooms in virtual time, with str0m as an independent client.
//!
//! A [`Scene`] is a plan: who comes when, what happens to the network, and what every receiver must still have seen at the
//! end. [`World`] plays it: the real control half, the real shard, clients that we did not write, and links that fail by a
//! seed. The promises are judged at the receivers, packet by packet, by [`watch`].

mod dynacast;
pub mod media;
pub mod pc;
pub mod scene;
mod source;
pub mod viewer;
pub mod watch;
pub mod wire;
pub mod world;

pub use scene::{Bounds, Scene, Step};
pub use viewer::Viewer;
pub use world::{Camera, Mode, World};
