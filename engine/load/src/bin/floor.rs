//! See `folkmoot_load::floor`.

fn main() {
    folkmoot_load::floor::main();
}
