import { useT } from "../i18n/react";

import { QuietLink } from "./QuietLink";

/** To `/privacy`: what is kept, and for how long. @param apart in a tab of its own: what goes on here goes on */
export function PrivacyLink({ apart = false }: { apart?: boolean }) {
  const t = useT();
  return (
    <QuietLink to="/privacy" apart={apart}>
      {t("ui.privacy")}
    </QuietLink>
  );
}
