//! A room that is on meanwhile, in a process of its own: what its people hear late was late on the way, not because this
//! generator was busy with those who come.

use std::env::current_exe;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStdout, Command, Stdio};

use super::report::Running;

/// It tells its news by a line when all hear each other, and by its figures when its standard input ends.
pub const THERE: &str = "there";
/// The word that makes a process one.
pub const WORD: &str = "--beside";

/// Such a process.
pub struct Beside {
    child: Child,
    news: BufReader<ChildStdout>,
}

impl Beside {
    /// Starts one and waits until its people hear each other.
    pub fn start(arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut command = Command::new(current_exe().map_err(|e| e.to_string())?);
        command.args(arguments).arg(WORD).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().map_err(|e| e.to_string())?;
        let mut news = BufReader::new(child.stdout.take().ok_or("no news")?);
        let mut line = String::new();
        news.read_line(&mut line).map_err(|e| e.to_string())?;
        if line.trim() == THERE { Ok(Self { child, news }) } else { Err("nobody is there before".into()) }
    }

    /// Its people leave; what they heard.
    pub fn end(mut self) -> Result<Running, String> {
        drop(self.child.stdin.take());
        let mut figures = String::new();
        self.news.read_to_string(&mut figures).map_err(|e| e.to_string())?;
        self.child.wait().map_err(|e| e.to_string())?;
        serde_json::from_str(&figures).map_err(|e| e.to_string())
    }
}
