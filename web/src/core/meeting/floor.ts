/** What a meeting is never looser than, and which organisation or department decided it. Pure. */
import { record, word } from "./wire";

export interface Decided {
  value: string;
  /** What the one is called who decided. */
  by: string;
}

export type Floor = Readonly<Record<string, Decided>>;

/** The rules that have something to choose here, the loosest choice first; in the words of the choices. */
const orders = {
  waiting_room: ["off", "guests", "everyone"],
  chat: ["all", "hosts", "off"],
  share: ["everybody", "hosts"],
  rename: ["everybody", "hosts"],
  mute_on_entry: ["off", "on"],
} as const;
export type Rule = keyof typeof orders;

export function readFloor(value: unknown): Floor {
  const own = Object.entries(record(value) ?? {});
  return Object.fromEntries(
    own.map(([name, said]) => {
      const { value: least, by } = record(said) ?? {};
      return [name, { value: word(least), by: word(by) }];
    }),
  );
}

/** Who decided, where that leaves one less to choose. */
export function deciderOf(floor: Floor, rule: Rule): string | undefined {
  const said = floor[rule];
  return said && placeOf(rule, said.value) > 0 ? said.by : undefined;
}

/** Looser than somebody above has decided: it can't be chosen. */
export function isBarred(floor: Floor, rule: Rule, choice: string): boolean {
  const said = floor[rule];
  return said !== undefined && placeOf(rule, choice) < placeOf(rule, said.value);
}

/** A value that isn't known bars nothing: the server decides all the same. */
function placeOf(rule: Rule, value: string): number {
  const order: readonly string[] = orders[rule];
  return order.indexOf(value === "everybody" && rule === "chat" ? "all" : value);
}
