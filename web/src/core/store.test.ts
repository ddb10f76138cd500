import { expect, test } from "vitest";

import { Emitter, Store } from "./store";

test("a store tells of a change, of nothing that is the same, and not to whoever has gone", () => {
  const store = new Store(1);
  const seen: number[] = [];
  const stop = store.subscribe(() => seen.push(store.get()));
  store.set(1);
  store.set(2);
  store.update((value) => value + 1);
  stop();
  store.set(9);
  expect(seen).toEqual([2, 3]);
});

test("what happens is heard by those who listen when it does, also when one of them stops listening", () => {
  const emitter = new Emitter<string>();
  const heard: string[] = [];
  const stop = emitter.listen((word) => {
    heard.push(`once ${word}`);
    stop();
  });
  emitter.listen((word) => heard.push(word));
  emitter.emit("a");
  emitter.emit("b");
  expect(heard).toEqual(["once a", "a", "b"]);
});
