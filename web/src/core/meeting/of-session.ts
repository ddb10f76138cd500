import type { Session } from "./session";

/** What a part of the page keeps for one stay: made when it is first asked for, gone with the session. */
export function ofSession<T>(make: (session: Session) => T): (session: Session) => T {
  const known = new WeakMap<Session, { value: T }>();
  return (session) => {
    const kept = known.get(session) ?? { value: make(session) };
    known.set(session, kept);
    return kept.value;
  };
}
