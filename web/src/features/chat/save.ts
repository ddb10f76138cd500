/** The chat as a text file, made on this page from what this person has on their screen. Nothing is asked of the server. */
import { type Message } from "./state";

export interface Said {
  /** How a private message is marked; `name` is the other one's. */
  private(name: string): string;
  me: string;
}

/** A line for each message: day and time of this device, who, the words; further lines are set in. */
export function written(messages: readonly Message[], names: Names, said: Said): string {
  return messages.map((message) => `${line(message, names, said)}\n`).join("");
}

interface Names {
  of(id: string): string;
  me: string;
}

function line({ at, by, name, text, to, file }: Message, names: Names, said: Said): string {
  const who = by === names.me ? said.me : name;
  const mark = to === null ? "" : ` (${said.private(by === names.me ? names.of(to) : name)})`;
  return `${stamp(at)}  ${who}${mark}: ${(file?.name ?? text).replaceAll("\n", "\n    ")}`;
}

/** 2026-11-27 09:05, by this device's clock: it sorts, and a program reads it. */
export function stamp(at: string | number): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return "";
  const two = (part: number): string => String(part).padStart(2, "0");
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join("-");
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** Hands the browser a file, as if it had been downloaded. */
export function offer(name: string, content: string | Blob): void {
  // Of whatever kind it says it is: it is kept, never opened in a page of ours.
  const bytes =
    typeof content === "string"
      ? new Blob([content], { type: "text/plain;charset=utf-8" })
      : new Blob([content], { type: "application/octet-stream" });
  const address = URL.createObjectURL(bytes);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // The browser has taken it by the next task.
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}
