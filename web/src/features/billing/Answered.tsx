import type { ReactNode } from "react";

import { useT } from "../../i18n/react";
import { Answered as Drawn, type RefusedProps } from "../../ui/Answered";
import type { Asked } from "../../ui/asking";
import { CircleAlert } from "../../ui/icons";
import { Status } from "../../ui/Status";

import { wordsOf } from "./trouble";

export interface AnsweredProps<T> {
  asked: Asked<T>;
  onRetry(): void;
  children: (value: T) => ReactNode;
}

export function Answered<T>({ asked, onRetry, children }: AnsweredProps<T>) {
  return (
    <Drawn asked={asked} onRetry={onRetry} refused={Refused}>
      {children}
    </Drawn>
  );
}

function Refused({ refusal }: RefusedProps) {
  const t = useT();
  return <Status icon={CircleAlert} title={wordsOf(t, refusal) ?? ""} />;
}
