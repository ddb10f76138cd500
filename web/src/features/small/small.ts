/**
 * The meeting in a small window that stays above others: one of our own where the browser has such (document
 * picture-in-picture), elsewhere one video in the browser's own frame. It closes with the meeting.
 */
import type { Source } from "../../core/meeting/media/pictures";
import { ofSession } from "../../core/meeting/of-session";
import type { Present } from "../../core/meeting/present";
import type { Session } from "../../core/meeting/session";
import { Store } from "../../core/store";

interface SmallWindows {
  requestWindow(size: { width: number; height: number }): Promise<Window>;
}

const SIZE = { width: 320, height: 236 };

export function smallWindows(): SmallWindows | undefined {
  return (globalThis as { documentPictureInPicture?: SmallWindows }).documentPictureInPicture;
}

export const canBeSmall = smallWindows() !== undefined || document.pictureInPictureEnabled === true;

export interface Lead {
  id: string;
  source: Source;
}

/** Who is seen in it: what is shared, else who spoke last, else whoever has a picture; oneself only when alone. */
export function leadOf(people: readonly Present[], spoke: string | undefined): Lead | undefined {
  const others = people.filter(({ self }) => !self);
  const sharer = others.findLast(({ screen }) => screen);
  if (sharer) return { id: sharer.id, source: "screen" };
  const one =
    others.find(({ id }) => id === spoke) ?? others.find(({ camera }) => camera) ?? others[0] ?? people[0];
  return one && { id: one.id, source: "camera" };
}

export class Small {
  /** The window of our own, the browser's frame, or nothing. */
  readonly shown = new Store<Window | "frame" | null>(null);
  readonly lead: Store<Lead | undefined>;
  readonly #session: Session;
  #spoke: string | undefined;
  #end = (): void => undefined;

  constructor(session: Session) {
    this.#session = session;
    this.lead = new Store(this.#leading());
    session.people.subscribe(() => this.#follow());
    session.media.levels.onSpeakers((speaking) => {
      this.#spoke = speaking.find((id) => id !== session.passage.join.participant) ?? this.#spoke;
      this.#follow();
    });
  }

  /** To be called from a press, or when the browser asks for it. */
  readonly open = async (): Promise<void> => {
    if (this.shown.get()) return;
    const windows = smallWindows();
    try {
      await (windows ? this.#openWindow(windows) : this.#openFrame());
    } catch {
      this.close(); // refused, or there is nothing to show yet
    }
  };

  readonly close = (): void => {
    const shown = this.shown.get();
    this.#end();
    this.#end = () => undefined;
    if (shown === "frame") void document.exitPictureInPicture().catch(() => undefined);
    else shown?.close();
    this.shown.set(null);
  };

  /** The browser opens it when the tab is left, and asks nobody. @returns what ends that */
  openItself(): () => void {
    handle("enterpictureinpicture", () => void this.open());
    return () => handle("enterpictureinpicture", null);
  }

  async #openWindow(windows: SmallWindows): Promise<void> {
    const opened = await windows.requestWindow(SIZE);
    dress(opened.document);
    opened.addEventListener("pagehide", () => this.close(), { once: true });
    this.shown.set(opened);
  }

  async #openFrame(): Promise<void> {
    const video = document.createElement("video");
    video.muted = video.autoplay = video.playsInline = true;
    let detach = (): void => undefined;
    const show = (): void => {
      const lead = this.lead.get();
      detach();
      detach = lead ? this.#session.media.pictures.also(lead.id, lead.source, video) : () => undefined;
    };
    show();
    const unfollow = this.lead.subscribe(show);
    this.#end = () => {
      unfollow();
      detach();
    };
    if (video.readyState < video.HAVE_METADATA)
      await new Promise((ready) => video.addEventListener("loadedmetadata", ready, { once: true }));
    await video.requestPictureInPicture();
    video.addEventListener("leavepictureinpicture", () => this.close(), { once: true });
    this.shown.set("frame");
  }

  #leading(): Lead | undefined {
    return leadOf(this.#session.people.get(), this.#spoke);
  }

  #follow(): void {
    const [before, now] = [this.lead.get(), this.#leading()];
    if (before?.id !== now?.id || before?.source !== now?.source) this.lead.set(now);
  }
}

export const smallOf = ofSession((session) => new Small(session));

/** An action that a browser doesn't know throws: then it is opened by its button alone. @returns whether it is known */
function handle(action: string, run: (() => void) | null): boolean {
  try {
    navigator.mediaSession.setActionHandler(action as MediaSessionAction, run);
    return true;
  } catch {
    return false;
  }
}

// Asked before anybody handles it: Firefox has such windows and opens none by itself.
const isAskedByBrowser = smallWindows() !== undefined && handle("enterpictureinpicture", null);

/** Whether this browser may open it by itself. */
export function canOpenItself(): boolean {
  return isAskedByBrowser;
}

/** The other document looks as this one does. */
function dress(other: Document): void {
  const { documentElement: root, title } = document;
  for (const { name, value } of root.attributes) other.documentElement.setAttribute(name, value);
  other.title = title;
  for (const sheet of document.querySelectorAll<HTMLLinkElement>("link[rel=stylesheet]")) {
    const link = other.createElement("link");
    link.rel = "stylesheet";
    link.href = sheet.href;
    other.head.append(link);
  }
}
