import { type RefObject, useEffect, useLayoutEffect, useRef } from "react";

import { useT } from "../../i18n/react";
import { Fault } from "../../ui/Fault";
import { announce } from "../../ui/live";
import { Part } from "../../ui/Part";
import { useLook, usePrefs, useRoom, useSelected, useStore, useTakenStage } from "../../ui/room/context";
import { useForm, useMedia } from "../../ui/room/form";
import { useSeenHeight } from "../../ui/room/seen";
import { Slots } from "../../ui/room/Slots";
import { toastRow } from "../../ui/Toast";

import { BackDialog } from "./BackDialog";
import { Bar } from "./Bar";
import { KeysDialog } from "./KeysDialog";
import { MiniControls } from "./MiniControls";
import { OverFull } from "./OverFull";
import { PanelCard } from "./PanelCard";
import styles from "./RoomLayout.module.css";
import { SettingsDialog } from "./SettingsDialog";
import { Stage } from "./Stage";
import { useMeetingTitle } from "./title";
import { TopBar } from "./TopBar";
import { VolumeDialog } from "./VolumeDialog";

const PRELOAD_AFTER_MS = 1500;

/** The room: top bar, stage, one panel, bar. Nothing in it ever hides, and nothing lies over a face. */
export function RoomLayout() {
  const t = useT();
  const { features, session } = useRoom();
  const { panel } = useLook();
  const { dimRoom } = usePrefs();
  const form = useForm();
  const isBroken = useSelected(session.media.state, ({ phase }) => phase === "reconnecting");
  const line = useStore(session.line);
  const isTaken = useTakenStage().content !== undefined;
  useDarkPage(dimRoom);
  useSeenHeight();
  usePreloadedPanels();
  const main = useEntrance();
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
      {!isSheet && (
        <Fault>
          <TopBar form={form} />
        </Fault>
      )}
      <main ref={main} className={styles.main} data-region="stage" aria-label={t("call.stage")} tabIndex={-1}>
        {!isSheet && <TakenStage />}
        <Fault leaves="words">
          <Stage form={form} isMini={isSheet || isTaken} />
        </Fault>
        {isSheet && <MiniControls />}
        {!isSheet && !isNarrow && <Banners />}
      </main>
      {form !== "desktop" && <div ref={toastRow} className={styles.notice} />}
      {(isSheet || isNarrow) && <Banners />}
      {panel !== null && (
        <Fault leaves="words" of={panel}>
          <PanelCard open={panel} />
        </Fault>
      )}
      {!isSheet && <Bar form={form} />}
      <KeysDialog />
      <OverFull />
      <BackDialog />
      <SettingsDialog />
      <VolumeDialog />
      {features.map(
        ({ name, Attendant }) =>
          Attendant && (
            <Fault key={name}>
              <Attendant />
            </Fault>
          ),
      )}
    </div>
  );
}

/** Another page has come without a load: the focus goes to its beginning, and its name is said. */
function useEntrance(): RefObject<HTMLElement | null> {
  const t = useT();
  const title = useMeetingTitle();
  const main = useRef<HTMLElement>(null);
  const words = useRef(t("call.said.in", { title }));
  useEffect(() => {
    main.current?.focus({ preventScroll: true });
    announce(words.current);
  }, []);
  return main;
}

/** What a feature shows to all at once, a whiteboard say, has the room that a shared screen would have. */
function TakenStage() {
  const { content } = useTakenStage();
  if (!content) return null;
  return (
    <div className={styles.content} data-content={content.id}>
      <Fault leaves="words" of={content.id}>
        <Part of={content.Content} props={{}} />
      </Fault>
    </div>
  );
}

function Banners() {
  return (
    <div className={styles.banners}>
      <Slots of={({ banner }) => banner} />
    </div>
  );
}

/** Panels are fetched when nothing else is to be done, so that the first press opens one at once. */
function usePreloadedPanels(): void {
  const { features } = useRoom();
  useEffect(() => {
    const timer = setTimeout(() => features.forEach(({ panel }) => panel?.Panel.preload()), PRELOAD_AFTER_MS);
    return () => clearTimeout(timer);
  }, [features]);
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
