import { useCallback } from "react";

import type { Answer } from "../../core/api/types";
import { useT } from "../../i18n/react";
import { usePaged } from "../../ui/asking";
import { Button } from "../../ui/Button";

import styles from "./operator.module.css";
import { useTold, type Trouble, Wrong } from "./Told";

interface Page {
  next: string | number | null;
}

/** A long list, a page at a time. */
export function usePages<P extends Page>(asks: (after: P["next"]) => Promise<Answer<P>>) {
  const told = useTold(useCallback(() => asks(null), [asks]));
  return { told, ...usePaged<P["next"], P>(told.value, asks) };
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
