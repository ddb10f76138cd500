/** Raised hands, oldest first. A reaction passes and leaves no state. */
import type { LogFeature } from "../../core/meeting/log";
import { type LogEvent, word, words } from "../../core/meeting/wire";

export interface Reactions {
  hands: readonly string[];
}

export const reactionsLog: LogFeature<Reactions> = {
  name: "reactions",
  initial: { hands: [] },
  restore: (own) => ({ hands: words(own["hands"]) }),
  evolve,
};

function evolve(state: Reactions, { feature, type, by, payload }: LogEvent): Reactions {
  if (feature === "meeting" && type === "left") return lowered(state, word(payload["id"]));
  if (feature !== "reactions") return state;
  switch (type) {
    case "hand_raised": {
      const person = word(payload["participant"]) || by;
      return person && !state.hands.includes(person) ? { hands: [...state.hands, person] } : state;
    }
    case "hand_lowered":
      return lowered(state, word(payload["participant"]) || (by ?? ""));
    default:
      return state;
  }
}

function lowered(state: Reactions, person: string): Reactions {
  if (!state.hands.includes(person)) return state;
  return { hands: state.hands.filter((other) => other !== person) };
}
