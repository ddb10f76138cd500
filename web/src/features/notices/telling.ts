/**
 * Sounds while one is there, and the system's notifications while the page is hidden. Law: both are made on this device by this
 * page; nothing is fetched for them, nobody is asked to send them, and with the page they are gone.
 */
import { signal } from "../../core/devices/signal";
import { meetingFeature } from "../../core/meeting/people";
import { i18n } from "../../i18n/i18n";
import type { Room } from "../../ui/room/context";
import { showToast } from "../../ui/Toast";

import { isSilent, type Notice, noticeOf, Quiet } from "./notice";

/** What somebody wrote is shown in part: it is on a lock screen, perhaps. */
const MOST_SHOWN = 120;

export function canNotify(): boolean {
  return "Notification" in globalThis && isSecureContext;
}

/** @returns whether the browser shows them from now on */
export async function allowNotifications(): Promise<boolean> {
  if (!canNotify()) return false;
  return (await Notification.requestPermission().catch(() => "denied")) === "granted";
}

/** @returns what ends it */
export function tell(room: Room): () => void {
  const { session, prefs, look } = room;
  const quiet = new Quiet();
  const shown = new Set<Notification>();
  let missed: Notice | undefined;

  const nameOf = (who: string): string =>
    session.people.get().find(({ id }) => id === who)?.name ?? names.get(who) ?? who;
  // Who has left is told of by their name, and is no longer among the people.
  const names = new Map<string, string>();
  const remember = (): void => {
    for (const { id, name } of session.people.get()) names.set(id, name);
  };
  remember();

  const happened = (notice: Notice): void => {
    const isRead = notice.kind === "message" && look.get().panel === "chat" && !document.hidden;
    const { silent, notify } = prefs.get();
    if (!isRead && !isSilent(silent, notice.kind) && quiet.passes(notice.kind, performance.now()))
      signal(notice.kind);
    if (!document.hidden || notice.kind === "leave") return;
    if (notify === "on" && canNotify() && Notification.permission === "granted") show(notice);
    else missed ??= notice;
  };

  const show = (notice: Notice): void => {
    const { title } = session.passage.join.meeting;
    try {
      const made = new Notification(sentence(notice, nameOf(notice.who)), {
        body: title,
        tag: `folkmoot ${notice.kind}`,
        silent: true,
      });
      shown.add(made);
      made.onclick = () => {
        window.focus();
        if (notice.kind === "message") look.update((before) => ({ ...before, panel: "chat" }));
        made.close();
      };
      made.onclose = () => shown.delete(made);
    } catch {
      // Some phones have the permission and not the constructor; the badge on the page says it too.
    }
  };

  /** One is back and has missed something: now it is plain what they are for, and a press is at hand. */
  const looked = (): void => {
    if (document.hidden) return;
    for (const each of shown) each.close();
    const was = missed;
    missed = undefined;
    const isAskable = canNotify() && Notification.permission === "default" && prefs.get().notify === null;
    if (!was || !isAskable) return;
    showToast({
      text: i18n.t("notices.ask", { what: sentence(was, nameOf(was.who)) }),
      actions: [
        { label: i18n.t("notices.ask.yes"), run: () => void allowNotifications().then(remembered) },
        { label: i18n.t("notices.ask.no"), run: () => prefs.set({ notify: "off" }) },
      ],
    });
  };
  const remembered = (isAllowed: boolean): void => prefs.set({ notify: isAllowed ? "on" : "off" });

  let sharing = new Set<string>();
  const peopleMoved = (): void => {
    const now = new Set(
      session.people.get().flatMap(({ id, screen, self }) => (screen && !self ? [id] : [])),
    );
    for (const id of now) if (!sharing.has(id)) happened({ kind: "share", who: id });
    sharing = now;
    remember();
  };
  const stops = [
    session.log.onEvent((event) => {
      const { may } = session.you.get();
      const { people } = session.log.of(meetingFeature).get();
      const { participant } = session.passage.join;
      const notice = noticeOf(event, { me: participant, hosts: may.includes("host"), people: people.length });
      if (notice) happened(notice);
    }),
    session.people.subscribe(peopleMoved),
  ];
  document.addEventListener("visibilitychange", looked);
  return () => {
    for (const stop of stops) stop();
    document.removeEventListener("visibilitychange", looked);
    for (const each of shown) each.close();
  };
}

function sentence({ kind, text = "", isPrivate }: Notice, name: string): string {
  const shown = text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text;
  if (kind === "message")
    return i18n.t(isPrivate ? "notices.private" : "notices.message", { name, text: shown });
  return i18n.t(`notices.${kind}`, { name });
}
