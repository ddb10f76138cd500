import { useLayoutEffect } from "react";

import { useT } from "../../i18n/react";
import { useLook, useRoom, useSelected, useStore } from "../../ui/room/context";
import { useForm, useMedia } from "../../ui/room/form";

import { BackDialog } from "./BackDialog";
import { Bar } from "./Bar";
import styles from "./Frame.module.css";
import { HearingBanner } from "./HearingBanner";
import { KeysDialog } from "./KeysDialog";
import { LineBanner, SoundBanner } from "./LineBanner";
import { MiniControls } from "./MiniControls";
import { PanelCard } from "./PanelCard";
import { ShareBanner } from "./ShareBanner";
import { Stage } from "./Stage";
import { StandingBanner } from "./StandingBanner";
import { TopBar } from "./TopBar";
import { WeakBanner } from "./WeakBanner";

/** The room: top bar, stage, one panel, bar. Nothing in it ever hides, and nothing lies over a face. */
export function Frame() {
  const t = useT();
  const { features, session } = useRoom();
  const { panel, dim } = useLook();
  const form = useForm();
  const isBroken = useSelected(session.media.state, ({ phase }) => phase === "reconnecting");
  const line = useStore(session.line);
  useDarkPage(dim);
  const isSheet = form === "portrait" && panel !== null;
  // A panel then lies over the stage, and must not lie over what is told below it.
  const isNarrow = useMedia("(max-width: 999px)") && form !== "portrait";
  return (
    <div
      className={styles.frame}
      data-form={form}
      data-sheet={isSheet || undefined}
      data-narrow={isNarrow || undefined}
      data-line={isBroken || line.kind === "offline" ? "broken" : undefined}
    >
      {!isSheet && <TopBar form={form} />}
      <main className={styles.main} data-region="stage" aria-label={t("call.stage")}>
        <Stage form={form} isMini={isSheet} />
        {isSheet && <MiniControls />}
        {!isSheet && !isNarrow && <Banners />}
      </main>
      {(isSheet || isNarrow) && <Banners />}
      {panel !== null && <PanelCard open={panel} />}
      {!isSheet && <Bar form={form} />}
      <KeysDialog />
      <BackDialog />
      {features.map(({ name, Attendant }) => Attendant && <Attendant key={name} />)}
    </div>
  );
}

function Banners() {
  const { features } = useRoom();
  return (
    <div className={styles.banners}>
      <LineBanner />
      <WeakBanner />
      <SoundBanner />
      <StandingBanner />
      <HearingBanner />
      <ShareBanner />
      {features.map(({ name, Banner }) => Banner && <Banner key={name} />)}
    </div>
  );
}

/** Menus, dialogs and toasts live beside the room, not in it: so the page is dark, not only the room. */
function useDarkPage(isDark: boolean): void {
  useLayoutEffect(() => {
    if (!isDark) return undefined;
    const { dataset } = document.documentElement;
    dataset["theme"] = "dark";
    return () => {
      delete dataset["theme"];
    };
  }, [isDark]);
}
