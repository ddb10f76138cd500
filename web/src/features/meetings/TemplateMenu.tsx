import { useState } from "react";

import { useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { ChevronDown } from "../../ui/icons";
import { Menu, MenuItem, MenuSection, MenuTrigger } from "../../ui/Menu";
import { NameForm } from "../../ui/NameForm";
import { Popover } from "../../ui/Popover";

import type { PlanDialogProps } from "./PlanDialog";

type TemplateMenuProps = Pick<
  PlanDialogProps,
  "draft" | "templates" | "onTemplate" | "onKeepTemplate" | "onForgetTemplate"
>;

/** Settings that come again: taken, kept under a name, forgotten. */
export function TemplateMenu({
  draft,
  templates,
  onTemplate,
  onKeepTemplate,
  onForgetTemplate,
}: TemplateMenuProps) {
  const t = useT();
  const [naming, setNaming] = useState(false);
  const find = (key: unknown) => templates.find(({ id }) => id === String(key).slice(2));
  return (
    <>
      <MenuTrigger>
        <Button look="plain">
          {t("meetings.templates")}
          <ChevronDown size={16} aria-hidden="true" />
        </Button>
        <Popover placement="top start">
          <Menu
            aria-label={t("meetings.templates")}
            onAction={(key) => {
              const found = find(key);
              if (key === "keep") setNaming(true);
              else if (found) (String(key).startsWith("t:") ? onTemplate : onForgetTemplate)(found);
            }}
          >
            <MenuItem id="keep" hint={t("meetings.templates.keep.hint")}>
              {t("meetings.templates.keep")}
            </MenuItem>
            {templates.length > 0 && (
              <MenuSection title={t("meetings.templates.take")}>
                {templates.map(({ id, name }) => (
                  <MenuItem key={id} id={`t:${id}`}>
                    {name}
                  </MenuItem>
                ))}
              </MenuSection>
            )}
            {templates.length > 0 && (
              <MenuSection title={t("meetings.templates.forget")}>
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
      <Dialog title={t("meetings.templates.keep")} isOpen={naming} onOpenChange={setNaming}>
        <NameForm
          name={draft.title}
          words={{
            label: t("meetings.templates.name"),
            save: t("meetings.templates.save"),
            cancel: t("meetings.plan.cancel"),
            long: t("meetings.wrong.title"),
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
