import { useEffect } from "react";

import { Chunk } from "../../core/chunk";
import { Part } from "../../ui/Part";
import { useRoom } from "../../ui/room/context";
import type { RoomFeature } from "../../ui/room/feature";

const telling = new Chunk(async () => (await import("./telling")).tell);
const rows = new Chunk(async () => (await import("./NoticeRows")).NoticeRows);

/** Comes once the room is drawn: who comes in hears nothing of it sooner. */
function Attendant() {
  const room = useRoom();
  useEffect(() => {
    let stop: (() => void) | undefined;
    let isOver = false;
    void (async () => {
      const tell = await telling.fetch().catch(() => undefined);
      // Without its sounds a meeting is one all the same.
      if (tell && !isOver) stop = tell(room);
    })();
    return () => {
      isOver = true;
      stop?.();
    };
  }, [room]);
  return null;
}

function Rows() {
  return <Part of={rows} props={{ prefs: useRoom().prefs }} />;
}

export const feature: RoomFeature = {
  name: "notices",
  settings: { order: 30, Part: Rows },
  Attendant,
};
