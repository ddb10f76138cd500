import { expect, test } from "vitest";

import type { Present } from "../../core/meeting/present";

import { sections } from "./sections";

function person(id: string, name: string, change: Partial<Present> = {}): Present {
  return {
    id,
    name,
    role: "guest",
    self: false,
    microphone: "muted",
    camera: false,
    screen: false,
    line: "good",
    paused: false,
    connection: "in",
    ...change,
  };
}

test("hosts, guests, services; oneself first, then by name", () => {
  const found = sections(
    [
      person("1", "Zoë"),
      person("2", "me", { self: true }),
      person("3", "Ann", { role: "host" }),
      person("4", "Åsa"),
      person("5", "Recorder", { role: "service" }),
    ],
    "en",
  );
  expect(found.hosts.map(({ id }) => id)).toEqual(["3"]);
  expect(found.guests.map(({ name }) => name)).toEqual(["me", "Åsa", "Zoë"]);
  expect(found.services.map(({ id }) => id)).toEqual(["5"]);
});

test("a guest who has the name of another is marked, the host of that name is not", () => {
  const found = sections(
    [person("1", "Ann", { role: "host" }), person("2", "ＡＮＮ"), person("3", "Bo")],
    "en",
  );
  expect([...found.doubled]).toEqual(["2"]);
});

test("Chinese names are sorted by sound", () => {
  const found = sections([person("1", "赵立新"), person("2", "陈浩"), person("3", "李娜")], "zh-CN");
  expect(found.guests.map(({ name }) => name)).toEqual(["陈浩", "李娜", "赵立新"]);
});

test("co-hosts are hosts, members have a section of their own, and who is called like a host is marked", () => {
  const found = sections(
    [
      person("1", "Ann", { role: "owner" }),
      person("2", "Bo", { role: "cohost" }),
      person("3", "Cy", { role: "member" }),
      person("4", " ann "),
      person("5", "cy"),
    ],
    "en",
  );
  expect(found.hosts.map(({ id }) => id)).toEqual(["1", "2"]);
  expect(found.members.map(({ id }) => id)).toEqual(["3"]);
  expect([...found.likeHost]).toEqual(["4"]);
  expect([...found.doubled].sort()).toEqual(["3", "4", "5"]);
});
