import { Button, ToggleButton, ToggleButtonGroup } from "react-aria-components";

import { useT } from "../../i18n/react";
import { Fault } from "../../ui/Fault";
import { useIsFullScreen } from "../../ui/full-screen";
import { Bot, ChevronDown, Maximize, MonitorUp, Users } from "../../ui/icons";
import { MenuTrigger } from "../../ui/Menu";
import { usePeople, useRoom, useSelected, useSession, useTogglePanel } from "../../ui/room/context";
import type { Form } from "../../ui/room/form";

import { EncryptionBadge } from "./EncryptionBadge";
import { Timer } from "./Timer";
import { useMeetingTitle } from "./title";
import styles from "./TopBar.module.css";
import { ShareMenu, ViewMenu } from "./ViewMenu";
import { useChangeViewing, useViewing } from "./viewing";

export function TopBar({ form }: { form: Form }) {
  const t = useT();
  const title = useMeetingTitle();
  return (
    <header className={styles.top} data-form={form} data-region="top" aria-label={t("call.top")}>
      <EncryptionBadge />
      {form === "desktop" && (
        <h1 className={styles.title}>
          <bdi>{title}</bdi>
        </h1>
      )}
      <Timer />
      <TopMarks />
      <Services />
      <Sharer />
      <span className={styles.space} />
      {form === "desktop" ? (
        <>
          <HiddenCamera />
          <ShareSize />
          <ViewMenu />
          <FullScreen />
        </>
      ) : (
        <PeopleCount />
      )}
    </header>
  );
}

function TopMarks() {
  const { features } = useRoom();
  return features.map(
    ({ name, TopMark }) =>
      TopMark && (
        <Fault key={name}>
          <TopMark />
        </Fault>
      ),
  );
}

/** Whatever can hear the meeting and is not a person is named here, always. */
function Services() {
  const t = useT();
  const services = usePeople().filter(({ role }) => role === "service");
  if (services.length === 0) return null;
  const [first] = services;
  return (
    <span className={styles.service}>
      <Bot size={16} aria-hidden="true" />
      {t("call.service.hears", { count: services.length, name: first?.name ?? "" })}
    </span>
  );
}

/** Who shares. Where several do, each is reached from here. */
function Sharer() {
  const t = useT();
  const sharers = usePeople().filter(({ screen, self }) => screen && !self);
  const { share } = useViewing();
  const sharer = sharers.find(({ id }) => id === share) ?? sharers[0];
  if (!sharer) return null;
  const words = (
    <>
      <MonitorUp size={16} aria-hidden="true" />
      <span>
        {sharers.length > 1 && sharer.id !== share
          ? t("call.share.several", { count: sharers.length })
          : t("call.share.of", { name: sharer.name })}
      </span>
    </>
  );
  if (sharers.length === 1) return <span className={styles.sharer}>{words}</span>;
  return (
    <MenuTrigger>
      <Button className={`${styles.button} ${styles.sharer}`}>
        {words}
        <ChevronDown size={16} aria-hidden="true" />
      </Button>
      <ShareMenu sharers={sharers} />
    </MenuTrigger>
  );
}

/** Whole, or pixel by pixel with scrolling: small print is read that way. */
function ShareSize() {
  const t = useT();
  const isShown = usePeople().some(({ screen, self }) => screen && !self);
  const { shareSize } = useViewing();
  const change = useChangeViewing();
  if (!isShown) return null;
  return (
    <ToggleButtonGroup
      className={styles.sizes ?? ""}
      aria-label={t("call.share.size")}
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[shareSize]}
      onSelectionChange={(keys) => change({ shareSize: keys.has("actual") ? "actual" : "fit" })}
    >
      {(["fit", "actual"] as const).map((size) => (
        <ToggleButton key={size} id={size} className={styles.size ?? ""}>
          {t(`call.share.${size}`)}
        </ToggleButton>
      ))}
      {document.fullscreenEnabled && (
        <Button className={styles.size ?? ""} onPress={showAlone}>
          {t("call.share.full")}
        </Button>
      )}
    </ToggleButtonGroup>
  );
}

function showAlone(): void {
  void document
    .querySelector("main figure")
    ?.requestFullscreen()
    .catch(() => undefined);
}

/** One's own picture is hidden from oneself alone: that others see it stays in sight. */
function HiddenCamera() {
  const t = useT();
  const { hideSelf } = useViewing();
  const isOn = useSelected(useSession().media.state, ({ own }) => own.camera);
  if (!hideSelf || !isOn) return null;
  return (
    <span className={styles.hidden}>
      <i />
      {t("call.view.camera_on")}
    </span>
  );
}

function FullScreen() {
  const t = useT();
  const isFull = useIsFullScreen();
  if (!document.fullscreenEnabled) return null;
  return (
    <Button
      className={styles.button ?? ""}
      onPress={() => void (isFull ? document.exitFullscreen() : document.documentElement.requestFullscreen())}
    >
      <Maximize size={16} aria-hidden="true" />
      <span>{t(isFull ? "call.full.leave" : "call.full")}</span>
    </Button>
  );
}

function PeopleCount() {
  const t = useT();
  const { length } = usePeople();
  const { toggle } = useTogglePanel("people");
  return (
    <Button
      className={styles.button ?? ""}
      aria-label={t("call.people.count", { count: length })}
      onPress={toggle}
    >
      <Users size={16} aria-hidden="true" />
      <span>{length}</span>
    </Button>
  );
}
