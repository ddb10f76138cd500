/** Whether a host has asked me to unmute and I have not answered. My own unmuting is an answer too. */
import { ofSession } from "../../core/meeting/of-session";
import type { Session } from "../../core/meeting/session";
import { Store } from "../../core/store";

class Asked {
  readonly isAsked = new Store(false);

  constructor(session: Session) {
    const me = session.passage.join.participant;
    session.log.onEvent(({ feature, type, payload }) => {
      const to = payload["participant"];
      if (feature === "meeting" && type === "ask_unmute" && (to === undefined || to === me))
        this.isAsked.set(!session.media.state.get().own.microphone);
    });
    // Nobody is left with a button that would be refused.
    session.you.subscribe(() => {
      if (!session.you.get().may.includes("unmute")) this.isAsked.set(false);
    });
    session.media.state.subscribe(() => {
      if (session.media.state.get().own.microphone) this.isAsked.set(false);
    });
  }

  answered(): void {
    this.isAsked.set(false);
  }
}

export const askedOf = ofSession((session: Session) => new Asked(session));
