import { expect, test } from "vitest";

import { knock } from "./knock";
import { welcome, World } from "./world.testing";

function knocked() {
  const world = new World();
  const heard = knock("wss://meet.example/channel", "ticket", world.edges);
  world.socket.open();
  return { world, heard };
}

test("who stands at a locked door says so, and is not let in by it", async () => {
  const { world, heard } = knocked();
  expect(world.socket.sent).toEqual([{ hello: { knock: true } }]);
  world.socket.say({ denied: { code: "meeting.locked", params: {} } });
  expect(await heard).toBe(true);
  expect(world.socket.isClosed).toBe(true);
});

test("a server that is gone, or says nothing, has heard nothing", async () => {
  const gone = knocked();
  gone.world.socket.break();
  expect(await gone.heard).toBe(false);
  const silent = knocked();
  silent.world.pass(8000);
  expect(await silent.heard).toBe(false);
});

test("a door that has opened meanwhile is not gone through unasked", async () => {
  const { world, heard } = knocked();
  world.socket.say(welcome(1));
  world.pass(8000);
  expect(await heard).toBe(false);
  expect(world.socket.isClosed).toBe(true);
});
