/**
 * What happens beside the drawing of one way through a meeting: devices open with prejoin and are remembered from
 * there, the room's code comes meanwhile, and the tracks change hands at the door. What has to be open follows from
 * where the journey is (`needs`) and from nothing else.
 */
import { startTransition } from "react";

import type { JoinResult } from "../core/api/types";
import { Chunk } from "../core/chunk";
import { createDevices, type DeviceStore } from "../core/devices/devices";
import { type Journey, needs } from "../core/journey/journey";
import type { Departure, Passage } from "../core/journey/room";
import { createTravel, type Travel } from "../core/journey/travel";
import { browserEdges } from "../core/meeting/edges";
import { knock } from "../core/meeting/knock";
import type { Session } from "../core/meeting/session";
import { Store } from "../core/store";
import { openCatalog } from "../i18n/i18n";
import { shut } from "../ui/gate";

import { doors, left } from "./doors";
import { gates } from "./gates";
import { admissionOf, api, clock, followTaste, isSecure, keyring, prefs, processor, taste } from "./ports";

/** The room and its words, fetched while prejoin is shown. */
const roomCode = new Chunk(async () => {
  const [code] = await Promise.all([import("../room"), openCatalog("room")]);
  return code;
});
type RoomCode = Awaited<ReturnType<typeof roomCode.fetch>>;

export interface Entered {
  MeetingRoom: RoomCode["MeetingRoom"];
  WaitingRoom: RoomCode["WaitingRoom"];
  room: ReturnType<RoomCode["enterRoom"]>;
}

export class Visit {
  readonly travel: Travel;
  readonly devices = new Store<DeviceStore>(openDevices());
  /** The room, once it may be drawn. */
  readonly entered = new Store<Entered | null>(null);
  /** The door was closed once: what was shown of oneself was not enough. */
  wasClosed = false;
  readonly #number: string;
  readonly #secret: string | undefined;
  #open: "devices" | "room" | "nothing" = "nothing";
  #close = (): void => undefined;

  constructor(number: string, secret: string | undefined) {
    this.#number = number;
    this.#secret = secret;
    this.travel = createJourney(number, secret);
  }

  /** @returns what ends it: Back, or another address */
  begin(): () => void {
    doors.preload();
    left.preload();
    roomCode.preload(); // that it failed is told to whoever presses Join
    const unfollow = this.travel.subscribe(() => this.#follow(this.travel.get()));
    this.#follow(this.travel.get());
    return () => {
      unfollow();
      this.travel.close();
      this.#turn("nothing");
    };
  }

  /** J4. @returns whether the hosts are told */
  knock({ channel_token: token }: JoinResult): Promise<boolean> {
    const address = `${location.origin.replace(/^http/, "ws")}/api/meetings/${this.#number}/channel`;
    return knock(address, token, browserEdges());
  }

  #follow(journey: Journey): void {
    if (journey.at === "closed") this.wasClosed = true;
    const needed = needs(journey);
    if (needed === this.#open) return;
    const before = this.devices.get();
    this.#turn(needed);
    if (needed === "devices") this.#openDevices();
    if (needed === "room" && "join" in journey) void this.#enter(journey.join, before);
  }

  #turn(to: "devices" | "room" | "nothing"): void {
    this.#open = to;
    const close = this.#close;
    this.#close = () => undefined;
    // Into the room prejoin's devices go along; it closes them when they have changed hands.
    if (to === "room") this.#close = close;
    else close();
  }

  #openDevices(): void {
    const devices = openDevices();
    this.devices.set(devices);
    void devices.open();
    const forget = devices.subscribe(() => remember(devices));
    const unfollow = followTaste({
      remade: () => void devices.remake(),
      liked: () => void devices.liked(),
    });
    this.#close = () => {
      forget();
      unfollow();
      devices.close();
    };
  }

  async #enter(join: JoinResult, devices: DeviceStore): Promise<void> {
    keyring.keepRejoin(this.#number, join.rejoin);
    let code: RoomCode;
    try {
      code = await roomCode.fetch();
    } catch {
      return this.travel.unfetched();
    }
    if (this.#open !== "room") return;
    const media = devices.handOver();
    this.#close();
    const room = code.enterRoom({
      passage: this.#passage(join, media),
      onDeparture: (departure) => this.#departed(departure),
    });
    this.#inhabit(room);
    // In pieces, between which the connection goes on.
    startTransition(() => this.entered.set({ ...code, room }));
  }

  #inhabit(room: Entered["room"]): void {
    const { session } = room;
    const stand = (): void => {
      this.travel.stood(session.entry.get());
      if (session.entry.get().at === "in") this.#tellWish(session);
    };
    const unfollow = session.entry.subscribe(stand);
    this.#close = () => {
      unfollow();
      session.leaving();
      session.close();
      this.entered.set(null);
    };
    stand();
  }

  /** What the maker chose in prejoin, told once and as soon as the meeting hears it. */
  #tellWish(session: Session): void {
    const wish = keyring.wish(this.#number);
    if (!wish || !session.you.get().may.includes("host")) return;
    keyring.keepWish(this.#number, null);
    if (!wish.waitingRoom) void session.do("meeting", "set_policy", { waitingRoom: "off" });
  }

  #departed(departure: Departure): void {
    const mayReturn = departure.again || departure.reason === "left" || departure.reason === "unreachable";
    if (!mayReturn) keyring.keepRejoin(this.#number, null);
    this.travel.departed(departure);
  }

  #passage(join: JoinResult, media: Passage["media"]): Passage {
    const address = `${location.origin}/m/${this.#number}`;
    return {
      join,
      media,
      invitation: this.#secret === undefined ? null : `${address}#k=${this.#secret}`,
      rejoin: async () => {
        const answer = await this.travel.renew();
        if (answer.kind === "ok") keyring.keepRejoin(this.#number, answer.value.rejoin);
        return answer;
      },
    };
  }
}

function createJourney(number: string, secret: string | undefined): Travel {
  // Derived while prejoin is shown: whoever presses Join has waited for it already.
  const admission = admissionOf(secret);
  return createTravel(
    number,
    async (passcode) => ({
      admission: await admission,
      passcode: secret === undefined ? passcode : undefined,
      host_key: keyring.host(number)?.key,
      rejoin: keyring.rejoin(number),
      device: keyring.device(number),
    }),
    { api, ...clock, gates: () => shut(gates, number) },
  );
}

function openDevices(): DeviceStore {
  const media = "mediaDevices" in navigator ? navigator.mediaDevices : undefined;
  return createDevices(media, prefs.get(), isSecure ? "unsupported" : "insecure", { taste, processor });
}

function remember(devices: DeviceStore): void {
  const { microphone, camera, speaker } = devices.get();
  prefs.set({
    microphoneOn: microphone.on,
    cameraOn: camera.on,
    microphoneId: microphone.chosen,
    cameraId: camera.chosen,
    speakerId: speaker.chosen,
  });
}
