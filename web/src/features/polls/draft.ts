/** The poll that is being written. It survives closing the panel. */
import { ofSession } from "../../core/meeting/of-session";
import { Store } from "../../core/store";

export interface Draft {
  question: string;
  options: readonly string[];
  several: boolean;
  anonymous: boolean;
  forAll: boolean;
  /** Minutes until it closes by itself; 0 = when a host closes it. */
  minutes: number;
}

export const blank: Draft = {
  question: "",
  options: ["", ""],
  several: false,
  anonymous: false,
  forAll: true,
  minutes: 0,
};

export const draftOf = ofSession(() => new Store(blank));

/** The options that say something, and whether a question can be asked with them. */
export function answers({ question, options }: Draft): { filled: string[]; isWhole: boolean } {
  const filled = options.map((option) => option.trim()).filter((option) => option !== "");
  return { filled, isWhole: question.trim() !== "" && new Set(filled).size >= 2 };
}
