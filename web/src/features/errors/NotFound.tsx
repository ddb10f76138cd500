import { useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { CircleAlert } from "../../ui/icons";
import { Status } from "../../ui/Status";

/** P1 */
export function NotFound({ onHome }: { onHome(): void }) {
  const t = useT();
  return (
    <Status
      icon={CircleAlert}
      title={t("errors.notFound.title")}
      actions={
        <Button look="primary" size={48} onPress={onHome}>
          {t("errors.home")}
        </Button>
      }
    />
  );
}
