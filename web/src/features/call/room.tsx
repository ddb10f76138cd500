import type { RoomFeature } from "../../ui/room/feature";

import { Attendant } from "./Attendant";
import { ShareButton, ShareItem } from "./OwnButtons";

export const feature: RoomFeature = {
  name: "call",
  Attendant,
  bar: [
    {
      id: "share",
      group: "say",
      order: 10,
      Button: ShareButton,
      More: ShareItem,
      phone: "nowhere",
    },
  ],
};
