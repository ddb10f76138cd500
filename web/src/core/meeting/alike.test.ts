import { expect, test } from "vitest";

import { alike } from "./alike";
import type { Kind, Role } from "./people";

const person = (id: string, name: string, role: Role | "service" = "guest", kind: Kind = "guest") => ({
  id,
  name,
  role,
  kind,
});
const found = (...people: ReturnType<typeof person>[]) => {
  const { doubled, likeHost } = alike(people);
  return { doubled: [...doubled], likeHost: [...likeHost] };
};

test("whoever bears a host's name is marked, the host is not, however it is written", () => {
  const hosts = [person("1", "Priya Raman", "owner"), person("2", "Bo", "cohost")];
  expect(found(...hosts, person("3", "ｐｒｉｙａ  RAMAN"), person("4", "bo "), person("5", "Bob"))).toEqual({
    doubled: ["3", "4"],
    likeHost: ["3", "4"],
  });
});

test("two guests of one name are both marked, and neither as a host", () => {
  expect(found(person("1", "Ann", "host"), person("2", "Cy"), person("3", "cy"))).toEqual({
    doubled: ["2", "3"],
    likeHost: [],
  });
});

test("a guest with the name of a member is marked, the member is not", () => {
  const cy = person("1", "Cy", "member", "member");
  expect(found(cy, person("2", "cy"), person("3", "Cy", "guest", "outsider")).doubled).toEqual(["2", "3"]);
  expect(found(cy, person("2", "Cy", "member", "member")).doubled).toEqual([]);
});

test("a service is what it is, and bears nobody's name", () => {
  expect(found(person("1", "Recorder", "service"), person("2", "Ann", "host"))).toEqual({
    doubled: [],
    likeHost: [],
  });
});
