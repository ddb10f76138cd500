import { Button as AriaButton } from "react-aria-components";

import { languageNames, languages, type Language } from "../i18n/languages";
import { useLocale, useT } from "../i18n/react";

import styles from "./LanguageSwitch.module.css";

export interface LanguageSwitchProps {
  onChoose(language: Language): void;
}

/** 中文 | English: each in its own words, so that it is found by whoever needs it. */
export function LanguageSwitch({ onChoose }: LanguageSwitchProps) {
  const t = useT();
  const current = useLocale();
  return (
    <div role="group" aria-label={t("ui.language")} className={styles.switch}>
      {languages.map((language) => (
        <AriaButton
          key={language}
          className={styles.language ?? ""}
          aria-current={language === current ? "true" : undefined}
          onPress={() => onChoose(language)}
        >
          <span lang={language}>{languageNames[language]}</span>
        </AriaButton>
      ))}
    </div>
  );
}
