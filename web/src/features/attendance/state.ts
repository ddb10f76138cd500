/** Whether it is noted who comes and goes, and the check-in that is under way. */
import type { LogFeature } from "../../core/meeting/log";
import { type LogEvent, record, whole, word, words } from "../../core/meeting/wire";

export interface Checking {
  id: number;
  /** ISO 8601, by the server's clock. */
  until: string;
}

export interface Attendance {
  on: boolean;
  checking: Checking | null;
  /** I have said that I am here. */
  here: boolean;
  /** To hosts: when the next check-in begins; "" = none is planned. */
  planned: string;
  /** To hosts: who has answered. */
  present: readonly string[];
}

const off: Attendance = { on: false, checking: null, here: false, planned: "", present: [] };

export const attendanceLog: LogFeature<Attendance> = {
  name: "attendance",
  initial: off,
  restore: (own) => ({
    on: own["on"] === true,
    checking: readChecking(own["checking"]),
    here: own["here"] === true,
    planned: word(own["planned"]),
    present: words(own["present"]),
  }),
  evolve,
};

function evolve(state: Attendance, { feature, type, by, payload }: LogEvent): Attendance {
  if (feature !== "attendance") return state;
  switch (type) {
    case "switched":
      return payload["on"] === true ? { ...state, on: true } : off;
    case "planned":
      return { ...state, planned: word(payload["at"]) };
    case "checking":
      return { ...state, planned: "", checking: readChecking(payload), here: false, present: [] };
    case "here":
      return { ...state, present: [...state.present.filter((id) => id !== by), word(by)] };
    case "checked":
      return { ...state, checking: null, here: false, present: [] };
    default:
      return state;
  }
}

function readChecking(value: unknown): Checking | null {
  const own = record(value);
  return own ? { id: whole(own["id"]), until: word(own["until"]) } : null;
}
