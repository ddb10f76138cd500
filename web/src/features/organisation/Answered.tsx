import { type ReactNode, useEffect, useState } from "react";

import { useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { CircleAlert, ServerOff } from "../../ui/icons";
import { Status } from "../../ui/Status";

import type { Asked } from "./asking";
import { useDesk } from "./desk";
import styles from "./organisation.module.css";

export interface AnsweredProps<T> {
  asked: Asked<T>;
  onRetry(): void;
  children: (value: T) => ReactNode;
}

/** Nothing for 400 ms, then a grey block; what went wrong has a way out. */
export function Answered<T>({ asked, onRetry, children }: AnsweredProps<T>) {
  const t = useT();
  switch (asked.at) {
    case "here":
      return children(asked.value);
    case "asking":
      return <Waiting />;
    case "refused":
      return <NotYours />;
    case "gone":
      return (
        <Status
          icon={ServerOff}
          tone="warn"
          title={t("organisation.gone.title")}
          actions={
            <Button look="primary" size={48} onPress={onRetry}>
              {t("organisation.again")}
            </Button>
          }
        >
          {t("organisation.gone.text")}
        </Status>
      );
  }
}

function Waiting() {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 400);
    return () => clearTimeout(timer);
  }, []);
  return late ? <div className={styles.block} aria-busy="true" /> : null;
}

/** P2 */
export function NotYours() {
  const t = useT();
  const { go } = useDesk();
  return (
    <Status
      icon={CircleAlert}
      title={t("organisation.notYours.title")}
      actions={
        <Button look="primary" size={48} onPress={() => go("/")}>
          {t("organisation.home")}
        </Button>
      }
    >
      {t("organisation.notYours.text")}
    </Status>
  );
}
