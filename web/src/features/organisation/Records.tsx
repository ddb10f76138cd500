import type { RecordShown } from "../../core/api/outward-client";
import { useT } from "../../i18n/react";
import { Button } from "../../ui/Button";

import { useDesk } from "./desk";
import styles from "./organisation.module.css";

/** What the DNS must have, to be copied into the form of whoever looks after it. */
export function Records({ records }: { records: readonly RecordShown[] }) {
  const t = useT();
  const { copy } = useDesk();
  return records.map(({ type, record, value }) => (
    <dl className={styles.record} key={`${type} ${record} ${value}`}>
      <div>
        <dt>{type}</dt>
        <dd>
          <span className={styles.code}>{record}</span>
          <Button look="plain" size={32} onPress={() => void copy(record)}>
            {t("organisation.copyName")}
          </Button>
        </dd>
      </div>
      <div>
        <dt>{t("organisation.domains.value")}</dt>
        <dd>
          <span className={styles.code}>{value}</span>
          <Button look="plain" size={32} onPress={() => void copy(value)}>
            {t("organisation.copyValue")}
          </Button>
        </dd>
      </div>
    </dl>
  ));
}
