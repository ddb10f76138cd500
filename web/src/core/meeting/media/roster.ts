/** A LiveKit room read as plain values. */
import type { Participant, RemoteParticipant, Room, TrackPublication } from "livekit-client";

import type { LiveKit } from "./livekit";
import type { PersonMedia } from "./state";

export function readRoom(room: Room, livekit: LiveKit): Record<string, PersonMedia> {
  const people: Record<string, PersonMedia> = {};
  // Whose media does not stand yet is in the room, and cannot be seen or heard.
  const others = [...room.remoteParticipants.values()].filter(({ isActive }) => isActive);
  for (const participant of [room.localParticipant, ...others]) {
    if (participant.identity) people[participant.identity] = readPerson(participant, livekit);
  }
  return people;
}

/** Sealed means: everything that anybody sends is encrypted with keys that only people have. */
export function isSealed(room: Room): boolean {
  if (!room.isE2EEEnabled) return false;
  return [room.localParticipant, ...room.remoteParticipants.values()].every((each) => each.isEncrypted);
}

function readPerson(participant: Participant, { ConnectionQuality, Track, ...rest }: LiveKit): PersonMedia {
  const microphone = participant.getTrackPublication(Track.Source.Microphone);
  const camera = participant.getTrackPublication(Track.Source.Camera);
  const screen = participant.getTrackPublication(Track.Source.ScreenShare);
  const { connectionQuality: quality } = participant;
  const isWeak = quality === ConnectionQuality.Poor || quality === ConnectionQuality.Lost;
  return {
    id: participant.identity,
    name: participant.name ?? "",
    service: isService(participant as RemoteParticipant, rest.ParticipantKind),
    microphone: microphone ? (microphone.isMuted ? "muted" : "live") : "none",
    camera: isShown(camera),
    screen: isShown(screen),
    screenSince: Number(screen?.trackInfo?.version?.unixMicro ?? 0),
    line: isWeak ? "weak" : "good",
    paused: camera?.track?.streamState === Track.StreamState.Paused,
  };
}

function isShown(publication: TrackPublication | undefined): boolean {
  return publication !== undefined && !publication.isMuted;
}

function isService(participant: Participant, kinds: LiveKit["ParticipantKind"]): boolean {
  return participant.kind !== kinds.STANDARD && participant.kind !== kinds.SIP;
}
