import type { Scope } from "../../core/api/calendar-client";
import { useT } from "../../i18n/react";
import { Segments } from "../../ui/Segments";

/** Which of a series is meant: this one, this one and what follows, or all of it. */
export function ScopeChoice({ scope, onScope }: { scope: Scope; onScope(scope: Scope): void }) {
  const t = useT();
  const choices = (["this", "following", "all"] as const).map((id) => ({
    id,
    word: t(`meetings.scope.${id}`),
  }));
  return <Segments label={t("meetings.scope")} choices={choices} chosen={scope} onChoose={onScope} />;
}
