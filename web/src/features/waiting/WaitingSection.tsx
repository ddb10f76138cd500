import { Button as AriaButton } from "react-aria-components";

import type { Waiter } from "../../core/meeting/hosted";
import { useT } from "../../i18n/react";
import { Avatar } from "../../ui/Avatar";
import { Button } from "../../ui/Button";
import { ChevronDown } from "../../ui/icons";
import { Menu, MenuItem, MenuTrigger } from "../../ui/Menu";
import { Popover } from "../../ui/Popover";
import { useMay, useMeeting } from "../../ui/room/context";
import { useDeed } from "../../ui/room/deed";

import { useWords } from "./marks";
import styles from "./waiting.module.css";

/** Who has waited longest is seen; a crowd is a number, and let in as one. */
const MOST_SHOWN = 50;

/** On top of the people, and stays there: who waits sees nothing move. */
export function WaitingSection() {
  const t = useT();
  const { waiting } = useMeeting();
  const deed = useDeed();
  if (!useMay("host") || waiting.length === 0) return null;
  const unshown = waiting.length - MOST_SHOWN;
  return (
    <section className={styles.section} aria-label={t("waiting.section")}>
      <h3>
        {t("waiting.section")} <span>{waiting.length}</span>
        <Button size={32} look="plain" onPress={() => void deed("admit_all", {})}>
          {t("waiting.admit_all")}
        </Button>
      </h3>
      <ul className={styles.rows}>
        {waiting.slice(0, MOST_SHOWN).map((waiter) => (
          <Row key={waiter.id} waiter={waiter} />
        ))}
      </ul>
      {unshown > 0 && <p className={styles.more}>{t("waiting.more", { count: unshown })}</p>}
    </section>
  );
}

function Row({ waiter }: { waiter: Waiter }) {
  const t = useT();
  const deed = useDeed();
  const words = useWords(waiter);
  const { id, name } = waiter;
  const deny = (block: boolean): void => void deed("deny", { participant: id, block }, name);
  const label = t("waiting.other", { name });
  return (
    <li className={styles.row}>
      <Avatar id={id} name={name} picture={waiter.picture} size={28} />
      <p className={styles.who}>
        <bdi>{name}</bdi>
        <small data-marked={waiter.marks.length > 0 || undefined}>{words}</small>
      </p>
      <div className={styles.pair}>
        <AriaButton
          className={styles.admit ?? ""}
          aria-label={t("waiting.admit.label", { name })}
          onPress={() => void deed("admit", { participant: id }, name)}
        >
          {t("waiting.admit")}
        </AriaButton>
        <MenuTrigger>
          <AriaButton className={styles.chevron ?? ""} aria-label={label}>
            <ChevronDown size={16} />
          </AriaButton>
          <Popover placement="bottom end">
            <Menu aria-label={label} onAction={(key) => deny(key === "block")}>
              <MenuItem id="deny" textValue={t("waiting.deny")}>
                {t("waiting.deny")}
              </MenuItem>
              <MenuItem id="block" tone="danger" textValue={t("waiting.deny_and_block")}>
                {t("waiting.deny_and_block")}
              </MenuItem>
            </Menu>
          </Popover>
        </MenuTrigger>
      </div>
    </li>
  );
}
