//! See `folkmoot_load::forwarding`.

fn main() {
    folkmoot_load::forwarding::main();
}
