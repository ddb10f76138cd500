import { I18nProvider, useLingui } from "@lingui/react";
import { useCallback, type ReactNode } from "react";
import { I18nProvider as AriaLocaleProvider } from "react-aria-components";

import { i18n } from "./i18n";

export { Trans } from "@lingui/react";

export type Translate = (id: string, values?: Record<string, unknown>) => string;

/** The sentence of an id in the language in use; the component renders again when the language changes. */
export function useT(): Translate {
  const { i18n: current } = useLingui();
  const { locale } = current;
  // The locale is a dependency although unused: a new language must give a new function.
  // oxlint-disable-next-line react/exhaustive-deps
  return useCallback((id, values) => current._(id, values), [current, locale]);
}

/** `en` or `zh-CN`: for collation and for choosing between languages. Formats follow the browser's region. */
export function useLocale(): string {
  return useLingui().i18n.locale;
}

export function LanguageProvider({ children }: { children: ReactNode }) {
  return (
    <I18nProvider i18n={i18n}>
      <AriaLocale>{children}</AriaLocale>
    </I18nProvider>
  );
}

function AriaLocale({ children }: { children: ReactNode }) {
  const locale = useLocale();
  return <AriaLocaleProvider locale={locale === "zh-CN" ? "zh-CN" : "en-US"}>{children}</AriaLocaleProvider>;
}
