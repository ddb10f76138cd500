import { useT } from "../../i18n/react";
import { type AskedProps, Answered as Drawn } from "../../ui/Answered";
import { Button } from "../../ui/Button";
import { CircleAlert } from "../../ui/icons";
import { Status } from "../../ui/Status";

import { useDesk } from "./desk";

export function Answered<T>({ asked, onRetry, children }: AskedProps<T>) {
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
