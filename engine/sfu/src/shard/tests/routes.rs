//! Several shards behind one port: whose a datagram is, and who may claim an address.

use super::*;
use folkmoot_peer::ControlEvent;

use crate::command::Word;
use crate::shard::shard_of;

/// Base64 of names that begin with 0 and with 1.
const OURS: &str = "AAAA";
const THEIRS: &str = "AQAA";

fn numbered(number: u8) -> Hall {
    let mut hall = Hall::new();
    hall.shard = Shard::new(
        ShardConfig { identity: IDENTITY.clone(), number, shards: 2, uplink: UplinkLimit::default() },
        hall.now,
    );
    hall.command(Command::OpenRoom { room: 1 });
    hall
}

fn check(ufrag: &str) -> Vec<u8> {
    let name = format!("{ufrag}:them");
    let mut bytes = [&[0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42][..], &[7; 12], &[0, 6, 0, name.len() as u8]].concat();
    bytes.extend(name.as_bytes());
    bytes.resize(bytes.len().next_multiple_of(4), 0);
    bytes
}

fn address(n: u8) -> std::net::SocketAddr {
    ([203, 0, 113, n], 9).into()
}

impl Hall {
    fn words(&mut self) -> Vec<Word> {
        std::iter::from_fn(|| self.shard.poll_word()).map(|(_, word)| word).collect()
    }

    fn whose(&mut self, from: std::net::SocketAddr, bytes: &[u8]) -> Option<u8> {
        self.shard.handle_datagram(self.now, Path::udp(from), &mut bytes.to_vec())
    }
}

#[test]
fn a_check_says_whose_it_is_and_what_nobody_has_is_nobodys() {
    assert_eq!([OURS, THEIRS, "/w", "=A", "A", ""].map(shard_of), [Some(0), Some(1), Some(255), None, None, None]);
    let mut hall = numbered(0);
    assert_eq!(hall.whose(address(1), &check(THEIRS)), Some(1));
    assert_eq!(hall.shard.stats().unknown_source, 0);
    for nobodys in [check(OURS), check("zzzz"), vec![128; 40], vec![255; 40], vec![]] {
        assert_eq!(hall.whose(address(1), &nobodys), None);
    }
    assert_eq!(hall.shard.stats().unknown_source, 5);
}

#[test]
fn what_comes_from_another_shards_client_is_handed_over_until_it_has_left() {
    let mut hall = numbered(0);
    let media = [128; 40];
    assert_eq!(hall.whose(address(1), &media), None);
    hall.shard.handle_word(hall.now, 1, &Word::Claimed(address(1)));
    assert_eq!([hall.whose(address(1), &media), hall.whose(address(2), &media)], [Some(1), None]);
    hall.shard.handle_word(hall.now, 1, &Word::Released(address(1)));
    assert_eq!(hall.whose(address(1), &media), None);
    hall.shard.handle_word(hall.now, 1, &Word::Claimed(address(1)));
    hall.shard.handle_word(hall.now, 1, &Word::Anew);
    assert_eq!(hall.whose(address(1), &media), None, "a shard that begins has no clients");
}

#[test]
fn the_others_are_told_of_an_address_when_it_is_new_and_now_and_then() {
    let mut hall = numbered(0);
    let guest = hall.enter();
    let here = guest.addr.addr();
    assert_eq!(hall.words(), [Word::Claimed(here)]);
    let checked = |hall: &mut Hall, after: u64| {
        hall.now += Duration::from_millis(after);
        hall.shard.hear(hall.now, guest.conn, ControlEvent::Source(guest.addr));
        hall.words()
    };
    assert_eq!(checked(&mut hall, 500), []);
    assert_eq!(checked(&mut hall, 2000), [Word::Claimed(here)]);
    hall.command(Command::CloseConnection { conn: guest.conn });
    assert_eq!(hall.words(), [Word::Released(here)]);
}

#[test]
fn an_address_that_is_in_use_on_one_shard_is_not_taken_by_another() {
    let mut hall = numbered(0);
    let guest = hall.knock();
    hall.shard.handle_word(hall.now, 1, &Word::Claimed(guest.addr.addr()));
    hall.let_in(&guest);
    assert_eq!(hall.words(), [], "whoever writes another's address on its checks doesn't get what comes from there");
    // Nor is ours given away to who says so.
    let other = hall.enter();
    hall.words();
    hall.shard.handle_word(hall.now, 1, &Word::Claimed(other.addr.addr()));
    let media = [128; 40];
    assert_eq!(hall.whose(other.addr.addr(), &media), None);
    // But one that was not heard of for long is where another's client is now.
    hall.now += Duration::from_secs(9);
    hall.shard.handle_word(hall.now, 1, &Word::Claimed(other.addr.addr()));
    assert_eq!(hall.whose(other.addr.addr(), &media), Some(1));
}

#[test]
fn a_route_of_which_nothing_is_said_any_more_is_forgotten() {
    let mut hall = numbered(0);
    hall.enter();
    hall.shard.handle_word(hall.now, 1, &Word::Claimed(address(1)));
    for _ in 0..14 {
        hall.now += Duration::from_secs(5);
        hall.shard.handle_timeout(hall.now);
    }
    assert_eq!(hall.whose(address(1), &[128; 40]), None);
}

#[test]
fn who_is_alone_tells_nobody() {
    let mut hall = Hall::new();
    hall.enter();
    assert_eq!(hall.words(), []);
}
