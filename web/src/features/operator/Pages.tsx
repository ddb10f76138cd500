import { useCallback, useState } from "react";

import type { Answer } from "../../core/api/types";
import { useT } from "../../i18n/react";
import { Button } from "../../ui/Button";

import styles from "./operator.module.css";
import { troubleOf, useTold, type Trouble, Wrong } from "./Told";

interface Page {
  next: string | number | null;
}

/** A long list, a page at a time. What was fetched after a first page goes with it, when that is another. */
export function usePages<P extends Page>(asks: (after: P["next"]) => Promise<Answer<P>>) {
  const told = useTold(useCallback(() => asks(null), [asks]));
  const [later, setLater] = useState<{ of: P; pages: readonly P[] } | null>(null);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const first = told.value;
  const pages = first === null ? [] : [first, ...(later?.of === first ? later.pages : [])];
  const next = pages.at(-1)?.next ?? null;

  async function more() {
    if (first === null || next === null) return;
    const answer = await asks(next);
    setTrouble(troubleOf(answer));
    if (answer.kind === "ok") setLater({ of: first, pages: [...pages.slice(1), answer.value] });
  }

  return { told, pages, more: next === null ? null : more, trouble };
}

export function More({ of }: { of: { more: (() => Promise<void>) | null; trouble: Trouble | null } }) {
  const t = useT();
  const { more, trouble } = of;
  return (
    <>
      <Wrong trouble={trouble} />
      {more && (
        <div className={styles.more}>
          <Button look="plain" onPress={() => void more()}>
            {t("operator.more")}
          </Button>
        </div>
      )}
    </>
  );
}
