import type { ComponentType } from "react";

import { useT } from "../../i18n/react";
import { Tabbed } from "../../ui/Tabbed";

import { Access } from "./Access";
import { Announcements } from "./Announcements";
import { Checks } from "./Checks";
import { useDesk } from "./desk";
import { Notes } from "./Notes";
import { Organisations } from "./Organisations";
import { Overview } from "./Overview";
import { People } from "./People";
import { Storage } from "./Storage";

export { DeskProvider } from "./desk";

/** A tab is a row here and a word. */
const tabs: readonly { id: string; Tab: ComponentType }[] = [
  { id: "overview", Tab: Overview },
  { id: "people", Tab: People },
  { id: "organisations", Tab: Organisations },
  { id: "access", Tab: Access },
  { id: "announcements", Tab: Announcements },
  { id: "storage", Tab: Storage },
  { id: "checks", Tab: Checks },
  { id: "audit", Tab: Notes },
];

export function Operator({ tab }: { tab: string }) {
  const t = useT();
  const { go } = useDesk();
  const { id, Tab } = tabs.find((each) => each.id === tab) ?? { id: "overview", Tab: Overview };
  return (
    <Tabbed
      wide
      title={location.host}
      tabs={tabs.map((each) => ({ path: `/operator/${each.id}`, word: t(`operator.tab.${each.id}`) }))}
      path={`/operator/${id}`}
      onGo={go}
    >
      <Tab />
    </Tabbed>
  );
}
