import type { MeetingRoomProps } from "./core/journey/room";

/** The meeting room: the one place where the features of a meeting meet. */
export default function MeetingRoom({ passage }: MeetingRoomProps) {
  return <main>{passage.join.meeting.title}</main>;
}
