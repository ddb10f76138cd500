//! Two shards with real threads and one real port: what the loss of one costs, and what it doesn't.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

use folkmoot_load::client::Client;
use folkmoot_node::{Engine, Event, Handle, Listening, Role};

const PATIENCE: Duration = Duration::from_secs(20);

struct House {
    engine: Engine,
    server: SocketAddr,
    clients: Vec<Client>,
    happened: Vec<Event>,
    start: Instant,
}

impl House {
    fn new(shards: u8) -> Self {
        Self::of(&Listening::loopback(shards))
    }

    fn of(listening: &Listening) -> Self {
        let engine = Engine::start(listening).expect("an engine");
        let server = (Ipv4Addr::LOCALHOST, engine.udp_port()).into();
        Self { engine, server, clients: Vec::new(), happened: Vec::new(), start: Instant::now() }
    }

    /// One who sends and one who gets it; the number of the second.
    fn call(&mut self, room: Handle) -> usize {
        let number = self.clients.len();
        let mut sender = Client::new(&mut self.engine, room, number, Role::Publisher).expect("a sender");
        sender.publish(&mut self.engine, number as u32).expect("tracks");
        let mut receiver = Client::new(&mut self.engine, room, number + 1, Role::Subscriber).expect("a receiver");
        receiver.subscribe(&mut self.engine, &sender.tracks).expect("subscriptions");
        self.clients.push(sender);
        self.clients.push(receiver);
        number + 1
    }

    fn turn(&mut self) {
        let mut busy = false;
        for client in &mut self.clients {
            busy |= client.turn(self.server);
        }
        self.happened.extend(self.engine.drain());
        if !busy {
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// Lets time pass until `done`, which must come.
    fn until(&mut self, what: &str, mut done: impl FnMut(&Self) -> bool) {
        let give_up = Instant::now() + PATIENCE;
        while !done(self) {
            assert!(Instant::now() < give_up, "{what}");
            self.turn();
        }
    }

    /// Voice and picture packets that a client got since then.
    fn shown(&self, client: usize, since: Instant) -> usize {
        self.clients[client].pc.incoming.values().map(|i| i.stream.shown_since(since).len()).sum()
    }

    /// What each of its streams lacks for good.
    fn missing(&self, client: usize) -> u64 {
        self.clients[client].pc.incoming.values().map(|i| i.stream.report().missing).sum()
    }

    fn is_watching(&self, client: usize) -> bool {
        let streams = &self.clients[client].pc.incoming;
        streams.len() == 2 && streams.values().all(|i| i.stream.report().shown > 10)
    }

    fn counter(&self, name: &str) -> u64 {
        self.engine.stats().into_iter().find_map(|(n, value)| (n == name).then_some(value as u64)).unwrap_or_default()
    }
}

#[test]
fn when_one_shard_of_two_dies_the_others_media_has_no_gap_and_its_own_rooms_come_back() {
    let mut house = House::new(2);
    let rooms = [(); 2].map(|()| house.engine.open_room().expect("a room"));
    let (spared, struck) = (house.call(rooms[0]), house.call(rooms[1]));
    house.until("both calls go", |house| house.is_watching(spared) && house.is_watching(struck));
    house.engine.fail(1);
    let lost = house.clients[struck].connection;
    house.until("it is told whom it cost", |house| {
        house.happened.contains(&Event::Disconnected { connection: lost, reason: "engine" })
    });
    let then = Instant::now();
    house.until("the other call goes on", |house| house.shown(spared, then) > 200);
    assert_eq!(house.missing(spared), 0, "not a packet, also of those that came to the socket of the one that died");
    let survivors = [house.clients[spared - 1].connection, house.clients[spared].connection];
    let cut =
        |event: &&Event| matches!(event, Event::Disconnected { connection, .. } if survivors.contains(connection));
    assert_eq!(house.happened.iter().find(cut), None);
    // Those whom it cost connect once more, to the same room.
    let again = house.call(rooms[1]);
    house.until("their call is back", |house| house.is_watching(again));
    let start = house.start;
    let slowest = |i: &folkmoot_sim::pc::Incoming| i.stream.slowest_since(start, then);
    println!("the slowest packet meanwhile: {:?}", house.clients[spared].pc.incoming.values().map(slowest).max());
}

#[test]
fn a_client_whose_address_changes_lands_with_its_shard_wherever_the_kernel_puts_it() {
    let mut house = House::new(4);
    let rooms = [(); 4].map(|()| house.engine.open_room().expect("a room"));
    let receivers = rooms.map(|room| house.call(room));
    house.until("all calls go", |house| receivers.iter().all(|receiver| house.is_watching(*receiver)));
    for _ in 0..3 {
        for receiver in receivers {
            house.clients[receiver].move_on();
            house.clients[receiver - 1].move_on();
        }
        let then = Instant::now();
        house.until("all calls go on", |house| receivers.iter().all(|receiver| house.shown(*receiver, then) > 50));
    }
    assert!(house.counter("handed_over") > 0);
}

#[test]
fn a_client_by_tcp_is_served_by_its_shard_whichever_took_its_connection() {
    let mut house = House::of(&Listening { tcp_port: Some(0), ..Listening::loopback(4) });
    let port = house.engine.tcp_port().expect("a port");
    let rooms = [(); 4].map(|()| house.engine.open_room().expect("a room"));
    let receivers = rooms.map(|room| house.call(room));
    house.clients.iter_mut().for_each(|client| client.use_tcp(port));
    house.until("all calls go", |house| receivers.iter().all(|receiver| house.is_watching(*receiver)));
    assert_eq!(receivers.map(|receiver| house.missing(receiver)), [0; 4]);
    // Whoever wakes first takes a connection: that it is the right one each time happens once in 65,536 runs.
    house.until("some were handed over", |house| house.counter("tcp_handed_over") > 0);
    house.until("each is somebody's", |house| house.counter("tcp_connections") == 8);
}

#[test]
fn a_room_on_two_shards_is_one_room() {
    let mut house = House::of(&Listening { people_per_shard: 1, ..Listening::loopback(2) });
    let room = house.engine.open_room().expect("a room");
    let receivers = [house.call(room), house.call(room)];
    // Who sends is on the first, who gets it on the second, by turns.
    house.until("both see and hear", |house| receivers.iter().all(|receiver| house.is_watching(*receiver)));
    house.until("packets are counted", |house| house.counter("media_crossed") > 100);
    assert_eq!([house.missing(receivers[0]), house.missing(receivers[1])], [0, 0]);
    // A shard that dies takes its own part of the room.
    house.engine.fail(1);
    let lost: Vec<_> = receivers.map(|receiver| house.clients[receiver].connection).into();
    house.until("it is told whom it cost", |house| {
        let is_lost = |connection: &Handle| {
            house.happened.contains(&Event::Disconnected { connection: *connection, reason: "engine" })
        };
        lost.iter().all(is_lost)
    });
    let senders = receivers.map(|receiver| house.clients[receiver - 1].connection);
    let cut = |event: &&Event| matches!(event, Event::Disconnected { connection, .. } if senders.contains(connection));
    assert_eq!(house.happened.iter().find(cut), None, "who sends is on the other, and stays");
    let again = house.call(room);
    house.until("who comes again sees and hears", |house| house.is_watching(again));
}
