import { type ReactNode, useEffect, useState } from "react";

import styles from "./Answered.module.css";
import type { Asked } from "./asking";
import { Button } from "./Button";
import { ServerOff } from "./icons";
import { Status } from "./Status";

export interface AnsweredProps<T> {
  asked: Asked<T>;
  onRetry(): void;
  /** Where the server doesn't answer. */
  gone: { title: string; text: string; again: string };
  /** Where it refuses. */
  refused: ReactNode;
  children: (value: T) => ReactNode;
}

/** Nothing for 400 ms, then a grey block; what went wrong has a way out. */
export function Answered<T>({ asked, onRetry, gone, refused, children }: AnsweredProps<T>) {
  switch (asked.at) {
    case "here":
      return children(asked.value);
    case "asking":
      return <Waiting />;
    case "refused":
      return refused;
    case "gone":
      return (
        <Status
          icon={ServerOff}
          tone="warn"
          title={gone.title}
          actions={
            <Button look="primary" size={48} onPress={onRetry}>
              {gone.again}
            </Button>
          }
        >
          {gone.text}
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
