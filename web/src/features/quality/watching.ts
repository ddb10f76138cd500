import { ofSession } from "../../core/meeting/of-session";
import type { Session } from "../../core/meeting/session";
import { Store } from "../../core/store";

import { type Story, told, untold } from "./story";

/** What the lines did since one came in. It listens to what is told anyway, and asks for nothing. */
export const storyOf = ofSession((session: Session) => {
  const story = new Store<Story>(untold);
  const look = (): void => {
    const weak = session.people.get().flatMap(({ id, line }) => (line === "weak" ? [id] : []));
    const { kind } = session.line.get();
    const isGone = kind === "reconnecting" || kind === "offline" || kind === "server-down";
    story.update((before) => told(before, { weak, isGone }, performance.now()));
  };
  session.people.subscribe(look);
  session.line.subscribe(look);
  return story;
});
