/**
 * One's own microphone, camera and shared screen, from the first moment on: they need neither livekit-client nor a
 * connection, and outlive both. Each is a machine of its own (`device.ts`); here is what they have to do with each other,
 * with the pictures, and with what is said of them.
 */
import { asItIs, type Processor } from "../../devices/held";
import { cameraWish, microphoneWish, type Taste, usual } from "../../devices/wish";
import type { Handover } from "../../journey/room";
import type { Edges } from "../edges";
import { Hearing } from "../media/hearing";
import type { Pictures, Showable } from "../media/pictures";
import { sendingOf, type ShareKind, surfaceOf } from "../media/screen";
import { type OwnMedia, ownAtFirst, type Trouble, troubleOf } from "../media/state";
import { Store } from "../../store";

import type { TrackPublishOptions } from "livekit-client";

import { standingOf } from "./device";
import { type DevicePorts, OwnDevice } from "./edge";
import { pickScreen, sendAs } from "./screen";
import { type Line, type Sort, Wire } from "./wire";

export class OwnTracks {
  readonly state: Store<OwnMedia>;
  readonly #me: string;
  readonly #pictures: Pictures;
  readonly #edges: Pick<Edges, "now" | "after">;
  readonly #trouble: (trouble: Trouble) => void;
  readonly #hearing: Hearing;
  readonly #wires: Record<Sort, Wire>;
  readonly #devices: Record<Sort, OwnDevice>;
  readonly #shown = new Map<"camera" | "screen", Showable>();
  /** What the meeting lets one send. */
  #may: Readonly<Record<Sort, boolean>> = { microphone: true, camera: true, screen: true };
  #line: Line | undefined;
  readonly #taste: () => Taste;
  readonly #woke = (): void => {
    if (document.visibilityState === "visible")
      for (const device of Object.values(this.#devices)) device.woke();
  };

  constructor(
    me: string,
    handover: Handover,
    pictures: Pictures,
    edges: Pick<Edges, "now" | "after">,
    trouble: (trouble: Trouble) => void,
  ) {
    this.#me = me;
    this.#pictures = pictures;
    this.#edges = edges;
    this.#trouble = trouble;
    this.#taste = handover.taste ?? (() => usual);
    this.state = new Store<OwnMedia>(ownAtFirst(handover));
    this.#wires = {
      microphone: new Wire("microphone", () => soundOf(this.#taste())),
      camera: new Wire("camera"),
      screen: new Wire("screen", () => sendingOf(this.state.get().shareKind)),
    };
    this.#hearing = new Hearing(
      (change) => this.#patch(change),
      () => this.#devices.microphone.state.get().wanted,
      // Who may not unmute would be told of a button that does nothing.
      () => this.#may.microphone && this.#trouble({ device: "microphone", what: "talking" }),
      () => this.#wires.microphone.sender,
    );
    this.#devices = this.#make(handover);
    for (const device of Object.values(this.#devices)) device.state.subscribe(() => this.#follow());
    this.#begin(handover);
    document.addEventListener("visibilitychange", this.#woke);
  }

  setMicrophone(on: boolean): void {
    this.#want("microphone", on);
  }

  setCamera(on: boolean): void {
    this.#want("camera", on);
  }

  /** What is no longer allowed is off at once; what is allowed again waits for its owner to turn it on. */
  allow(may: Readonly<Record<Sort, boolean>>): void {
    this.#may = may;
    for (const sort of ["microphone", "camera", "screen"] as const) this.#devices[sort].bar(!may[sort]);
  }

  /** While something is missing that must be there before anything is sent; devices may be opened meanwhile. */
  hold(isHeld: boolean): void {
    for (const device of Object.values(this.#devices)) device.hold(isHeld);
  }

  /** What is made of one's picture before anybody sees it, oneself included. */
  processCamera(processor: Processor | undefined): void {
    this.#devices.camera.through(processor);
  }

  /**
   * What is made of one's sound before anybody hears it.
   * @param asksAnew the device itself is to give something else: original sound is on, or off
   */
  processMicrophone(processor: Processor | undefined, asksAnew = false): void {
    this.#devices.microphone.through(processor, asksAnew);
  }

  /** What is liked of a picture has changed: the camera that is open gives it from now on. */
  async liked(): Promise<void> {
    const { chosen } = this.#devices.camera.state.get();
    for (const raw of this.#devices.camera.raws)
      await raw.applyConstraints(cameraWish(chosen, this.#taste())).catch(() => undefined);
  }

  /** A track of ours was muted on the connection: by a host, unless by ourselves. */
  mutedFromOutside(source: Sort): void {
    this.#devices[source].silenced();
  }

  /** The microphone as the browser gives it, for a meter on this device. */
  get microphone(): MediaStreamTrack | undefined {
    return this.#devices.microphone.tracks[0];
  }

  /** One's own picture as others get it. */
  get camera(): MediaStreamTrack | undefined {
    return this.#devices.camera.tracks[0];
  }

  /** D9. Without the warning, muting gives the device back. */
  warnMuted(warns: boolean): void {
    this.#devices.microphone.stay(warns);
    this.#hearing.turned(warns);
  }

  chooseMicrophone(id: string): void {
    this.#devices.microphone.choose(id);
  }

  chooseCamera(id: string): void {
    this.#devices.camera.choose(id);
  }

  chooseSpeaker(id: string): void {
    this.#patch({ speakerId: id });
    void this.#line?.room.switchActiveDevice("audiooutput", id).catch(() => undefined);
  }

  share(): void {
    this.#want("screen", true);
  }

  stopSharing(): void {
    this.#want("screen", false);
  }

  /** Takes effect on what is being shared, without a break. */
  setShareKind(kind: ShareKind): void {
    this.#patch({ shareKind: kind });
    void sendAs(kind, this.#wires.screen.tracks[0]);
  }

  /** Holds the sound of what is shared back, or lets it go. */
  setShareSound(on: boolean): void {
    if (this.state.get().shareSound === "none") return;
    this.#wires.screen.quiet(!on);
    this.#patch({ shareSound: on ? "on" : "off" });
  }

  /** A connection is there: everything we have goes out on it. */
  publishOn(line: Line): void {
    this.#line = line;
    const { speakerId } = this.state.get();
    if (speakerId) void line.room.switchActiveDevice("audiooutput", speakerId).catch(() => undefined);
    for (const device of Object.values(this.#devices)) device.lineUp(line);
  }

  lineDown(): void {
    this.#line = undefined;
    for (const device of Object.values(this.#devices)) device.lineDown();
  }

  stop(): void {
    document.removeEventListener("visibilitychange", this.#woke);
    this.#hearing.stop();
    for (const device of Object.values(this.#devices)) device.stop();
  }

  /** The rules are the server's; here one is only told at once, not when the connection refuses. */
  #want(sort: Sort, on: boolean): void {
    if (on && !this.#may[sort]) this.#trouble({ device: sort, what: "not_allowed" });
    else this.#devices[sort].want(on);
  }

  #make({ microphoneId, cameraId, processor }: Handover): Record<Sort, OwnDevice> {
    const { microphone, camera, screen } = this.#wires;
    const { mediaDevices } = navigator;
    const askMicrophone: DevicePorts["ask"] = async (chosen) =>
      (await mediaDevices.getUserMedia({ audio: microphoneWish(chosen, this.#taste()) })).getAudioTracks();
    const askCamera: DevicePorts["ask"] = async (chosen) =>
      (await mediaDevices.getUserMedia({ video: cameraWish(chosen, this.#taste()) })).getVideoTracks();
    return {
      microphone: new OwnDevice(
        this.#ports("microphone", askMicrophone, ([track]) => this.#hear(track)),
        microphone,
        microphoneId,
      ),
      camera: new OwnDevice(
        this.#ports("camera", askCamera, ([track]) => this.#show("camera", track)),
        camera,
        cameraId,
        true,
        processor,
      ),
      screen: new OwnDevice(
        this.#ports("screen", pickScreen, (tracks) => this.#shared(tracks)),
        screen,
        null,
        false,
      ),
    };
  }

  #begin({ microphone, camera, microphoneOn, cameraOn }: Handover): void {
    if (microphone) this.#devices.microphone.adopt(asItIs([microphone]), microphoneOn);
    else this.#devices.microphone.want(microphoneOn);
    if (camera) this.#devices.camera.adopt(camera, cameraOn);
    else this.#devices.camera.want(cameraOn);
  }

  #ports(device: Sort, ask: DevicePorts["ask"], opened: DevicePorts["opened"]): DevicePorts {
    return {
      ask,
      opened,
      refused: (error, lost) => this.#refused(device, error, lost),
      lost: (label, instead) =>
        this.#trouble({ device, what: "unplugged", label, ...(instead !== undefined && { instead }) }),
      now: () => this.#edges.now(),
      after: (milliseconds, run) => this.#edges.after(milliseconds, run),
    };
  }

  #refused(device: Sort, error: unknown, lost: string | undefined): void {
    if (lost !== undefined) return this.#trouble({ device, what: "unplugged", label: lost });
    const trouble = troubleOf(device, error);
    // Closing the picker is a decision, not a trouble; the system's own "no" (S2) is one.
    const isDecision = trouble.what === "refused" && !/system/i.test(String(error));
    if (!isDecision) this.#trouble(trouble);
  }

  #hear(track: MediaStreamTrack | undefined): void {
    const { stays } = this.#devices.microphone.state.get();
    if (track) this.#hearing.attend(track);
    else this.#hearing.stop();
    this.#hearing.turned(stays);
  }

  #show(source: "camera" | "screen", track: MediaStreamTrack | undefined): void {
    const before = this.#shown.get(source);
    if (before) this.#pictures.lose(this.#me, source, before, false);
    this.#shown.delete(source);
    if (!track) return;
    const showable = showableOf(track);
    this.#shown.set(source, showable);
    this.#pictures.show(this.#me, source, showable);
  }

  #shared(tracks: readonly MediaStreamTrack[]): void {
    const [picture] = tracks;
    this.#wires.screen.quiet(false);
    this.#show("screen", picture);
    if (picture) picture.contentHint = sendingOf(this.state.get().shareKind).contentHint;
    this.#patch({
      shareSurface: surfaceOf(picture?.getSettings().displaySurface),
      shareSound: tracks.some(({ kind }) => kind === "audio") ? "on" : "none",
    });
  }

  #follow(): void {
    const { microphone, camera, screen } = this.#devices;
    const [sound, picture, shared] = [microphone.state.get(), camera.state.get(), screen.state.get()];
    const wasOn = this.state.get().microphone;
    this.#patch({
      microphone: sound.wanted,
      microphoneStands: standingOf(sound),
      microphoneId: sound.chosen,
      camera: picture.wanted,
      cameraStands: standingOf(picture),
      cameraId: picture.chosen,
      sharing: shared.wanted && shared.open !== undefined,
    });
    if (wasOn !== sound.wanted) this.#hearing.turned(sound.stays);
  }

  #patch(change: Partial<OwnMedia>): void {
    const before = this.state.get();
    const keys = Object.keys(change) as (keyof OwnMedia)[];
    if (keys.some((key) => before[key] !== change[key])) this.state.set({ ...before, ...change });
  }
}

/** Music goes out as a record would: both channels, without a break in silence. */
const ORIGINAL: TrackPublishOptions = {
  audioPreset: { maxBitrate: 128_000 },
  forceStereo: true,
  dtx: false,
  red: false,
};

export function soundOf({ originalSound }: Taste): TrackPublishOptions | undefined {
  return originalSound ? ORIGINAL : undefined;
}

/** A device is seen by its owner as it is, whatever of it is sent. */
function showableOf(track: MediaStreamTrack): Showable {
  const stream = new MediaStream([track]);
  return {
    attach(element) {
      element.srcObject = stream;
      return element;
    },
    detach(element) {
      if (element.srcObject === stream) element.srcObject = null;
      return element;
    },
  };
}
