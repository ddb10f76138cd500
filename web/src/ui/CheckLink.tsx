import { useT } from "../i18n/react";

import { QuietLink } from "./QuietLink";

/** To `/test`: wherever something may not work. @param apart in a tab of its own: what was typed here stays */
export function CheckLink({ apart = false }: { apart?: boolean }) {
  const t = useT();
  return (
    <QuietLink to="/test" apart={apart}>
      {t("ui.check")}
    </QuietLink>
  );
}
