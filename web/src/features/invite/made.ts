import { ofSession } from "../../core/meeting/of-session";
import { Store } from "../../core/store";

/** The links made on this page, by invitation. Nobody else has them: who reloads makes another. */
export const madeLinks = ofSession(() => new Store<ReadonlyMap<string, string>>(new Map()));
