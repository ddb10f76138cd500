import type { ReactNode } from "react";

import { useT } from "../../i18n/react";
import { Answered as Drawn } from "../../ui/Answered";
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
  const t = useT();
  const gone = {
    title: t("billing.gone.title"),
    text: t("billing.gone.text"),
    again: t("billing.gone.again"),
  };
  const refused = asked.at === "refused" && (
    <Status icon={CircleAlert} title={wordsOf(t, asked.refusal) ?? ""} />
  );
  return (
    <Drawn asked={asked} onRetry={onRetry} gone={gone} refused={refused}>
      {children}
    </Drawn>
  );
}
