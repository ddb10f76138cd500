import { Button as AriaButton, Dialog, DialogTrigger } from "react-aria-components";

import { useT } from "../../i18n/react";
import { LockOpen, ShieldCheck } from "../../ui/icons";
import { Popover } from "../../ui/Popover";

import styles from "./About.module.css";

/** What this meeting is and how it is protected, in words and before anybody can be heard. */
export function About({ title, isHost }: { title: string; isHost: boolean }) {
  const t = useT();
  return (
    <>
      <h2 className={styles.title} dir="auto">
        {title}
      </h2>
      <ul className={styles.facts}>
        {isHost && (
          <li>
            <ShieldCheck size={18} strokeWidth={1.75} aria-hidden="true" />
            {t("lobby.host")}
          </li>
        )}
        <li>
          <LockOpen size={18} strokeWidth={1.75} aria-hidden="true" />
          {t("lobby.standard")}
          <DialogTrigger>
            <AriaButton className={styles.what ?? ""}>{t("lobby.standard.what")}</AriaButton>
            <Popover look="dialog" placement="bottom start">
              <Dialog className={styles.explained ?? ""} aria-label={t("lobby.standard")}>
                <p>{t("lobby.standard.text")}</p>
              </Dialog>
            </Popover>
          </DialogTrigger>
        </li>
      </ul>
    </>
  );
}
