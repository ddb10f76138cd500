/**
 * One's own microphone, camera and shared screen. They outlive connections: after a loss the same tracks are
 * published again, and nobody is asked for permission twice. What is shown changes at once; the device follows,
 * one operation at a time.
 */
import type { LocalAudioTrack, LocalTrack, LocalVideoTrack, Room } from "livekit-client";

import type { Handover } from "../../journey/room";
import { Store } from "../store";

import type { LiveKit } from "./livekit";
import type { Pictures } from "./pictures";
import { awaitSound } from "./silence";
import { type OwnMedia, type Trouble, troubleOf } from "./state";

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
  #stopAwaiting = (): void => undefined;
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
    const { microphoneId, cameraId, speakerId } = handover;
    this.state = new Store<OwnMedia>({
      microphone: handover.microphoneOn,
      camera: handover.cameraOn,
      sharing: false,
      sharingSound: false,
      opening: false,
      microphoneId,
      cameraId,
      speakerId,
    });
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
    if (source === "microphone") this.#patch({ microphone: false });
    else if (source === "camera") this.#patch({ camera: false });
    else this.stopSharing();
  }

  chooseMicrophone(id: string): void {
    this.#patch({ microphoneId: id });
    this.#enqueue(async () => {
      try {
        await this.#microphone?.restartTrack({ deviceId: { exact: id } });
        this.#awaitSound();
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
    this.#patch({ sharing: false, sharingSound: false });
    for (const track of tracks) {
      if (track.kind === "video") this.#pictures.lose(this.#me, "screen", track, false);
      void this.#unpublish(track);
      track.stop();
    }
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
    this.#stopAwaiting();
    this.#microphone?.stop();
    this.#camera?.stop();
  }

  async #applyMicrophone(): Promise<void> {
    const wanted = this.state.get().microphone;
    try {
      if (wanted && !this.#microphone) await this.#openMicrophone();
      const track = this.#microphone;
      if (!track) return;
      if (wanted) await track.unmute();
      else await track.mute();
      if (wanted) track.mediaStreamTrack.enabled = true;
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
      if (wanted) await track.unmute();
      else await track.mute();
      await this.#publish(track);
    } catch (error) {
      this.#patch({ camera: false });
      this.#trouble(troubleOf("camera", error));
    }
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
    const { LocalAudioTrack, Track } = this.#livekit;
    const track = new LocalAudioTrack(raw, this.#audioConstraints(this.state.get().microphoneId), false);
    track.source = Track.Source.Microphone;
    this.#microphone = track;
    this.#watch(track, "microphone");
    this.#awaitSound();
  }

  #awaitSound(): void {
    this.#stopAwaiting();
    const track = this.#microphone?.mediaStreamTrack;
    if (!track) return;
    this.#stopAwaiting = awaitSound(
      track,
      () => this.state.get().microphone,
      () => this.#trouble({ device: "microphone", what: "silent", label: track.label }),
    );
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
        label = instead;
        const found = readyState === "live" && instead !== gone ? { instead } : {};
        if (!track.isMuted || readyState !== "live")
          this.#trouble({ device, what: "unplugged", label: gone, ...found });
      }, 1500);
    });
    track.mediaStreamTrack.addEventListener("mute", () => {
      if (!track.isMuted && device === "microphone")
        this.#trouble({ device, what: "muted-outside", label: track.mediaStreamTrack.label });
    });
  }

  async #share(): Promise<void> {
    const { createLocalScreenTracks, TrackEvent } = this.#livekit;
    try {
      const tracks = await createLocalScreenTracks({
        audio: true,
        contentHint: "detail",
        selfBrowserSurface: "exclude",
        surfaceSwitching: "include",
        systemAudio: "include",
      });
      if (!this.state.get().sharing || this.#isStopped) {
        for (const track of tracks) track.stop();
        return;
      }
      this.#screen = tracks;
      this.#patch({ sharingSound: tracks.some(({ kind }) => kind === "audio") });
      for (const track of tracks) {
        if (track.kind === "video") {
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

  async #publish(track: LocalTrack): Promise<void> {
    const room = this.#room;
    const { ConnectionState } = this.#livekit;
    if (!room || room.state !== ConnectionState.Connected || this.#isStopped) return;
    const publications = [...room.localParticipant.trackPublications.values()];
    if (publications.some((publication) => publication.track === track)) return;
    try {
      await room.localParticipant.publishTrack(track);
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
