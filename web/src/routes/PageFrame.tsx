import type { ReactNode } from "react";

import { Link } from "wouter";

import { useT } from "../i18n/react";
import { CheckLink } from "../ui/CheckLink";
import { LanguageSwitch } from "../ui/LanguageSwitch";
import { Page } from "../ui/Page";
import { PrivacyLink } from "../ui/PrivacyLink";

import styles from "./PageFrame.module.css";
import { chooseLanguage } from "./ports";

export interface PageFrameProps {
  title?: string;
  /** Prejoin has none: its last line is the button in reach of the thumb. */
  footer?: boolean;
  /** Where one may want to sign in. */
  isHome?: boolean;
  /** Whose meeting it is, beside the brand. */
  mark?: ReactNode;
  children: ReactNode;
}

/** Every page outside the room: the brand, the two languages, whose server this is. */
export function PageFrame({ title, footer = true, isHome = false, mark, children }: PageFrameProps) {
  const t = useT();
  return (
    <Page
      title={title}
      nav={mark}
      header={
        <div className={styles.end}>
          <LanguageSwitch onChoose={chooseLanguage} />
          {isHome && (
            <Link className={styles.signIn} href="/signin">
              {t("ui.signIn")}
            </Link>
          )}
        </div>
      }
      footer={
        footer && (
          <>
            <span>{t("ui.host", { host: location.host })}</span>
            <span>{t("ui.version", { version: __VERSION__ })}</span>
            <CheckLink />
            <PrivacyLink />
          </>
        )
      }
    >
      {children}
    </Page>
  );
}
