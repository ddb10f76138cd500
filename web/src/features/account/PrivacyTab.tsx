import { useState } from "react";

import { useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { Dialog, DialogButtons } from "../../ui/Dialog";

import { useDeed } from "./deed";
import { useDesk } from "./desk";
import { Outcome, Part } from "./Part";
import styles from "./settings.module.css";
import { useGuard } from "./StepUp";

export function PrivacyTab() {
  const t = useT();
  return (
    <>
      <Part title={t("account.export.title")} hint={t("account.export.hint")}>
        <a className={styles.link} href="/api/account/export" download="folkmoot-account.json">
          {t("account.export.do")}
        </a>
      </Part>
      <Deletion />
    </>
  );
}

function Deletion() {
  const t = useT();
  const { api, is, go } = useDesk();
  const guard = useGuard();
  const deed = useDeed();
  const [asking, setAsking] = useState(false);

  async function remove() {
    setAsking(false);
    if (!(await deed.run(() => guard(api.remove)))) return;
    go("/");
    is(null);
  }

  return (
    <Part title={t("account.delete.title")} hint={t("account.delete.hint")}>
      <Outcome deed={deed} saved={false} />
      <div>
        <Button isPending={deed.busy} onPress={() => setAsking(true)}>
          {t("account.delete.ask")}
        </Button>
      </div>
      <Dialog role="alertdialog" title={t("account.delete.sure")} isOpen={asking} onOpenChange={setAsking}>
        <p className={styles.hint}>{t("account.delete.hint")}</p>
        <DialogButtons>
          <Button onPress={() => setAsking(false)}>{t("account.cancel")}</Button>
          <Button look="danger" onPress={() => void remove()}>
            {t("account.delete.do")}
          </Button>
        </DialogButtons>
      </Dialog>
    </Part>
  );
}
