import type { ReactNode } from "react";

import { activate } from "../i18n/i18n";
import type { Language } from "../i18n/languages";
import { useT } from "../i18n/react";
import { LanguageSwitch } from "../ui/LanguageSwitch";
import { Page } from "../ui/Page";

import { prefs } from "./ports";

function choose(language: Language): void {
  prefs.set({ language });
  void activate(language);
}

export interface FrameProps {
  title?: string;
  /** Prejoin has none: its last line is the button in reach of the thumb. */
  footer?: boolean;
  children: ReactNode;
}

/** Every page outside the room: the brand, the two languages, whose server this is. */
export function Frame({ title, footer = true, children }: FrameProps) {
  const t = useT();
  return (
    <Page
      title={title}
      header={<LanguageSwitch onChoose={choose} />}
      footer={
        footer && (
          <>
            <span>{t("ui.host", { host: location.host })}</span>
            <span>{t("ui.version", { version: __VERSION__ })}</span>
          </>
        )
      }
    >
      {children}
    </Page>
  );
}
