//! See `folkmoot_load::arrivals`.

fn main() {
    folkmoot_load::arrivals::main();
}
