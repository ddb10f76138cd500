import type { ReactNode } from "react";

import { useT } from "../../i18n/react";
import { Answered as Drawn } from "../../ui/Answered";
import type { Asked } from "../../ui/asking";
import { Button } from "../../ui/Button";
import { CircleAlert } from "../../ui/icons";
import { Status } from "../../ui/Status";

import { useDesk } from "./desk";

export interface AnsweredProps<T> {
  asked: Asked<T>;
  onRetry(): void;
  children: (value: T) => ReactNode;
}

export function Answered<T>({ asked, onRetry, children }: AnsweredProps<T>) {
  return (
    <Drawn asked={asked} onRetry={onRetry} refused={NotYours}>
      {children}
    </Drawn>
  );
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
