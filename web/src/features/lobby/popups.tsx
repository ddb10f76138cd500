/** Whatever of prejoin opens over it. Menus and dialogs are a fifth of its weight: they come once it stands. */
import { Button as AriaButton, Dialog as AriaDialog, DialogTrigger } from "react-aria-components";

import type { Choice } from "../../core/devices/state";
import { useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { CopyDetails } from "../../ui/CopyDetails";
import { Dialog, DialogButtons } from "../../ui/Dialog";
import { ChevronDown } from "../../ui/icons";
import { Menu, MenuItem, MenuTrigger } from "../../ui/Menu";
import { Popover } from "../../ui/Popover";

import about from "./About.module.css";
import row from "./DeviceRow.module.css";
import obstacle from "./Obstacle.module.css";

export interface ChooseProps {
  label: string;
  choices: readonly Choice[];
  chosen: string | null;
  onChoose(id: string): void;
}

/** Which of several devices it is. */
export function Choose({ label, choices, chosen, onChoose }: ChooseProps) {
  return (
    <MenuTrigger>
      <AriaButton className={row.chevron ?? ""} aria-label={label}>
        <ChevronDown size={18} strokeWidth={1.75} />
      </AriaButton>
      <Popover placement="bottom end">
        <Menu
          aria-label={label}
          selectionMode="single"
          disallowEmptySelection
          selectedKeys={chosen === null ? [] : [chosen]}
          onAction={(key) => onChoose(String(key))}
        >
          {choices.map((choice) => (
            <MenuItem key={choice.id} id={choice.id} textValue={choice.label}>
              {choice.label}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

/** D12: for the browser that can. */
export function CopyLink() {
  return <CopyDetails look="primary" label={useT()("lobby.copyLink")} details={() => location.href} />;
}

/** What "encrypted on the way" means. */
export function Explained() {
  const t = useT();
  return (
    <DialogTrigger>
      <AriaButton className={about.what ?? ""}>{t("lobby.standard.what")}</AriaButton>
      <Popover look="dialog" placement="bottom start">
        <AriaDialog className={about.explained ?? ""} aria-label={t("lobby.standard")}>
          <p>{t("lobby.standard.text")}</p>
        </AriaDialog>
      </Popover>
    </DialogTrigger>
  );
}

/** How a browser is told to give its devices after all. */
export function ShowMe() {
  const t = useT();
  return (
    <DialogTrigger>
      <Button look="plain">{t("lobby.showMe")}</Button>
      <Dialog title={t("lobby.showMe.title")}>
        {(close) => (
          <>
            <ol className={obstacle.steps}>
              <li>{t("lobby.showMe.step1")}</li>
              <li>{t("lobby.showMe.step2")}</li>
              <li>{t("lobby.showMe.step3")}</li>
            </ol>
            <DialogButtons>
              <Button look="primary" onPress={close}>
                {t("lobby.showMe.done")}
              </Button>
            </DialogButtons>
          </>
        )}
      </Dialog>
    </DialogTrigger>
  );
}
