import { Chunk } from "../../core/chunk";
import { Part } from "../../ui/Part";
import type { RoomFeature } from "../../ui/room/feature";

import { Attendant } from "./Attendant";
import { EndBanner } from "./EndBanner";
import { FullBanner } from "./FullBanner";
import { HearingBanner } from "./HearingBanner";
import { LineBanner, SoundBanner } from "./LineBanner";
import { ShareButton, ShareItem } from "./OwnButtons";
import { ShareBanner } from "./ShareBanner";
import { StandingBanner } from "./StandingBanner";
import { WeakBanner } from "./WeakBanner";

/** The gravest first. */
function Banners() {
  return (
    <>
      <LineBanner />
      <EndBanner />
      <FullBanner />
      <WeakBanner />
      <SoundBanner />
      <StandingBanner />
      <HearingBanner />
      <ShareBanner />
    </>
  );
}

const deviceRows = new Chunk(async () => (await import("./DeviceRows")).DeviceRows);

function Devices() {
  return <Part of={deviceRows} props={{}} />;
}

export const feature: RoomFeature = {
  name: "call",
  Attendant,
  settings: { order: 0, Part: Devices },
  banner: { order: 0, Part: Banners },
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
