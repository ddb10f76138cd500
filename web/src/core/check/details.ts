/**
 * What is copied for whoever runs the network or the server: in English, a line a matter.
 *
 * Law: no address, no name of a device or person, no ticket. Device names are left out: people name headsets after themselves.
 */
import type { Devices, Status } from "../devices/state";

import type { Facts } from "./facts";
import { type Leg, type LineFound, verdictOf } from "./line";

export interface Checked {
  at: string;
  host: string;
  version: string;
  facts: Facts;
  devices: Devices;
  heard: boolean | null;
  line: LineFound | null;
}

export function detailsOf({ at, host, version, facts, devices, heard, line }: Checked): string {
  return [
    `Folkmoot ${version}, ${host}, ${at}`,
    `Browser: ${facts.browser} on ${facts.system}; ${abilities(facts)}`,
    `Microphone: ${deviceWords(devices.microphone.status)}; ${devices.microphone.choices.length} found`,
    `Camera: ${deviceWords(devices.camera.status)}; ${devices.camera.choices.length} found`,
    `Speaker: ${heard === null ? "not tried" : heard ? "tone was heard" : "tone was not heard"}`,
    ...lineWords(line),
  ].join("\n");
}

function abilities(facts: Facts): string {
  return [
    `https ${yes(facts.isSecure)}`,
    `WebRTC ${yes(facts.canCall)}`,
    `screen sharing ${yes(facts.canShareScreen)}`,
    `choice of speaker ${yes(facts.canChooseSpeaker)}`,
  ].join(", ");
}

function yes(is: boolean): string {
  return is ? "yes" : "no";
}

function deviceWords(status: Status): string {
  return status === "off" ? "not tried" : status === "live" ? "works" : status;
}

function lineWords(line: LineFound | null): string[] {
  if (!line) return ["Network: not tried"];
  const verdict = `Network: ${verdictOf(line)}`;
  return line.at === "tried"
    ? [verdict, `  UDP: ${legWords(line.udp)}`, `  TCP: ${legWords(line.tcp)}`]
    : [verdict];
}

function legWords(leg: Leg | null): string {
  if (!leg) return "nothing came through";
  const rtt = leg.rttMs === undefined ? "round trip unknown" : `round trip ${leg.rttMs} ms`;
  const loss = leg.loss === undefined ? "loss unknown" : `loss ${Math.round(leg.loss * 100)} %`;
  return `${rtt}, ${loss}`;
}
