//! One turn of a shard's thread, by hand.

use std::net::{Ipv4Addr, SocketAddr};

use folkmoot_peer::Identity;

use super::*;
use crate::events::queue;
use crate::handover::ring;

#[test]
fn what_was_ordered_before_another_shard_handed_something_over_is_done_before_that_is_taken() {
    let [(own_door, own_inbox), (other_door, other_inbox)] =
        [(); 2].map(|()| inbox(Arc::new(Flag::new().expect("a flag"))));
    let (to_us, from_them) = ring(own_door.wake.clone());
    let (to_them, from_us) = ring(other_door.wake.clone());
    let mut them = Neighbours::new(1, other_inbox);
    them.meet(Meeting { shard: 0, door: own_door.clone(), handing: to_us, taking: from_us });
    let (orders, given) = channel();
    let mut post = Post {
        life: Life { shard: 0, began: (1, 0) },
        orders: given,
        wake: own_door.wake,
        neighbours: Neighbours::new(0, own_inbox),
        pulse: Arc::default(),
        teller: queue().expect("a queue").0,
        counters: Arc::default(),
        expected: None,
        routes: Routes::default(),
        stopwatch: Stopwatch::new(),
        ended: false,
    };
    post.neighbours.meet(Meeting { shard: 1, door: other_door, handing: to_them, taking: from_them });
    let now = Instant::now();
    let mut shard = Shard::new(ShardConfig::alone(Arc::new(Identity::generate().expect("a certificate"))), now);
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).expect("a socket");
    let mut ways = Ways { net: Net::new(socket).expect("a way out"), links: None };

    // The turn has looked for orders already when one is given, and a client comes to the other shard that it lets in.
    post.obey(&mut shard, now, true);
    orders.send(Order::Expect(Some(Probe::default()))).expect("a thread");
    post.wake.raise();
    let source = SocketAddr::from((Ipv4Addr::LOCALHOST, 9));
    assert!(them.hand(0, Handed { source, local: None, arrived: now }, b"a check"));
    them.announce();

    let more = post.take_handed(&mut ways, &mut shard, now);
    assert!(post.expected.is_some(), "the order was carried out");
    assert_eq!(shard.stats().unknown_source, 1, "and behind it the datagram was taken");
    assert!(more, "who was called looks again");
}
