/**
 * Sound and pictures of the meeting over livekit-client, for as long as the meeting lasts.
 *
 * - A lost connection is taken up again for ever: first by livekit-client itself (`policy.ts`), then by a fresh
 *   join. Only `close()`, a removal and another device of the same person end it.
 * - While the line is broken, the people and their last pictures stay.
 * - Nothing here knows the meeting log; identities are the same as there.
 */
import type { DisconnectReason, RemoteTrack, RemoteTrackPublication, Room } from "livekit-client";

import { type Taste, usual } from "../../devices/wish";
import type { Handover } from "../../journey/room";
import { backoff, patience } from "../backoff";
import type { Edges } from "../edges";
import { OwnTracks } from "../own/own";
import { type Readable, Store } from "../../store";

import { Levels } from "./levels";
import { type LiveKit, loadLiveKit } from "./livekit";
import { Pictures, type Source } from "./pictures";
import { reconnectPolicy } from "./policy";
import { isSealed, readRoom } from "./roster";
import { Sounds } from "./sounds";
import type { MediaTicket } from "../wire";
import { type MediaState, merged, type Trouble } from "./state";

/** One try that the server answered and media did not may be bad luck; it takes UDP and TCP each some seconds. */
const BLOCKED_AFTER_TRIES = 2;

export type MediaEnding = "removed" | "ended" | "elsewhere";

export interface MediaListener {
  /** Whether the code for media could not be loaded; it is tried again. */
  missing(isMissing: boolean): void;
  /** The server said that it goes away and comes back. */
  restarting(): void;
  /** What the media server says of the end; the meeting log knows better and is asked first. */
  ended(why: MediaEnding): void;
  trouble(trouble: Trouble): void;
  /** The last ticket no longer does: another comes by `admit`, when there is one. */
  renew(): void;
}

export class Media {
  readonly state: Store<MediaState>;
  readonly levels = new Levels();
  readonly pictures = new Pictures();
  /** One's own devices; they are there from the first moment on. */
  readonly own: OwnTracks;
  readonly #edges: Edges;
  readonly #listener: MediaListener;
  readonly #taste: () => Taste;
  readonly #sounds = new Sounds(() => this.#readSoon());
  readonly #volumes = new Map<string, number>();
  readonly #guards = new Set<Readable<boolean>>();
  /** A try came when the guards were not through. */
  #isOwed = false;
  #ignoreNetwork = (): void => undefined;
  #livekit: LiveKit | undefined;
  #room: Room | undefined;
  /** The newest, not yet tried. */
  #ticket: MediaTicket | undefined;
  #failures = 0;
  /** The server has answered on it, and media does not flow yet. */
  #answered: Room | undefined;
  /** Tries in a row in which that was all. */
  #unreached = 0;
  #cancelTimer = (): void => undefined;
  #isReading = false;
  /** A ticket has come, and we were not sent out since. */
  #isAdmitted = false;
  #isClosed = false;

  constructor(me: string, handover: Handover, edges: Edges, listener: MediaListener) {
    this.#edges = edges;
    this.#listener = listener;
    this.#taste = handover.taste ?? (() => usual);
    this.own = new OwnTracks(me, handover, this.pictures, edges, (trouble) => listener.trouble(trouble));
    this.state = new Store<MediaState>({
      phase: "connecting",
      blocked: false,
      people: {},
      soundBlocked: false,
      sealed: false,
      own: this.own.state.get(),
    });
    this.own.state.subscribe(() => this.#patch({ own: this.own.state.get() }));
  }

  start(): void {
    this.#ignoreNetwork = this.#edges.onNetwork(() => {
      if (this.#edges.isOnline()) this.retryNow();
    });
    void this.#load();
  }

  async #load(): Promise<void> {
    try {
      this.#livekit = await loadLiveKit();
    } catch {
      this.#listener.missing(true);
      this.#failures += 1;
      this.#retryIn(backoff(this.#failures, this.#edges.random()));
      return;
    }
    if (this.#isClosed) return;
    this.#failures = 0;
    this.#listener.missing(false);
    if (this.#ticket) this.#retry();
  }

  /** What lets us in: the first one begins the connection, a later one is kept for the next. */
  admit(ticket: MediaTicket): void {
    this.#ticket = ticket;
    this.#isAdmitted = true;
    if (this.#livekit && !this.#room) this.#retry();
  }

  /** Out of the room: nothing is sent, heard or tried until another ticket comes. The devices stay as they are. */
  withdraw(): void {
    this.#isAdmitted = false;
    this.#ticket = undefined;
    this.#cancelTimer();
    this.#failures = 0;
    this.own.stopSharing();
    if (this.#room) this.#abandon(this.#room);
    this.#patch({ phase: "connecting", people: {}, blocked: false });
  }

  /** Nothing is received or sent until all of these are true: a consent, keys that agree. @returns what ends it */
  guard(isThrough: Readable<boolean>): () => void {
    this.#guards.add(isThrough);
    const ignore = isThrough.subscribe(() => this.#guarded());
    this.#guarded();
    return () => {
      ignore();
      this.#guards.delete(isThrough);
      this.#guarded();
    };
  }

  get #isHeld(): boolean {
    return [...this.#guards].some((guard) => !guard.get());
  }

  #guarded(): void {
    this.own.hold(this.#isHeld);
    if (this.#isHeld || !this.#isOwed) return;
    this.#isOwed = false;
    this.#retry();
  }

  /** The tab is closed: the media server is told, and the devices are the browser's to close. */
  leaving(): void {
    void this.#room?.disconnect(false).catch(() => undefined);
  }

  setMicrophone(on: boolean): void {
    this.own.setMicrophone(on);
  }

  setCamera(on: boolean): void {
    this.own.setCamera(on);
  }

  /** D9: whether a muted microphone stays open on this device, to notice that its owner talks. */
  warnMuted(warns: boolean): void {
    this.own.warnMuted(warns);
  }

  /** To be called from a click: the browser then lets us play sound. */
  async allowSound(): Promise<void> {
    this.#sounds.resume();
    await this.#room?.startAudio().catch(() => undefined);
  }

  /** Try again at once, when a try is waiting for its turn. */
  retryNow(): void {
    if (!this.#room) this.#retryIn(0);
  }

  /** What the browser's statistics can be asked of: what goes out, and what comes from whom. */
  links(): { senders: RTCRtpSender[]; receivers: { person: string; link: RTCRtpReceiver }[] } {
    const room = this.#room;
    const tracks = room ? [...room.localParticipant.trackPublications.values()] : [];
    const people = room ? [...room.remoteParticipants.values()] : [];
    return {
      senders: tracks.flatMap(({ track }) => track?.sender ?? []),
      receivers: people.flatMap(({ identity, trackPublications }) =>
        [...trackPublications.values()].flatMap(({ track }) =>
          track?.receiver ? [{ person: identity, link: track.receiver }] : [],
        ),
      ),
    };
  }

  /** What their owner likes of pictures has changed: of one's own, and of what one gets. */
  liked(): void {
    void this.own.liked();
    const [room, livekit] = [this.#room, this.#livekit];
    if (!room || !livekit) return;
    for (const { videoTrackPublications } of room.remoteParticipants.values())
      for (const publication of videoTrackPublications.values())
        this.#spare(publication as RemoteTrackPublication, livekit);
  }

  /** With little data others' cameras come in their smallest size; what is shared is to be read. */
  #spare(publication: RemoteTrackPublication, { VideoQuality }: LiveKit): void {
    if (sourceOf(publication.source) !== "camera") return;
    publication.setVideoQuality(this.#taste().lowData ? VideoQuality.LOW : VideoQuality.HIGH);
  }

  volumeOf(person: string): number {
    return this.#volumes.get(person) ?? 1;
  }

  /** For me only. @param volume 0 to 2 */
  setVolume(person: string, volume: number): void {
    this.#volumes.set(person, volume);
    this.#turn(person);
  }

  #turn(person: string): void {
    const volume = this.#volumes.get(person);
    if (volume === undefined) return;
    for (const { track } of this.#room?.remoteParticipants.get(person)?.audioTrackPublications.values() ?? [])
      if (track && "setVolume" in track) this.#sounds.turn(track as RemoteTrack, volume);
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#cancelTimer();
    this.#ignoreNetwork();
    this.own.stop();
    const room = this.#room;
    this.#room = undefined;
    room?.removeAllListeners();
    void room?.disconnect(true);
    this.#sounds.clear();
    this.pictures.clear();
    this.levels.set(new Map());
  }

  async #connect({ url, token }: MediaTicket): Promise<void> {
    const livekit = this.#livekit;
    if (this.#isClosed || !livekit) return;
    const room = new livekit.Room({
      adaptiveStream: true,
      dynacast: true,
      stopLocalTrackOnUnpublish: false,
      disconnectOnPageLeave: false,
      reconnectPolicy: reconnectPolicy(this.#edges.random),
      publishDefaults: { simulcast: true, videoCodec: "vp8", backupCodec: false, red: false, dtx: true },
    });
    this.#room = room;
    this.#listen(room, livekit);
    const timeout = patience(this.#failures + 1);
    try {
      await room.connect(url, token, {
        maxRetries: 0,
        websocketTimeout: timeout,
        peerConnectionTimeout: Math.max(5000, timeout),
      });
    } catch {
      this.#failed(room);
      return;
    }
    if (room === this.#room) this.#rise(room);
    else void room.disconnect(true); // closed while it connected
  }

  #rise(room: Room): void {
    this.#failures = 0;
    this.#unreached = 0;
    this.#answered = undefined;
    this.#patch({ phase: "up", blocked: false });
    if (this.#livekit) this.own.publishOn({ room, livekit: this.#livekit });
    for (const person of this.#volumes.keys()) this.#turn(person);
    this.#read();
  }

  #failed(room: Room): void {
    if (room !== this.#room) return;
    this.#abandon(room);
    this.#failures += 1;
    this.#unreached = room === this.#answered ? this.#unreached + 1 : 0;
    this.#patch({ blocked: this.#unreached >= BLOCKED_AFTER_TRIES });
    this.#retryIn(backoff(this.#failures - 1, this.#edges.random()));
  }

  #abandon(room: Room): void {
    room.removeAllListeners();
    void room.disconnect(false).catch(() => undefined);
    this.#room = undefined;
    this.own.lineDown();
    this.#sounds.clear();
    this.levels.set(new Map());
    if (this.state.get().phase === "up") this.#patch({ phase: "reconnecting" });
  }

  #retryIn(milliseconds: number): void {
    this.#cancelTimer();
    if (this.#isClosed) return;
    this.#cancelTimer = this.#edges.after(milliseconds, () => this.#retry());
  }

  #retry(): void {
    this.#cancelTimer();
    if (this.#isClosed || this.#room) return;
    if (!this.#livekit) return void this.#load();
    this.#isOwed = this.#isHeld;
    if (this.#isOwed) return;
    const ticket = this.#ticket;
    this.#ticket = undefined;
    if (ticket) {
      void this.#connect(ticket);
      return;
    }
    if (!this.#isAdmitted) return;
    this.#failures += 1;
    this.#retryIn(backoff(this.#failures, this.#edges.random()));
    this.#listener.renew();
  }

  #listen(room: Room, livekit: LiveKit): void {
    const { RoomEvent } = livekit;
    const read = (): void => this.#readSoon();
    for (const event of [
      RoomEvent.ParticipantConnected,
      RoomEvent.ParticipantActive,
      RoomEvent.ParticipantDisconnected,
      RoomEvent.ParticipantNameChanged,
      RoomEvent.TrackPublished,
      RoomEvent.TrackUnpublished,
      RoomEvent.TrackMuted,
      RoomEvent.TrackUnmuted,
      RoomEvent.TrackStreamStateChanged,
      RoomEvent.ConnectionQualityChanged,
      RoomEvent.LocalTrackPublished,
      RoomEvent.LocalTrackUnpublished,
    ] as const) {
      room.on(event, read);
    }
    room
      .on(RoomEvent.TrackSubscribed, (track, publication, { identity }) => {
        this.#arrived(track, identity);
        this.#spare(publication, livekit);
      })
      .on(RoomEvent.TrackUnsubscribed, (track, _, { identity }) => this.#gone(track, identity))
      .on(RoomEvent.TrackMuted, (publication, participant) => {
        const source = sourceOf(publication.source);
        if (participant.isLocal && source) this.own.mutedFromOutside(source);
      })
      .on(RoomEvent.ActiveSpeakersChanged, (speakers) => {
        this.levels.set(new Map(speakers.map(({ identity, audioLevel }) => [identity, audioLevel])));
      })
      .on(RoomEvent.AudioPlaybackStatusChanged, read)
      .on(RoomEvent.SignalConnected, () => {
        this.#answered = room;
      })
      .on(RoomEvent.SignalReconnecting, () => this.pictures.freeze())
      .on(RoomEvent.Reconnecting, () => this.#patch({ phase: "reconnecting" }))
      .on(RoomEvent.Reconnected, () => this.#rise(room))
      .on(RoomEvent.Disconnected, (reason) => this.#disconnected(room, reason, livekit));
  }

  #disconnected(room: Room, reason: DisconnectReason | undefined, { DisconnectReason }: LiveKit): void {
    if (room !== this.#room || this.#isClosed) return;
    switch (reason) {
      case DisconnectReason.PARTICIPANT_REMOVED:
        this.#listener.ended("removed");
        break;
      case DisconnectReason.DUPLICATE_IDENTITY:
        this.#listener.ended("elsewhere");
        break;
      case DisconnectReason.ROOM_DELETED:
        this.#listener.ended("ended");
        break;
      case DisconnectReason.SERVER_SHUTDOWN:
        this.#listener.restarting();
        break;
      default:
        break;
    }
    this.#failed(room);
  }

  #arrived(track: RemoteTrack, person: string): void {
    const source = sourceOf(track.source);
    if (track.kind === "audio") this.#sounds.play(track);
    else if (source === "camera" || source === "screen") this.pictures.show(person, source, track);
    this.#turn(person);
    this.#readSoon();
  }

  #gone(track: RemoteTrack, person: string): void {
    if (track.kind === "audio") {
      this.#sounds.silence(track);
    } else {
      const source: Source = sourceOf(track.source) === "screen" ? "screen" : "camera";
      // A broken line takes everybody's tracks a moment before it is said to be broken; then the picture stays.
      queueMicrotask(() => this.pictures.lose(person, source, track, this.state.get().phase !== "up"));
    }
    this.#readSoon();
  }

  /** Many events come together; one reading does for all of them. */
  #readSoon(): void {
    if (this.#isReading) return;
    this.#isReading = true;
    queueMicrotask(() => {
      this.#isReading = false;
      this.#read();
    });
  }

  #read(): void {
    const room = this.#room;
    const livekit = this.#livekit;
    if (!room || !livekit || this.state.get().phase !== "up") return;
    this.#patch({
      people: merged(this.state.get().people, readRoom(room, livekit)),
      sealed: isSealed(room),
      soundBlocked: this.#sounds.interrupted || (!room.canPlaybackAudio && this.#sounds.heldBack),
    });
  }

  #patch(change: Partial<MediaState>): void {
    const before = this.state.get();
    const keys = Object.keys(change) as (keyof MediaState)[];
    if (keys.every((key) => before[key] === change[key])) return;
    this.state.set({ ...before, ...change });
  }
}

function sourceOf(source: string): "microphone" | "camera" | "screen" | undefined {
  if (source === "microphone" || source === "camera") return source;
  return source === "screen_share" ? "screen" : undefined;
}
