import { type ComponentType, type ReactNode, useEffect, useState } from "react";

import type { Refusal } from "../core/api/types";
import { useT } from "../i18n/react";

import styles from "./Answered.module.css";
import type { Asked } from "./asking";
import { Button } from "./Button";
import { ServerOff } from "./icons";
import { Status } from "./Status";

export interface RefusedProps {
  refusal: Refusal;
  onRetry(): void;
}

export interface AskedProps<T> {
  asked: Asked<T>;
  onRetry(): void;
  children: (value: T) => ReactNode;
}

export interface AnsweredProps<T> extends AskedProps<T> {
  /** Where it refuses. */
  refused: ComponentType<RefusedProps>;
}

/** Nothing for 400 ms, then a grey block; what went wrong has a way out. */
export function Answered<T>({ asked, onRetry, refused: Refused, children }: AnsweredProps<T>) {
  switch (asked.at) {
    case "here":
      return children(asked.value);
    case "asking":
      return <Waiting />;
    case "refused":
      return <Refused refusal={asked.refusal} onRetry={onRetry} />;
    case "gone":
      return <Gone onRetry={onRetry} />;
  }
}

/** In words that come with every page that asks (`features/refused`). */
function Gone({ onRetry }: { onRetry(): void }) {
  const t = useT();
  return (
    <Status
      icon={ServerOff}
      tone="warn"
      title={t("refused.gone.title")}
      actions={
        <Button look="primary" size={48} onPress={onRetry}>
          {t("refused.gone.again")}
        </Button>
      }
    >
      {t("refused.gone.text")}
    </Status>
  );
}

function Waiting() {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 400);
    return () => clearTimeout(timer);
  }, []);
  return late ? <div className={styles.block} aria-busy="true" /> : null;
}
