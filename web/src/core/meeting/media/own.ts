/**
 * One's own microphone, camera and shared screen. They outlive connections: after a loss the same tracks are
 * published again, and nobody is asked for permission twice. What is shown changes at once; the device follows,
 * one operation at a time.
 */
import type { LocalAudioTrack, LocalTrack, LocalVideoTrack, Room } from "livekit-client";

import type { Handover } from "../../journey/room";
import { Store } from "../store";

import { Hearing } from "./hearing";
import type { LiveKit } from "./livekit";
import type { Pictures } from "./pictures";
import { encodingsOf, sendingOf, type ShareKind, surfaceOf } from "./screen";
import { type OwnMedia, ownAtFirst, type Trouble, troubleOf } from "./state";

const cameraSize = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } };

export class OwnTracks {
  readonly state: Store<OwnMedia>;
  readonly #livekit: LiveKit;
  readonly #me: string;
  readonly #pictures: Pictures;
  readonly #trouble: (trouble: Trouble) => void;
  #room: Room | undefined;
  #microphone: LocalAudioTrack | undefined;
  #camera: LocalVideoTrack | undefined;
  #screen: LocalTrack[] = [];
  #queue: Promise<void> = Promise.resolve();
  readonly #hearing: Hearing;
  #warnsMuted = false;
  /** We are muting ourselves: livekit-client says so the same way as when the server does. */
  #isMuting = false;
  #isStopped = false;

  constructor(
    livekit: LiveKit,
    me: string,
    handover: Handover,
    pictures: Pictures,
    trouble: (trouble: Trouble) => void,
  ) {
    this.#livekit = livekit;
    this.#me = me;
    this.#pictures = pictures;
    this.#trouble = trouble;
    this.state = new Store<OwnMedia>(ownAtFirst(handover));
    this.#hearing = new Hearing(
      (change) => this.#patch(change),
      () => this.state.get().microphone,
      () => this.#trouble({ device: "microphone", what: "talking" }),
    );
    if (handover.microphone) this.#adoptMicrophone(handover.microphone);
    if (handover.camera) this.#adoptCamera(handover.camera);
    if (handover.microphoneOn) this.#enqueue(() => this.#applyMicrophone());
    // Turned off meanwhile: then its light goes out too.
    if (handover.cameraOn || handover.camera) this.#enqueue(() => this.#applyCamera());
  }

  setMicrophone(on: boolean): void {
    if (this.state.get().microphone === on) return;
    this.#patch({ microphone: on });
    // The wire goes silent now, whatever the queue is doing.
    if (!on && this.#microphone) this.#microphone.mediaStreamTrack.enabled = false;
    this.#enqueue(() => this.#applyMicrophone());
  }

  setCamera(on: boolean): void {
    if (this.state.get().camera === on) return;
    this.#patch({ camera: on });
    this.#enqueue(() => this.#applyCamera());
  }

  /** The server muted us. */
  mutedFromOutside(source: "microphone" | "camera" | "screen"): void {
    if (this.#isMuting) return;
    if (source === "microphone") this.setMicrophone(false);
    else if (source === "camera") this.#patch({ camera: false });
    else this.stopSharing();
  }

  /** The microphone as the browser gives it, for a meter on this device. */
  get microphone(): MediaStreamTrack | undefined {
    return this.#microphone?.mediaStreamTrack;
  }

  /** D9. Without the warning, muting gives the device back. */
  warnMuted(warns: boolean): void {
    if (this.#warnsMuted === warns) return;
    this.#warnsMuted = warns;
    if (this.#microphone) this.#enqueue(() => this.#applyMicrophone());
  }

  chooseMicrophone(id: string): void {
    this.#patch({ microphoneId: id });
    this.#enqueue(async () => {
      try {
        await this.#microphone?.restartTrack({ deviceId: { exact: id } });
      } catch (error) {
        this.#trouble(troubleOf("microphone", error));
      }
    });
  }

  chooseCamera(id: string): void {
    this.#patch({ cameraId: id });
    this.#enqueue(async () => {
      try {
        if (this.#camera?.isMuted) await this.#dropCamera();
        else await this.#camera?.restartTrack({ deviceId: { exact: id } });
      } catch (error) {
        this.#trouble(troubleOf("camera", error));
      }
    });
  }

  chooseSpeaker(id: string): void {
    this.#patch({ speakerId: id });
    void this.#room?.switchActiveDevice("audiooutput", id).catch(() => undefined);
  }

  share(): void {
    if (this.state.get().sharing) return;
    this.#patch({ sharing: true });
    // Not queued: the browser's picker may stay open for minutes, and Mute must work meanwhile.
    void this.#share();
  }

  stopSharing(): void {
    const tracks = this.#screen;
    this.#screen = [];
    this.#patch({ sharing: false, shareSound: "none" });
    for (const track of tracks) {
      if (track.kind === "video") this.#pictures.lose(this.#me, "screen", track, false);
      void this.#unpublish(track);
      track.stop();
    }
  }

  /** Takes effect on what is being shared, without a break. */
  setShareKind(kind: ShareKind): void {
    this.#patch({ shareKind: kind });
    for (const track of this.#screen) if (track.kind === "video") void this.#applyShareKind(track);
  }

  /** Holds the sound of what is shared back, or lets it go. */
  setShareSound(on: boolean): void {
    const sound = this.#screen.find(({ kind }) => kind === "audio");
    if (!sound) return;
    this.#patch({ shareSound: on ? "on" : "off" });
    this.#enqueue(() => this.#turn(sound, on));
  }

  /** A connection is there: everything we have goes out on it. */
  publishOn(room: Room): void {
    this.#room = room;
    const { speakerId } = this.state.get();
    if (speakerId) void room.switchActiveDevice("audiooutput", speakerId).catch(() => undefined);
    this.#enqueue(async () => {
      for (const track of [this.#microphone, this.#camera, ...this.#screen]) {
        if (track) await this.#publish(track);
      }
    });
  }

  stop(): void {
    this.#isStopped = true;
    this.stopSharing();
    this.#closeDevices();
    // What is under way now may open a device again when it goes on; behind it nothing stays open.
    void this.#queue.then(() => this.#closeDevices());
  }

  #closeDevices(): void {
    this.#hearing.stop();
    this.#microphone?.stop();
    this.#camera?.stop();
  }

  async #applyMicrophone(): Promise<void> {
    const wanted = this.state.get().microphone;
    try {
      if (wanted && !this.#microphone) await this.#openMicrophone();
      const track = this.#microphone;
      if (!track) return;
      // A device that is given back at every mute must be opened again, which livekit-client then does.
      const mustClose = !wanted && !this.#warnsMuted && !track.stopOnMute && track.isMuted;
      track.stopOnMute = !this.#warnsMuted;
      await this.#turn(track, wanted);
      if (mustClose) track.mediaStreamTrack.stop();
      if (wanted) track.mediaStreamTrack.enabled = true;
      this.#hearing.turned(this.#warnsMuted);
      await this.#publish(track);
    } catch (error) {
      this.#patch({ microphone: false });
      this.#trouble(troubleOf("microphone", error));
    }
  }

  async #applyCamera(): Promise<void> {
    const wanted = this.state.get().camera;
    try {
      if (wanted && !this.#camera) await this.#openCamera();
      const track = this.#camera;
      if (!track) return;
      await this.#turn(track, wanted);
      await this.#publish(track);
    } catch (error) {
      this.#patch({ camera: false });
      this.#trouble(troubleOf("camera", error));
    }
  }

  async #turn(track: LocalTrack, on: boolean): Promise<void> {
    this.#isMuting = !on;
    await (on ? track.unmute() : track.mute()).finally(() => {
      this.#isMuting = false;
    });
  }

  async #openMicrophone(): Promise<void> {
    const { microphoneId } = this.state.get();
    const stream = await this.#open({ audio: this.#audioConstraints(microphoneId) });
    const track = stream.getAudioTracks()[0];
    if (track) this.#adoptMicrophone(track);
  }

  async #openCamera(): Promise<void> {
    const { cameraId } = this.state.get();
    const stream = await this.#open({ video: this.#videoConstraints(cameraId) });
    const track = stream.getVideoTracks()[0];
    if (track) this.#adoptCamera(track);
  }

  async #open(constraints: MediaStreamConstraints): Promise<MediaStream> {
    this.#patch({ opening: true });
    try {
      const stream = await navigator.mediaDevices.getUserMedia(constraints);
      if (this.#isStopped) for (const track of stream.getTracks()) track.stop();
      return stream;
    } finally {
      this.#patch({ opening: false });
    }
  }

  #adoptMicrophone(raw: MediaStreamTrack): void {
    const { LocalAudioTrack, Track, TrackEvent } = this.#livekit;
    const track = new LocalAudioTrack(raw, this.#audioConstraints(this.state.get().microphoneId), false);
    track.source = Track.Source.Microphone;
    this.#microphone = track;
    this.#watch(track, "microphone");
    track.on(TrackEvent.Restarted, () => this.#listen(track));
    this.#listen(track);
  }

  #listen(track: LocalAudioTrack): void {
    this.#hearing.attend(track);
    this.#hearing.turned(this.#warnsMuted);
  }

  #adoptCamera(raw: MediaStreamTrack): void {
    const { LocalVideoTrack, Track } = this.#livekit;
    const track = new LocalVideoTrack(raw, this.#videoConstraints(this.state.get().cameraId), false);
    track.source = Track.Source.Camera;
    this.#camera = track;
    this.#pictures.show(this.#me, "camera", track);
    this.#watch(track, "camera");
  }

  async #dropCamera(): Promise<void> {
    const track = this.#camera;
    this.#camera = undefined;
    if (!track) return;
    this.#pictures.lose(this.#me, "camera", track, false);
    await this.#unpublish(track);
    track.stop();
  }

  /** A pulled plug, a switch on the headset: livekit-client finds another device, we say what happened. */
  #watch(track: LocalTrack, device: "microphone" | "camera"): void {
    const { TrackEvent } = this.#livekit;
    let label = track.mediaStreamTrack.label;
    track.on(TrackEvent.Ended, () => {
      const gone = label;
      setTimeout(() => {
        const { readyState, label: instead } = track.mediaStreamTrack;
        const isLive = readyState === "live";
        label = instead;
        // The same device again, before anybody could read of it: nothing happened.
        if (isLive && instead === gone) return;
        this.#trouble({ device, what: "unplugged", label: gone, ...(isLive && { instead }) });
      }, 1500);
    });
  }

  async #share(): Promise<void> {
    const { createLocalScreenTracks, TrackEvent } = this.#livekit;
    try {
      const tracks = await createLocalScreenTracks({
        audio: true,
        selfBrowserSurface: "exclude",
        surfaceSwitching: "include",
        systemAudio: "include",
      });
      if (!this.state.get().sharing || this.#isStopped) {
        for (const track of tracks) track.stop();
        return;
      }
      this.#screen = tracks;
      const picture = tracks.find(({ kind }) => kind === "video")?.mediaStreamTrack;
      this.#patch({
        shareSurface: surfaceOf(picture?.getSettings().displaySurface),
        shareSound: tracks.some(({ kind }) => kind === "audio") ? "on" : "none",
      });
      for (const track of tracks) {
        if (track.kind === "video") {
          await this.#applyShareKind(track);
          this.#pictures.show(this.#me, "screen", track);
          track.on(TrackEvent.Ended, () => this.stopSharing());
        }
        this.#enqueue(() => this.#publish(track));
      }
    } catch (error) {
      this.#patch({ sharing: false });
      const trouble = troubleOf("screen", error);
      // Closing the picker is a decision, not a trouble; the system's own "no" (S2) is one.
      const isDecision = trouble.what === "refused" && !/system/i.test(String(error));
      if (!isDecision) this.#trouble(trouble);
    }
  }

  async #applyShareKind(track: LocalTrack): Promise<void> {
    const { shareKind } = this.state.get();
    const { contentHint, degradationPreference } = sendingOf(shareKind);
    track.mediaStreamTrack.contentHint = contentHint;
    await (track as LocalVideoTrack).setDegradationPreference(degradationPreference);
    const { sender } = track;
    if (!sender) return;
    // livekit-client may be changing the same layers: what was read a moment ago is then refused, once.
    for (let tries = 0; tries < 3; tries += 1) {
      const parameters = sender.getParameters();
      parameters.encodings = encodingsOf(shareKind, parameters.encodings);
      const isDone = await sender.setParameters(parameters).then(
        () => true,
        () => false,
      );
      if (isDone) return;
    }
  }

  async #publish(track: LocalTrack): Promise<void> {
    const room = this.#room;
    const { ConnectionState } = this.#livekit;
    if (!room || room.state !== ConnectionState.Connected || this.#isStopped) return;
    const publications = [...room.localParticipant.trackPublications.values()];
    if (publications.some((publication) => publication.track === track)) return;
    try {
      const { ScreenShare } = this.#livekit.Track.Source;
      await room.localParticipant.publishTrack(
        track,
        track.source === ScreenShare ? sendingOf(this.state.get().shareKind) : undefined,
      );
      if (track === this.#microphone) this.#hearing.turned(this.#warnsMuted);
    } catch {
      // The connection went meanwhile; the next one publishes everything again.
    }
  }

  async #unpublish(track: LocalTrack): Promise<void> {
    await this.#room?.localParticipant.unpublishTrack(track, false).catch(() => undefined);
  }

  #enqueue(operation: () => Promise<unknown>): void {
    const before = this.#queue;
    this.#queue = (async () => {
      await before;
      if (!this.#isStopped) await operation().catch(() => undefined);
    })();
  }

  #audioConstraints(id: string | null): MediaTrackConstraints {
    const processing = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
    return id ? { deviceId: { ideal: id }, ...processing } : processing;
  }

  #videoConstraints(id: string | null): MediaTrackConstraints {
    return id ? { deviceId: { ideal: id }, ...cameraSize } : cameraSize;
  }

  #patch(change: Partial<OwnMedia>): void {
    this.state.update((state) => ({ ...state, ...change }));
  }
}
