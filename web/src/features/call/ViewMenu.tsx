import { Button } from "react-aria-components";

import type { View } from "../../core/layout/arrange";
import { type PageChoice, pageChoices } from "../../core/layout/page";
import type { Present } from "../../core/meeting/present";
import { useT } from "../../i18n/react";
import { ChevronDown, LayoutGrid } from "../../ui/icons";
import { Menu, MenuItem, MenuSection, MenuTrigger } from "../../ui/Menu";
import { Popover } from "../../ui/Popover";

import styles from "./TopBar.module.css";
import { useChangeViewing, useViewing } from "./viewing";

const views: readonly View[] = ["auto", "gallery", "speaker"];

export function ViewMenu() {
  const t = useT();
  const { view, hideSelf, hideFaceless, pageSize } = useViewing();
  const change = useChangeViewing();
  return (
    <MenuTrigger>
      <Button
        className={styles.button ?? ""}
        aria-label={t(view === "auto" ? "call.view.label" : "call.view.now", {
          view: t(`call.view.${view}`),
        })}
      >
        <LayoutGrid size={16} aria-hidden="true" />
        <span>{t(view === "auto" ? "call.view" : `call.view.${view}`)}</span>
        <ChevronDown size={16} aria-hidden="true" />
      </Button>
      <Popover placement="bottom end">
        <Menu aria-label={t("call.view.label")}>
          <ViewSection />
          <MenuSection
            title={t("call.view.page_size")}
            selectionMode="single"
            disallowEmptySelection
            selectedKeys={[`size-${pageSize}`]}
            onSelectionChange={(keys) => {
              const [key] = keys === "all" ? [] : keys;
              const size = Number(String(key).slice(5));
              const chosen = pageChoices.find((choice): choice is PageChoice => choice === size);
              if (chosen) change({ pageSize: chosen, page: 0 });
            }}
          >
            {pageChoices.map((choice) => (
              <MenuItem key={choice} id={`size-${choice}`} textValue={String(choice)}>
                {choice}
              </MenuItem>
            ))}
          </MenuSection>
          <MenuItem
            id="self"
            textValue={t(hideSelf ? "call.view.show_self" : "call.view.hide_self")}
            onAction={() => change({ hideSelf: !hideSelf })}
          >
            {t(hideSelf ? "call.view.show_self" : "call.view.hide_self")}
          </MenuItem>
          <MenuItem
            id="faceless"
            textValue={t(hideFaceless ? "call.view.show_faceless" : "call.view.hide_faceless")}
            onAction={() => change({ hideFaceless: !hideFaceless, page: 0 })}
          >
            {t(hideFaceless ? "call.view.show_faceless" : "call.view.hide_faceless")}
          </MenuItem>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

/** Several share at once: each can be seen, the two that began last beside each other or one alone. */
export function ShareMenu({ sharers }: { sharers: readonly Present[] }) {
  const t = useT();
  const { share } = useViewing();
  const change = useChangeViewing();
  const chosen = sharers.find(({ id }) => id === share)?.id;
  return (
    <Popover placement="bottom start">
      <Menu
        aria-label={t("call.view.shares")}
        selectionMode="single"
        disallowEmptySelection
        selectedKeys={[chosen ? `share-${chosen}` : "share-newest"]}
        onSelectionChange={(keys) =>
          change({ share: sharers.find(({ id }) => keys !== "all" && keys.has(`share-${id}`))?.id ?? null })
        }
      >
        <MenuItem id="share-newest" textValue={t("call.view.shares.newest")}>
          {t("call.view.shares.newest")}
        </MenuItem>
        {sharers.map(({ id, name }) => (
          <MenuItem key={id} id={`share-${id}`} textValue={name}>
            <bdi>{name}</bdi>
          </MenuItem>
        ))}
      </Menu>
    </Popover>
  );
}

export function ViewSection() {
  const t = useT();
  const { view } = useViewing();
  const change = useChangeViewing();
  return (
    <MenuSection
      title={t("call.view")}
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[view]}
      onSelectionChange={(keys) => {
        const [key] = keys === "all" ? [] : keys;
        const chosen = views.find((each) => each === key);
        if (chosen) change({ view: chosen, page: 0 });
      }}
    >
      {views.map((each) => (
        <MenuItem key={each} id={each} textValue={t(`call.view.${each}`)}>
          {t(`call.view.${each}`)}
        </MenuItem>
      ))}
    </MenuSection>
  );
}
