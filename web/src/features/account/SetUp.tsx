import type { AccountShown, Way } from "../../core/api/accounts-client";
import { useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { CircleAlert } from "../../ui/icons";
import { Status } from "../../ui/Status";

import { useDesk } from "./desk";
import { Entrance } from "./Entrance";
import { Identity } from "./Identity";

export interface SetUpProps {
  way: Way;
  token: string;
  onIn(account: AccountShown): void;
}

/** The first run: whoever has read the link that the server printed becomes its operator, once. */
export function SetUp({ way, token, onIn }: SetUpProps) {
  const t = useT();
  const { api, go } = useDesk();
  if (!way.set_up || !token)
    return (
      <Status
        icon={CircleAlert}
        title={t(way.set_up ? "account.setUp.noToken" : "refused.setup.over")}
        actions={
          <Button look="primary" size={48} onPress={() => go("/signin")}>
            {t("account.signIn.do")}
          </Button>
        }
      />
    );
  return (
    <Entrance
      title={t("account.setUp.title")}
      about={t("account.setUp.text", { host: location.host })}
      isText
    >
      <Identity
        verb={t("account.setUp.do")}
        ask={(wanted) => api.setUp({ ...wanted, token })}
        onDone={onIn}
      />
    </Entrance>
  );
}
