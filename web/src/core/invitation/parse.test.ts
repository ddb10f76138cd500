import { describe, expect, it } from "vitest";

import { parseInvitation, readPasscode, readSecret, spellNumber, writeLink } from "./parse";

const here = "https://meet.example";
const parse = (text: string) => parseInvitation(text, here);

describe("a person pastes", () => {
  it("the link they were sent", () => {
    const link = writeLink(here, "123456789012", "c2VjcmV0LXNlY3JldC0x");
    expect(parse(link)).toEqual({ kind: "link", number: "123456789012", secret: "c2VjcmV0LXNlY3JldC0x" });
  });

  it("a link inside a sentence, in Chinese punctuation", () => {
    expect(parse("请点击 https://meet.example/m/123456789012#k=abc，准时参加")).toEqual({
      kind: "link",
      number: "123456789012",
      secret: "abc",
    });
  });

  it("a link without its scheme", () => {
    expect(parse("meet.example/m/123456789012#k=abc")).toMatchObject({ kind: "link", secret: "abc" });
  });

  it("a link that lost what follows #", () => {
    expect(parse("https://meet.example/m/123456789012")).toMatchObject({ kind: "link", secret: undefined });
  });

  it("a link to somebody else's server", () => {
    expect(parse("https://other.example/m/123456789012#k=abc")).toMatchObject({ kind: "elsewhere" });
  });

  it("a number with its label and spaces", () => {
    expect(parse("会议号：123 456 789")).toMatchObject({ kind: "number", number: "123456789" });
    expect(parse("123-456-789-012")).toMatchObject({ kind: "number", number: "123456789012" });
  });

  it("full-width digits and spaces", () => {
    expect(parse("　１２３　４５６　７８９　０１２　")).toMatchObject({ number: "123456789012" });
  });

  it("a whole invitation with number and passcode", () => {
    expect(parse("会议号：123 456 789 012\n入会密码：8765 4321")).toEqual({
      kind: "number",
      number: "123456789012",
      passcode: "87654321",
    });
    expect(parse("Passcode: 87654321, number 123 456 789 012")).toMatchObject({ number: "123456789012" });
  });

  it("something that is no invitation", () => {
    expect(parse("")).toBeUndefined();
    expect(parse("hello")).toBeUndefined();
    expect(parse("12345")).toBeUndefined();
    expect(parse("1234567890123456")).toBeUndefined();
    expect(parse("https://meet.example/privacy")).toBeUndefined();
    expect(parse("javascript:alert(1)//m/123456789012x")).toMatchObject({ kind: "number" });
  });
});

it("the secret is read from the fragment alone", () => {
  expect(readSecret("#k=abc-_1")).toBe("abc-_1");
  expect(readSecret("")).toBeUndefined();
});

it("numbers are spelt in threes", () => {
  expect(spellNumber("123456789012")).toBe("123 456 789 012");
});

it("passcodes are digits, however they were typed", () => {
  expect(readPasscode("１２３４ 5678")).toBe("12345678");
  expect(readPasscode("  ")).toBeUndefined();
});
