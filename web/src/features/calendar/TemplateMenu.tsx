import { useState } from "react";

import { useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { ChevronDown } from "../../ui/icons";
import { Menu, MenuItem, MenuSection, MenuTrigger } from "../../ui/Menu";
import { NameForm } from "../../ui/NameForm";
import { Popover } from "../../ui/Popover";

import type { PlanDialogProps } from "./PlanDialog";

type TemplateMenuProps = Pick<PlanDialogProps, "draft" | "templates" | "onTemplate" | "onKeepTemplate" | "onForgetTemplate">;

/** Settings that come again: taken, kept under a name, forgotten. */
export function TemplateMenu({ draft, templates, onTemplate, onKeepTemplate, onForgetTemplate }: TemplateMenuProps) {
  const t = useT();
  const [naming, setNaming] = useState(false);
  const find = (key: unknown) => templates.find(({ id }) => id === String(key).slice(2));
  return (
    <>
      <MenuTrigger>
        <Button look="plain">
          {t("calendar.templates")}
          <ChevronDown size={16} aria-hidden="true" />
        </Button>
        <Popover placement="top start">
          <Menu
            aria-label={t("calendar.templates")}
            onAction={(key) => {
              const found = find(key);
              if (key === "keep") setNaming(true);
              else if (found) (String(key).startsWith("t:") ? onTemplate : onForgetTemplate)(found);
            }}
          >
            <MenuItem id="keep" hint={t("calendar.templates.keep.hint")}>
              {t("calendar.templates.keep")}
            </MenuItem>
            {templates.length > 0 && (
              <MenuSection title={t("calendar.templates.take")}>
                {templates.map(({ id, name }) => (
                  <MenuItem key={id} id={`t:${id}`}>
                    {name}
                  </MenuItem>
                ))}
              </MenuSection>
            )}
            {templates.length > 0 && (
              <MenuSection title={t("calendar.templates.forget")}>
                {templates.map(({ id, name }) => (
                  <MenuItem key={id} id={`f:${id}`} tone="danger">
                    {name}
                  </MenuItem>
                ))}
              </MenuSection>
            )}
          </Menu>
        </Popover>
      </MenuTrigger>
      <Dialog title={t("calendar.templates.keep")} isOpen={naming} onOpenChange={setNaming}>
        <NameForm
          name={draft.title}
          words={{
            label: t("calendar.templates.name"),
            save: t("calendar.templates.save"),
            cancel: t("calendar.plan.cancel"),
            long: t("calendar.wrong.title"),
          }}
          onCancel={() => setNaming(false)}
          onName={(name) => {
            setNaming(false);
            onKeepTemplate(name);
          }}
        />
      </Dialog>
    </>
  );
}
