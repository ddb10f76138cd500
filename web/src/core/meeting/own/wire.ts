/**
 * What goes out of one own device on a connection: one publication for a microphone or a camera, which gets another
 * track when another device is opened; as many as there are tracks for a shared screen.
 *
 * livekit-client is given tracks as one's own (`userProvidedTrack`): it neither opens nor closes a device, and its mute
 * and unmute wait for nothing. It sets `enabled` of a track to what its `isMuted` says, whenever it takes a track up: so
 * `isMuted` is right before it does.
 */
import type { LocalTrack, Room, TrackPublishOptions } from "livekit-client";

import type { LiveKit } from "../media/livekit";

export interface Line {
  room: Room;
  livekit: LiveKit;
}

export type Sort = "microphone" | "camera" | "screen";

export class Wire {
  readonly #sort: Sort;
  readonly #options: () => TrackPublishOptions | undefined;
  #tracks: LocalTrack[] = [];
  #passes = false;
  /** Of what is shared, the sound is held back. */
  #isQuiet = false;
  #muting = 0;
  readonly #publishing = new Set<LocalTrack>();

  constructor(sort: Sort, options: () => TrackPublishOptions | undefined = () => undefined) {
    this.#sort = sort;
    this.#options = options;
  }

  get tracks(): readonly LocalTrack[] {
    return this.#tracks;
  }

  get sender(): RTCRtpSender | undefined {
    return this.#tracks[0]?.sender;
  }

  /** We mute it ourselves just now: livekit-client says so the same way as when the server does. */
  get isMuting(): boolean {
    return this.#muting > 0;
  }

  quiet(isQuiet: boolean): void {
    this.#isQuiet = isQuiet;
    this.pass(this.#passes);
  }

  /** Whether anything may pass; the others are told where they see a publication. */
  pass(on: boolean): void {
    this.#passes = on;
    for (const track of this.#tracks) this.#turn(track, this.#goes(track.kind));
  }

  /** @returns whether it is out */
  async send(line: Line, raws: readonly MediaStreamTrack[]): Promise<boolean> {
    try {
      const [kept, fresh] = [this.#tracks[0], raws[0]];
      const isReplaced =
        this.#sort !== "screen" && kept !== undefined && isOn(line.room, kept) && kept.sender;
      if (isReplaced && fresh) await kept.replaceTrack(fresh, true);
      else await this.#publish(line, raws);
      return true;
    } catch {
      // The connection went meanwhile, or the track: whoever asked tries again when there is one.
      return false;
    } finally {
      this.pass(this.#passes);
    }
  }

  /** The device is closed. A publication of a microphone or a camera stays, muted; a screen's goes. */
  closed(line: Line | undefined): void {
    if (this.#sort === "screen") this.anew(line);
  }

  /** It is sent in another way from now on: what was published goes, and the next is published. */
  anew(line: Line | undefined): void {
    const gone = this.#tracks;
    this.#tracks = [];
    for (const track of gone)
      void line?.room.localParticipant.unpublishTrack(track, false).catch(() => undefined);
  }

  async #publish(line: Line, raws: readonly MediaStreamTrack[]): Promise<void> {
    const isKept = raws.every((raw) => this.#tracks.some(({ mediaStreamTrack }) => mediaStreamTrack === raw));
    if (!isKept) this.#tracks = raws.map((raw) => this.#wrap(line, raw));
    for (const track of this.#tracks) {
      if (isOn(line.room, track)) continue;
      const wasMuted = track.isMuted;
      this.#publishing.add(track);
      try {
        await line.room.localParticipant.publishTrack(track, this.#options());
      } finally {
        this.#publishing.delete(track);
      }
      this.#tellOf(line, track, wasMuted);
    }
  }

  /** While it was being published nobody could be told of a change. */
  #tellOf({ livekit: { TrackEvent } }: Line, track: LocalTrack, wasMuted: boolean): void {
    if (track.isMuted !== wasMuted) track.emit(track.isMuted ? TrackEvent.Muted : TrackEvent.Unmuted, track);
  }

  #wrap({ livekit }: Line, raw: MediaStreamTrack): LocalTrack {
    const { LocalAudioTrack, LocalVideoTrack, Track } = livekit;
    const isSound = raw.kind === "audio";
    const track = isSound
      ? new LocalAudioTrack(raw, undefined, true)
      : new LocalVideoTrack(raw, undefined, true);
    const { Microphone, Camera, ScreenShare, ScreenShareAudio } = Track.Source;
    const screen = isSound ? ScreenShareAudio : ScreenShare;
    track.source = { microphone: Microphone, camera: Camera, screen }[this.#sort];
    track.isMuted = !this.#goes(raw.kind);
    return track;
  }

  #goes(kind: string): boolean {
    return this.#passes && !(this.#isQuiet && kind === "audio");
  }

  #turn(track: LocalTrack, on: boolean): void {
    if (this.#publishing.has(track) || !track.sid) track.isMuted = !on;
    else if (on) void track.unmute();
    else {
      this.#muting += 1;
      void track.mute().finally(() => (this.#muting -= 1));
    }
    track.mediaStreamTrack.enabled = on;
  }
}

function isOn(room: Room, track: LocalTrack): boolean {
  return [...room.localParticipant.trackPublications.values()].some((each) => each.track === track);
}
