import { type ComponentType, Suspense } from "react";

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

export interface OneTab {
  id: string;
  Tab: ComponentType<TabProps>;
  /** It draws its headline itself. */
  headed?: boolean;
}

/** What of the tab is looked at, and what of that. */
export interface TabProps {
  item?: string | undefined;
  part?: string | undefined;
}

/** A tab is a row here and a word. */
const own: readonly OneTab[] = [
  { id: "overview", Tab: Overview },
  { id: "people", Tab: People },
  { id: "organisations", Tab: Organisations },
  { id: "access", Tab: Access },
  { id: "announcements", Tab: Announcements },
  { id: "storage", Tab: Storage },
  { id: "checks", Tab: Checks },
  { id: "audit", Tab: Notes },
];

/** @param also tabs that are fetched when somebody looks at them */
export function Operator({ tab, also, ...at }: { tab: string; also: readonly OneTab[] } & TabProps) {
  const t = useT();
  const { go } = useDesk();
  const tabs = [...own, ...also];
  const {
    id,
    Tab,
    headed = false,
  } = tabs.find((each) => each.id === tab) ?? { id: "overview", Tab: Overview, headed: false };
  return (
    <Tabbed
      wide
      headed={headed}
      title={location.host}
      tabs={tabs.map((each) => ({ path: `/operator/${each.id}`, word: t(`operator.tab.${each.id}`) }))}
      path={`/operator/${id}`}
      onGo={go}
    >
      <Suspense>
        <Tab {...at} />
      </Suspense>
    </Tabbed>
  );
}
