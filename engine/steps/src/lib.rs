//! Counts instructions where no clock can be trusted: on a machine that does other things as well, or in CI.
//!
//! The processor is told to stop behind every instruction of this thread, and a signal handler counts the stops. So it needs
//! neither a counter of the hardware's (virtual machines have none) nor a right, a package or another process. A stop costs
//! up to some 20 µs: a hundred thousand instructions take a second or two.
//!
//! Law: the same code on the same data is the same number, whatever else goes on. Two things of a machine would change it and
//! are switched off by [`alone`]: the cipher and the copying of memory are chosen by what the processor can do.
#![allow(unsafe_code)]

use std::env;
use std::fs;
use std::process::Command;

const ALONE: &str = "FOLKMOOT_STEPS_ALONE";
/// No AVX, no carry-less multiplication by vectors: what every processor of the last ten years has.
const CIPHER: (&str, &str) = ("OPENSSL_ia32cap", "~0x1000000000000000:~0x0000060040030128");
const COPYING: (&str, &str) =
    ("GLIBC_TUNABLES", "glibc.cpu.hwcaps=-AVX512F,-AVX512VL,-AVX2,-AVX_Fast_Unaligned_Load,-ERMS,-FSRM");

/// Runs `test` in a process of its own that is the same on every machine; `name` is the test's own path, as `cargo test`
/// takes it. Without such a counter it says so and is content.
pub fn alone(name: &str, test: impl FnOnce()) {
    if count(|| ()).is_none() {
        println!("skipped: instructions are counted on x86-64 Linux alone");
        return;
    }
    if env::var_os(ALONE).is_some() {
        return test();
    }
    let own = env::current_exe().expect("a test binary");
    let (cipher, copying) = (CIPHER, COPYING);
    let mut again = Command::new(own);
    again.args(["--exact", name, "--nocapture", "--test-threads=1"]).env(ALONE, "1");
    let status = again.env(cipher.0, cipher.1).env(copying.0, copying.1).status().expect("the test once more");
    assert!(status.success(), "see above");
}

/// Holds figures to those of `file`, a line each: a name and a number. More than a twentieth above is a failure; as much
/// below asks for the line to be lowered. Where `FOLKMOOT_BASELINE` is `write` the file is written anew.
pub fn hold(file: &str, figures: &[(String, u64)]) {
    if env::var("FOLKMOOT_BASELINE").is_ok_and(|how| how == "write") {
        let lines: Vec<_> = figures.iter().map(|(name, figure)| format!("{name} {figure}")).collect();
        fs::write(file, lines.join("\n") + "\n").expect("the baseline's file");
        return;
    }
    let baseline = fs::read_to_string(file).expect("the baseline's file");
    let known = |name: &str| baseline.lines().find_map(|line| line.strip_prefix(name)?.trim().parse::<u64>().ok());
    let mut dearer = Vec::new();
    for (name, figure) in figures {
        let before = known(name).unwrap_or_else(|| panic!("no baseline of {name}"));
        println!("{name}: {figure} instructions, {before} in the baseline");
        if *figure > before + before / 20 {
            dearer.push(name.as_str());
        } else if *figure + before / 20 < before {
            println!("  cheaper: write the baseline anew, so that it stays so");
        }
    }
    assert!(dearer.is_empty(), "dearer than in {file}: {}. Is it worth it? FOLKMOOT_BASELINE=write", dearer.join(", "));
}

/// How many instructions `act` takes; `None` where they can't be counted.
#[cfg(all(target_arch = "x86_64", target_os = "linux"))]
pub fn count(act: impl FnOnce()) -> Option<u64> {
    stepping::count(act)
}

/// How many instructions `act` takes; `None` where they can't be counted.
#[cfg(not(all(target_arch = "x86_64", target_os = "linux")))]
pub fn count(_act: impl FnOnce()) -> Option<u64> {
    None
}

#[cfg(all(target_arch = "x86_64", target_os = "linux"))]
mod stepping {
    use std::arch::asm;
    use std::mem::zeroed;
    use std::ptr;
    use std::sync::atomic::{AtomicU64, Ordering};

    static STEPS: AtomicU64 = AtomicU64::new(0);

    extern "C" fn step(_: libc::c_int) {
        STEPS.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn count(act: impl FnOnce()) -> Option<u64> {
        // SAFETY: all-zero bytes are a valid `sigaction`; the handler only adds to an atomic. Others' breakpoints come back.
        let (mut ours, mut before): (libc::sigaction, libc::sigaction) = unsafe { (zeroed(), zeroed()) };
        ours.sa_sigaction = step as extern "C" fn(libc::c_int) as usize;
        // SAFETY: both live across the calls.
        if unsafe { libc::sigaction(libc::SIGTRAP, &raw const ours, &raw mut before) } != 0 {
            return None;
        }
        let begin = STEPS.load(Ordering::Relaxed);
        // SAFETY: sets the trap flag; the kernel makes a signal of each stop, for which there is a handler.
        unsafe { asm!("pushfq", "or qword ptr [rsp], 0x100", "popfq") };
        act();
        // SAFETY: clears it.
        unsafe { asm!("pushfq", "and qword ptr [rsp], 0xfffffffffffffeff", "popfq") };
        let steps = STEPS.load(Ordering::Relaxed) - begin;
        // SAFETY: as above.
        unsafe { libc::sigaction(libc::SIGTRAP, &raw const before, ptr::null_mut()) };
        Some(steps)
    }
}

#[cfg(test)]
mod tests {
    use std::hint::black_box;

    use super::count;

    #[test]
    fn more_work_is_more_instructions_and_the_same_work_the_same() {
        let work = |n: u32| {
            count(move || {
                for i in 0..n {
                    black_box(i);
                }
            })
        };
        let Some(few) = work(10) else { return };
        assert_eq!(work(10), Some(few));
        assert!(work(100).is_some_and(|many| many >= few + 90));
    }
}
