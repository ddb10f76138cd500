import { useEffect, useMemo, useRef } from "react";
import { Button, Dialog, DialogTrigger } from "react-aria-components";

import { alike } from "../../core/meeting/alike";
import { UNSENT_AFTER_MS } from "../../core/meeting/channel";
import { emoji } from "../../core/meeting/emoji";
import type { Present } from "../../core/meeting/present";
import type { Session } from "../../core/meeting/session";
import { useT } from "../../i18n/react";
import { Dialog as Sheet } from "../../ui/Dialog";
import { Hand, SmilePlus } from "../../ui/icons";
import { announce } from "../../ui/live";
import { MenuItem } from "../../ui/Menu";
import { Popover } from "../../ui/Popover";
import { BarButton } from "../../ui/room/BarButton";
import { useMay, useLog, useMe, usePeople, useSelected, useSession, useSheet } from "../../ui/room/context";
import type { PersonAction, RoomFeature } from "../../ui/room/feature";
import { HostRow } from "../../ui/room/HostRow";
import { useKey, useSpelled } from "../../ui/room/keys";
import { showToast } from "../../ui/Toast";

import { handKey } from "./keys";
import { passing } from "./passing";
import styles from "./reactions.module.css";
import { reactionsLog } from "./state";

/** Nobody wants an applause that comes when all is over. */
const LATE_AFTER_MS = 2000;

function usePlace(person: string): number {
  return useLog(reactionsLog).hands.indexOf(person) + 1;
}

function useHand(): { isUp: boolean; toggle: () => void } {
  const session = useSession();
  const isUp = usePlace(useMe()) > 0;
  const toggle = (): void =>
    void session.do("reactions", isUp ? "lower" : "raise", {}, { deadlineMs: UNSENT_AFTER_MS });
  return { isUp, toggle };
}

function HandButton() {
  const t = useT();
  const { isUp, toggle } = useHand();
  return (
    <BarButton
      icon={<Hand />}
      word={t(isUp ? "reactions.hand.lower" : "reactions.hand.raise")}
      shortWord={t("reactions.hand.short")}
      label={t(isUp ? "reactions.hand.lower.label" : "reactions.hand.raise.label")}
      shortcut={useSpelled(handKey)}
      look={isUp ? "open" : "bare"}
      onPress={toggle}
    />
  );
}

function ReactButton() {
  const t = useT();
  const mayReact = useMay("react");
  if (!mayReact)
    return (
      <BarButton
        icon={<SmilePlus />}
        word={t("reactions.react")}
        label={t("reactions.react.barred")}
        isBarred
        onPress={() => void showToast({ text: t("reactions.not_allowed") })}
      />
    );
  return (
    <DialogTrigger>
      <BarButton icon={<SmilePlus />} word={t("reactions.react")} label={t("reactions.react.label")} />
      <Popover placement="top">
        <Dialog aria-label={t("reactions.react.label")}>{({ close }) => <Palette onDone={close} />}</Dialog>
      </Popover>
    </DialogTrigger>
  );
}

function Palette({ onDone }: { onDone(): void }) {
  const t = useT();
  const session = useSession();
  return (
    <div className={styles.palette}>
      {emoji.map((each) => (
        <Button
          key={each}
          className={styles.emoji ?? ""}
          aria-label={t(`reactions.emoji.${emoji.indexOf(each)}`)}
          onPress={() => {
            void session.do("reactions", "react", { emoji: each }, { deadlineMs: LATE_AFTER_MS });
            onDone();
          }}
        >
          {each}
        </Button>
      ))}
    </div>
  );
}

function ReactItem() {
  const t = useT();
  const { setOpen } = useSheet("reactions");
  const mayReact = useMay("react");
  return (
    <MenuItem
      id="react"
      icon={<SmilePlus size={20} strokeWidth={1.75} />}
      textValue={t("reactions.react.label")}
      onAction={() => (mayReact ? setOpen(true) : showToast({ text: t("reactions.not_allowed") }))}
    >
      {t("reactions.react")}
    </MenuItem>
  );
}

function ReactSheet() {
  const t = useT();
  const { isOpen, setOpen } = useSheet("reactions");
  return (
    <Sheet title={t("reactions.react")} isOpen={isOpen} onOpenChange={setOpen}>
      <Palette onDone={() => setOpen(false)} />
    </Sheet>
  );
}

function HandMark({ person }: { person: Present }) {
  const t = useT();
  const place = usePlace(person.id);
  if (place === 0) return null;
  return (
    <span className={styles.hand} role="img" aria-label={t("reactions.hand.place", { place })}>
      <Hand size={14} strokeWidth={2} />
      <i data-drawn={place} />
    </span>
  );
}

function HandRowMark({ person }: { person: Present }) {
  const t = useT();
  const place = usePlace(person.id);
  if (place === 0) return null;
  return (
    <span className={styles.place} role="img" aria-label={t("reactions.hand.place", { place })}>
      <Hand size={16} strokeWidth={1.75} />
      <i data-drawn={place} />
    </span>
  );
}

function HandsSection({ Rows }: { Rows: React.ComponentType<{ people: readonly Present[] }> }) {
  const t = useT();
  const { hands } = useLog(reactionsLog);
  const people = usePeople();
  const raised = useMemo(() => {
    const present = new Map(people.map((person) => [person.id, person]));
    return hands.flatMap((id) => present.get(id) ?? []);
  }, [hands, people]);
  if (raised.length === 0) return null;
  return (
    <section aria-label={t("reactions.hands")}>
      <h3>
        {t("reactions.hands")} <span>{raised.length}</span>
      </h3>
      <Rows people={raised} />
    </section>
  );
}

function Reaction({ person }: { person: Present }) {
  const shown = useSelected(passing(useSession()), (all) => all[person.id]);
  if (!shown) return null;
  return (
    <span key={shown.count} className={styles.reaction} aria-hidden="true">
      {shown.emoji}
    </span>
  );
}

function LowerAll() {
  const t = useT();
  const session = useSession();
  const { hands } = useLog(reactionsLog);
  return (
    <HostRow
      icon={<Hand size={20} strokeWidth={1.75} />}
      isDisabled={hands.length === 0}
      onPress={() => void session.do("reactions", "lower_all", {}, { deadlineMs: UNSENT_AFTER_MS })}
    >
      {t("reactions.lower_all")}
    </HostRow>
  );
}

function usePersonActions(person: Present): readonly PersonAction[] {
  const t = useT();
  const session = useSession();
  const isHost = useMay("host");
  const place = usePlace(person.id);
  if (!isHost || place === 0) return [];
  return [
    {
      id: "lower-hand",
      label: t("reactions.hand.lower"),
      icon: <Hand size={20} strokeWidth={1.75} />,
      run: () =>
        void session.do("reactions", "lower", { participant: person.id }, { deadlineMs: UNSENT_AFTER_MS }),
    },
  ];
}

function Attendant() {
  const t = useT();
  const session = useSession();
  const { isUp, toggle } = useHand();
  useKey(handKey, () => {
    toggle();
    announce(t(isUp ? "reactions.said.lowered" : "reactions.said.raised"), "assertive");
  });
  const latest = useRef(t);
  useEffect(() => {
    latest.current = t;
  });
  useEffect(() => {
    return session.log.onEvent(({ feature, type, by, payload }) => {
      if (feature !== "reactions") return;
      const person = session.people.get().find(({ id }) => id === by);
      if (!person || person.self) return;
      const { name } = person;
      const say = latest.current;
      const isLikeHost = alike(session.people.get()).likeHost.has(person.id);
      if (type === "hand_raised")
        announce(say("reactions.said.other", { name, alike: isLikeHost ? "yes" : "no" }));
      const which = emoji.findIndex((each) => each === payload["emoji"]);
      if (type === "reacted" && which >= 0)
        announce(say("reactions.said.reacted", { name, emoji: say(`reactions.emoji.${which}`) }));
    });
  }, [session]);
  return <ReactSheet />;
}

/** Reactions pass; they are seen from the first one on. */
function attend(session: Session): () => void {
  passing(session);
  return () => undefined;
}

export const feature: RoomFeature = {
  name: "reactions",
  attend,
  log: reactionsLog as unknown as NonNullable<RoomFeature["log"]>,
  bar: [
    { id: "hand", group: "say", order: 20, Button: HandButton, phone: "bar" },
    {
      id: "react",
      group: "say",
      order: 30,
      Button: ReactButton,
      More: ReactItem,
      phone: "more",
      dropsBelow: 840,
    },
  ],
  TileMark: HandMark,
  TileOverlay: Reaction,
  RowMark: HandRowMark,
  peopleSection: { order: 10, Part: HandsSection },
  hostTool: { order: 20, Part: LowerAll },
  usePersonActions,
  Attendant,
};
