import type { ReactNode } from "react";

import { useT } from "../i18n/react";
import { LanguageSwitch } from "../ui/LanguageSwitch";
import { Page } from "../ui/Page";

import { chooseLanguage } from "./ports";

export interface PageFrameProps {
  title?: string;
  /** Prejoin has none: its last line is the button in reach of the thumb. */
  footer?: boolean;
  children: ReactNode;
}

/** Every page outside the room: the brand, the two languages, whose server this is. */
export function PageFrame({ title, footer = true, children }: PageFrameProps) {
  const t = useT();
  return (
    <Page
      title={title}
      header={<LanguageSwitch onChoose={chooseLanguage} />}
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
