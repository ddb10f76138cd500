use super::*;

const SECOND: Duration = Duration::from_secs(1);

fn check() -> Vec<u8> {
    [&[0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42][..], &[7; 12]].concat()
}

fn frames(datagrams: &[&[u8]]) -> Vec<u8> {
    let mut out = Vec::new();
    for datagram in datagrams {
        framed::write(&mut out, datagram);
    }
    out
}

fn take(link: &mut Link, now: Instant, datagrams: &[&[u8]]) -> (Vec<Vec<u8>>, Result<(), End>) {
    let mut seen = Vec::new();
    let outcome = link.take(now, &mut frames(datagrams), |frame| seen.push(frame.to_vec()));
    (seen, outcome)
}

fn of(first: u8, len: usize) -> Vec<u8> {
    let mut datagram = vec![0; len];
    datagram[0] = first;
    datagram
}

#[test]
fn whoever_begins_with_anything_but_a_check_is_shown_out_at_once() {
    let now = Instant::now();
    let hello = of(22, 100);
    let web = b"GET / HTTP/1.1\r\nHost: folkmoot\r\n\r\n";
    assert_eq!(take(&mut Link::new(now), now, &[&hello]), (vec![], Err(End::Stranger)));
    // What a browser says is the announcement of a frame of 18,245 bytes.
    assert_eq!(Link::new(now).take(now, &mut web.to_vec(), |_| panic!("no frame")), Err(End::TooLong));
    let answer = of(1, 20);
    assert_eq!(take(&mut Link::new(now), now, &[&answer]).1, Err(End::Stranger));
    assert_eq!(take(&mut Link::new(now), now, &[&check(), &hello]), (vec![check(), hello], Ok(())));
}

#[test]
fn a_stranger_has_ten_seconds_however_busy_it_is() {
    let start = Instant::now();
    let mut silent = Link::new(start);
    let mut dripping = Link::new(start);
    let mut knocking = Link::new(start);
    for second in 0..10 {
        let now = start + second * SECOND;
        assert_eq!(silent.verdict(now).or(dripping.verdict(now)).or(knocking.verdict(now)), None);
        dripping.take(now, &mut [0], |_| {}).expect("the beginning of something");
        assert_eq!(take(&mut knocking, now, &[&check()]).1, Ok(()));
    }
    let end = start + 10 * SECOND;
    for link in [&mut silent, &mut dripping, &mut knocking] {
        assert_eq!(link.verdict(end), Some(End::Silent));
    }
    knocking.claim();
    assert_eq!(knocking.verdict(end), None);
}

#[test]
fn a_stranger_may_not_make_us_look_without_end() {
    let now = Instant::now();
    let mut link = Link::new(now);
    let knocks = vec![check(); 100];
    let knocks: Vec<&[u8]> = knocks.iter().map(Vec::as_slice).collect();
    let (seen, outcome) = take(&mut link, now, &knocks);
    assert_eq!((seen.len(), outcome), (64, Err(End::Stranger)));
    let mut known = Link::new(now);
    known.claim();
    assert_eq!(take(&mut known, now, &knocks).0.len(), 100);
}

#[test]
fn a_client_that_is_heard_of_no_more_is_let_go_though_it_drips() {
    let start = Instant::now();
    let mut link = Link::new(start);
    link.claim();
    for second in 0..60 {
        let now = start + second * SECOND;
        assert_eq!(link.verdict(now), None, "at {second}");
        if second % 6 == 0 {
            take(&mut link, now, &[&check()]).1.expect("fine");
        }
    }
    let last = start + 54 * SECOND;
    for second in 0..30 {
        link.take(last + second * SECOND, &mut [0], |_| {}).expect("part of a frame, or an empty one");
    }
    assert_eq!(link.verdict(last + 30 * SECOND), Some(End::Idle));
}

#[test]
fn to_who_is_too_slow_media_is_dropped_first_then_data_and_then_it_ends() {
    let now = Instant::now();
    let mut link = Link::new(now);
    link.claim();
    let fill = |link: &mut Link, datagram: &[u8]| {
        let mut n = 0;
        while link.push(now, datagram) == Ok(Pushed::Queued) {
            n += 1;
        }
        n * (datagram.len() + 2)
    };
    let media = fill(&mut link, &of(0x80, 1200));
    assert!((BACKLOG_MEDIA - 1202..=BACKLOG_MEDIA).contains(&media), "{media}");
    assert_eq!(link.push(now, &of(0x80, 1200)), Ok(Pushed::Dropped));
    let data = fill(&mut link, &of(23, 1200));
    assert!((BACKLOG_DATA - 1202..=BACKLOG_DATA).contains(&(media + data)), "{data}");
    assert_eq!(link.push(now, &of(23, 1200)), Ok(Pushed::Dropped));
    let checks = fill(&mut link, &of(1, 96));
    assert!((BACKLOG_MAX - 98..=BACKLOG_MAX).contains(&(media + data + checks)), "{checks}");
    assert_eq!(link.push(now, &of(1, 96)), Err(End::Stalled));
    assert_eq!(link.push(now, &of(22, 96)), Err(End::Stalled), "nor does a handshake go on");
    assert_eq!(link.waiting().len(), media + data + checks);
}

#[test]
fn what_was_queued_leaves_whole_and_in_order_however_little_is_taken_at_a_time() {
    let now = Instant::now();
    let mut link = Link::new(now);
    link.claim();
    let (mut written, mut queued) = (Vec::new(), Vec::new());
    for n in 0..2000_usize {
        let datagram = of(0x80 | n as u8 & 0x3f, 1 + n * 7 % 1200);
        if link.push(now, &datagram) == Ok(Pushed::Queued) {
            framed::write(&mut queued, &datagram);
        }
        let some = (n * 13 % 900).min(link.waiting().len());
        written.extend_from_slice(&link.waiting()[..some]);
        link.wrote(now, some);
        assert!(link.queue.len() <= 2 * BACKLOG_MEDIA);
    }
    written.extend_from_slice(link.waiting());
    link.wrote(now, link.waiting().len());
    assert_eq!(written, queued);
    assert!(link.waiting().is_empty() && link.queue.capacity() <= QUEUE_KEPT);
}

#[test]
fn a_far_end_that_takes_nothing_is_let_go_but_not_one_that_is_slow_or_has_nothing_to_take() {
    let start = Instant::now();
    let (mut dead, mut slow, mut quiet) = (Link::new(start), Link::new(start), Link::new(start));
    for link in [&mut dead, &mut slow, &mut quiet] {
        link.claim();
    }
    for second in 0..25 {
        let now = start + second * SECOND;
        for link in [&mut dead, &mut slow, &mut quiet] {
            take(link, now, &[&check()]).1.expect("each is heard of");
        }
        slow.push(now, &of(1, 96)).expect("room");
        slow.wrote(now, 1);
        assert_eq!(slow.verdict(now).or(quiet.verdict(now)), None);
        if second == 14 {
            dead.push(now, &of(1, 96)).expect("room");
        }
        assert_eq!(dead.verdict(now), (second >= 24).then_some(End::Stalled), "at {second}");
    }
}
