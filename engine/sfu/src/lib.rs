//! Rooms, layers, subscriptions, forwarding decisions; no I/O.
//!
//! [`Shard`] holds rooms. It takes commands, datagrams and the time, and gives
//! datagrams ([`Shard::flush`]) and news ([`Shard::poll_event`], and of TCP connections [`Shard::poll_link`]).
//!
//! A room that is larger than one shard has people on several. A track is decrypted on its publisher's and crosses to the
//! others' [mirrors](Shard::cross) as it is.
//!
//! Law: after any call that takes `&mut self` the caller flushes, takes the news, and calls [`Shard::handle_timeout`] no
//! later than [`Shard::deadline`]. Time is an argument and never runs back.
//!
//! Invariants: a packet is decrypted once and copied once per receiver. No packet of a connection is looked at before its
//! keys were agreed on. No number from the network is an index before it was found in a table. What one connection sends
//! can end that connection alone: a panic on its behalf is caught here and told as [`ShardEvent::Failed`].
#![forbid(unsafe_code)]

mod allocator;
mod clock;
mod command;
mod data_packet;
mod downtrack;
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing;
mod keyframes;
mod layer;
mod pacer;
mod parameter_sets;
mod parts;
mod quality;
mod rate;
mod receive_statistics;
mod reorder;
mod repeats;
mod resends;
mod rest;
mod ring;
mod run;
mod selector;
mod shard;
mod speakers;
mod timers;
mod uplink;

pub use command::{
    Command, Crossing, Destinations, EndReason, FirstNumbers, Handle, LastHeard, LinkNews, Mirrored, Shape, ShardEvent,
    Source, Wish, Word,
};
pub use run::Egress;
pub use shard::{Routes, Shard, ShardConfig, ShardStats, shard_of};
pub use uplink::UplinkLimit;
