import { useT } from "../../i18n/react";
import { Button } from "../../ui/Button";

import { Bring } from "./Bring";
import { useDesk } from "./desk";
import styles from "./growth.module.css";

const IMPORT = "folkmoot growth import events.jsonl.gz --book ours --currency EUR";

/** Where there are no figures yet: how there come to be some. */
export function Ways({
  underWay,
  onBegun,
  isBelow = false,
}: {
  underWay: readonly string[];
  onBegun(): void;
  isBelow?: boolean;
}) {
  const t = useT();
  const { api } = useDesk();
  const begin = async (does: () => Promise<unknown>) => {
    await does();
    onBegun();
  };
  const [own, demo] = [underWay.includes("own"), underWay.includes("demo")];
  return (
    <section className={styles.empty} aria-label={t("growth.none")}>
      {!isBelow && <p className={styles.lead}>{t("growth.none")}</p>}
      <ul className={styles.choices}>
        <li>
          <h2>{t("growth.own")}</h2>
          <p className={styles.hint}>{t("growth.own.why")}</p>
          <Button look={isBelow ? "quiet" : "primary"} isDisabled={own} onPress={() => void begin(api.own)}>
            {t(own ? "growth.underWay" : "growth.own.do")}
          </Button>
        </li>
        <li>
          <h2>{t("growth.import")}</h2>
          <p className={styles.hint}>{t("growth.import.why")}</p>
          <Bring onBrought={onBegun} />
          <code className={styles.code}>{IMPORT}</code>
        </li>
        {!isBelow && (
          <li>
            <h2>{t("growth.demo")}</h2>
            <p className={styles.hint}>{t("growth.demo.why")}</p>
            <Button isDisabled={demo} onPress={() => void begin(api.demo)}>
              {t(demo ? "growth.underWay" : "growth.demo.do")}
            </Button>
          </li>
        )}
      </ul>
    </section>
  );
}
