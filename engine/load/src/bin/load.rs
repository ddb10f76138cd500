//! The load generator: one engine with its real socket, and clients with sockets of their own, all in this process.
//!
//! It answers one question: how much time of its thread the engine spends on a forwarded packet. The clients are str0m,
//! which costs several times as much, so the engine's thread is measured alone, by the scheduler's own account of it.
//!
//! `folkmoot-load [publishers] [subscribers] [seconds]`

use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use folkmoot_load::client::Client;
use folkmoot_node::{Engine, Error, Handle, Listening, Role};

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1).map(|a| a.parse::<usize>());
    let mut next = |default| arguments.next().unwrap_or(Ok(default));
    let (Ok(publishers), Ok(subscribers), Ok(seconds)) = (next(2), next(20), next(10)) else {
        eprintln!("usage: folkmoot-load [publishers] [subscribers] [seconds]");
        return ExitCode::FAILURE;
    };
    match run(publishers, subscribers, Duration::from_secs(seconds as u64)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(publishers: usize, subscribers: usize, time: Duration) -> Result<(), Error> {
    let mut engine = Engine::start(&Listening::loopback(1))?;
    let server = SocketAddr::from((Ipv4Addr::LOCALHOST, engine.udp_port()));
    let room = engine.open_room()?;
    let mut clients = Vec::new();
    for number in 0..publishers {
        let mut client = Client::new(&mut engine, room, number, Role::Publisher)?;
        client.publish(&mut engine, number as u32)?;
        clients.push(client);
    }
    let tracks: Vec<Handle> = clients.iter().flat_map(|c| c.tracks.clone()).collect();
    for number in 0..subscribers {
        let mut client = Client::new(&mut engine, room, publishers + number, Role::Subscriber)?;
        client.subscribe(&mut engine, &tracks)?;
        clients.push(client);
    }
    turn_for(&mut engine, &mut clients, server, Duration::from_secs(3));
    let (before, cpu_before, start) = (stats(&engine), shard_time(), Instant::now());
    turn_for(&mut engine, &mut clients, server, time);
    let (after, cpu, took) = (stats(&engine), shard_time().saturating_sub(cpu_before), start.elapsed());
    let grown = |name: &str| after.get(name).unwrap_or(&0.0) - before.get(name).unwrap_or(&0.0);
    let connected = clients.iter().filter(|c| c.pc.connected).count();
    println!("clients connected     {connected} of {}", clients.len());
    println!("packets in            {:.0}/s", grown("packets_in") / took.as_secs_f64());
    println!("packets out           {:.0}/s", grown("packets_out") / took.as_secs_f64());
    println!("megabits out          {:.1}/s", grown("bytes_out") * 8e-6 / took.as_secs_f64());
    println!("engine thread         {:.1} % of a core", cpu.as_secs_f64() / took.as_secs_f64() * 100.0);
    println!("time per packet out   {:.2} µs", cpu.as_secs_f64() * 1e6 / grown("packets_out").max(1.0));
    println!("dropped               {:.0}", grown("drops"));
    Ok(())
}

fn turn_for(engine: &mut Engine, clients: &mut [Client], server: SocketAddr, time: Duration) {
    let end = Instant::now() + time;
    while Instant::now() < end {
        let mut busy = false;
        for client in clients.iter_mut() {
            busy |= client.turn(server);
        }
        engine.drain();
        if !busy {
            std::thread::sleep(Duration::from_millis(1));
        }
    }
}

fn stats(engine: &Engine) -> HashMap<&'static str, f64> {
    engine.stats().into_iter().collect()
}

/// What the scheduler has given the engine's threads so far.
fn shard_time() -> Duration {
    folkmoot_load::crowd::threads().iter().sum()
}
