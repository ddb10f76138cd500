import { Button, Dialog, DialogTrigger, Heading } from "react-aria-components";

import { useT } from "../../i18n/react";
import { Lock, LockOpen } from "../../ui/icons";
import { Popover } from "../../ui/Popover";
import { useSelected, useSession } from "../../ui/room/context";

import popovers from "./Popovers.module.css";
import styles from "./TopBar.module.css";

/** Computed from the keys in use, never from a setting. Its word is always there. */
export function EncryptionBadge() {
  const t = useT();
  const isSealed = useSelected(useSession().media.state, ({ sealed }) => sealed);
  const kind = isSealed ? "sealed" : "standard";
  const icon = isSealed ? <Lock size={16} aria-hidden="true" /> : <LockOpen size={16} aria-hidden="true" />;
  return (
    <DialogTrigger>
      <Button className={`${styles.button} ${styles.badge}`} data-kind={kind}>
        {icon}
        <span>{t(`call.encryption.${kind}`)}</span>
      </Button>
      <Popover look="dialog" placement="bottom start">
        <Dialog className={popovers.panel ?? ""}>
          <Heading slot="title" level={2}>
            {icon}
            {t(`call.encryption.${kind}`)}
          </Heading>
          <p>{t(`call.encryption.${kind}.means`)}</p>
          {(["protected", "sees", "not_against"] as const).map((list) => (
            <div key={list}>
              <h3>{t(`call.encryption.${list}`)}</h3>
              <p>{t(`call.encryption.${kind}.${list}`)}</p>
            </div>
          ))}
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
