import { expect, it } from "vitest";

import { looksLikeAddress, readPeople } from "./people";

const addresses = (text: string) => readPeople(text).map(({ address }) => address);

it("names and addresses, with whatever stands between them", () => {
  expect(
    readPeople("Nadia Ahmed <nadia@ahmed.example>, yuki@kanda.example；赵立新、parent@liu.example"),
  ).toEqual([
    { name: "Nadia Ahmed", address: "nadia@ahmed.example" },
    { name: "", address: "yuki@kanda.example" },
    { name: "赵立新", address: "" },
    { name: "", address: "parent@liu.example" },
  ]);
});

it("rows of a table, bullets, full-width letters and a mailto are read", () => {
  expect(readPeople("Nadia Ahmed\tnadia@ahmed.example")).toEqual([
    { name: "Nadia Ahmed", address: "" },
    { name: "", address: "nadia@ahmed.example" },
  ]);
  expect(readPeople("Nadia Ahmed nadia@ahmed.example")).toEqual([
    { name: "Nadia Ahmed", address: "nadia@ahmed.example" },
  ]);
  expect(addresses("- ｙｕｋｉ＠kanda.example\n• mailto:li@na.example.")).toEqual([
    "yuki@kanda.example",
    "li@na.example",
  ]);
});

it("a comma inside quotes belongs to the name", () => {
  expect(readPeople('"Ahmed, Nadia" <nadia@ahmed.example>, bo@x.example')).toMatchObject([
    { name: "Ahmed, Nadia", address: "nadia@ahmed.example" },
    { address: "bo@x.example" },
  ]);
});

it("whoever is there twice is there once, where they first were", () => {
  expect(addresses("a@x.example, b@x.example, A@x.example")).toHaveLength(2);
});

it("nothing is nobody", () => {
  expect(readPeople(" ,\n;  ")).toEqual([]);
});

it("what can't be an address is known at once", () => {
  expect(looksLikeAddress("li.na@northfield.example")).toBe(true);
  expect(looksLikeAddress("用户@例子.中国")).toBe(true);
  for (const text of ["li.na@", "@x", "a b@x", "a@b@c", "a,b@x.example"])
    expect(looksLikeAddress(text)).toBe(false);
});
