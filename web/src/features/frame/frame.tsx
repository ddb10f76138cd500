import type { ReactNode } from "react";
import { Button as AriaButton } from "react-aria-components";

import type { AccountShown } from "../../core/api/accounts";
import { useT } from "../../i18n/react";
import { Avatar } from "../../ui/Avatar";
import { CheckLink } from "../../ui/CheckLink";
import { Menu, MenuItem, MenuSection, MenuTrigger } from "../../ui/Menu";
import { Page } from "../../ui/Page";
import { Popover } from "../../ui/Popover";
import { PrivacyLink } from "../../ui/PrivacyLink";

import styles from "./frame.module.css";

/** A page that has a word in the header of who is signed in. */
export interface Place {
  path: string;
  /** Of this folder's catalog: `frame.nav.<word>`. */
  word: "meetings" | "organisation" | "server";
}

export interface FrameProps {
  account: AccountShown;
  places: readonly Place[];
  /** Where one is. */
  path: string;
  onGo(path: string): void;
  onSignOut(): void;
  children: ReactNode;
}

/** Every page of who is signed in: the brand, where one can go, and whose account it is. */
export function Frame({ account, places, path, onGo, onSignOut, children }: FrameProps) {
  const t = useT();
  return (
    <Page
      nav={<Nav places={places} path={path} onGo={onGo} />}
      header={<AccountMenu account={account} onGo={onGo} onSignOut={onSignOut} />}
      footer={
        <>
          <span>{t("ui.host", { host: location.host })}</span>
          <span>{t("ui.version", { version: __VERSION__ })}</span>
          <CheckLink />
          <PrivacyLink />
        </>
      }
    >
      {children}
    </Page>
  );
}

function Nav({ places, path, onGo }: Pick<FrameProps, "places" | "path" | "onGo">) {
  const t = useT();
  return (
    <nav className={styles.nav} aria-label={t("frame.nav")}>
      {places.map((place) => (
        <a
          key={place.path}
          href={place.path}
          aria-current={isAt(place.path, path) ? "page" : undefined}
          onClick={(event) => {
            if (event.metaKey || event.ctrlKey || event.shiftKey) return;
            event.preventDefault();
            onGo(place.path);
          }}
        >
          {t(`frame.nav.${place.word}`)}
        </a>
      ))}
    </nav>
  );
}

/** By its first word: `/org/people` is in `/org/rules`. */
function isAt(place: string, path: string): boolean {
  return place.split("/")[1] === path.split("/")[1];
}

function AccountMenu({ account, onGo, onSignOut }: Pick<FrameProps, "account" | "onGo" | "onSignOut">) {
  const t = useT();
  const { name } = account;
  return (
    <MenuTrigger>
      <AriaButton className={styles.account ?? ""} aria-label={t("frame.account", { name })}>
        <Avatar id={account.id} name={name} picture={account.picture} size={40} />
      </AriaButton>
      <Popover placement="bottom end">
        <Menu
          aria-label={t("frame.account", { name })}
          onAction={(key) => (key === "out" ? onSignOut() : onGo(String(key)))}
        >
          <MenuSection title={account.addresses[0]?.address ?? name}>
            <MenuItem id="/settings/profile">{t("frame.settings")}</MenuItem>
            <MenuItem id="out">{t("frame.signOut")}</MenuItem>
          </MenuSection>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
