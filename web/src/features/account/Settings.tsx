import type { ComponentType } from "react";

import { useT } from "../../i18n/react";
import { Tabbed } from "../../ui/Tabbed";

import { useDesk } from "./desk";
import { DevicesTab, LookTab, NotificationsTab, ShortcutsTab } from "./DeviceTabs";
import { PrivacyTab } from "./PrivacyTab";
import { LanguageTab, ProfileTab } from "./ProfileTab";
import { ProgramsTab } from "./ProgramsTab";
import { SignInTab } from "./SignInTab";
import { StepUp } from "./StepUp";

export { DeskProvider } from "./desk";

/** A tab is a row here and a word. */
const tabs: readonly { id: string; Tab: ComponentType }[] = [
  { id: "profile", Tab: ProfileTab },
  { id: "devices", Tab: DevicesTab },
  { id: "look", Tab: LookTab },
  { id: "language", Tab: LanguageTab },
  { id: "shortcuts", Tab: ShortcutsTab },
  { id: "notifications", Tab: NotificationsTab },
  { id: "programs", Tab: ProgramsTab },
  { id: "privacy", Tab: PrivacyTab },
  { id: "signin", Tab: SignInTab },
];

export function Settings({ tab }: { tab: string }) {
  const t = useT();
  const { go } = useDesk();
  const { id, Tab } = tabs.find((each) => each.id === tab) ?? { id: "profile", Tab: ProfileTab };
  return (
    <Tabbed
      title={t("account.settings")}
      tabs={tabs.map((each) => ({ path: `/settings/${each.id}`, word: t(`account.tab.${each.id}`) }))}
      path={`/settings/${id}`}
      onGo={go}
    >
      <StepUp>
        <Tab />
      </StepUp>
    </Tabbed>
  );
}
