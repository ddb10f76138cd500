import { Chunk } from "../../core/chunk";
import { Part } from "../../ui/Part";
import type { RoomFeature } from "../../ui/room/feature";

const corner = new Chunk(async () => (await import("./Corner")).Corner);

export const feature: RoomFeature = {
  name: "branded",
  TopMark: () => <Part of={corner} props={{}} />,
};
