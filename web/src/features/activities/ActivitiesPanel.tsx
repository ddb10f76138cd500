import { useMemo, useState } from "react";
import { Button } from "react-aria-components";

import { ofSession } from "../../core/meeting/of-session";
import { Store } from "../../core/store";
import { useT } from "../../i18n/react";
import { IconButton } from "../../ui/Button";
import { Fault } from "../../ui/Fault";
import { ChevronLeft, ChevronRight } from "../../ui/icons";
import { Part } from "../../ui/Part";
import { useRoom, useSession, useStore } from "../../ui/room/context";
import { type ActivitySlot, ordered } from "../../ui/room/feature";

import styles from "./activities.module.css";
import { useNews } from "./news";

/** Which activity is open; it is still open when the panel is opened again. */
const openOf = ofSession(() => new Store<string | null>(null));

/**
 * Every activity of the meeting by name; one of them at a time, fetched when it is opened. The focus goes in with whoever
 * opens one and comes back out to it: the button that was pressed is gone.
 */
export function ActivitiesPanel() {
  const activities = ordered(useRoom().features, (feature) => feature.activities);
  const open = openOf(useSession());
  const opened = useStore(open);
  const [from, setFrom] = useState<string>();
  const shown = activities.find(({ id }) => id === opened);
  const back = (id: string): void => {
    setFrom(id);
    open.set(null);
  };
  if (shown) return <Open activity={shown} onBack={() => back(shown.id)} />;
  return (
    <ul className={styles.list}>
      {activities.map((activity) => (
        <li key={activity.id} ref={activity.id === from ? focusButton : undefined}>
          <Row activity={activity} onOpen={() => open.set(activity.id)} />
        </li>
      ))}
    </ul>
  );
}

function focusButton(element: HTMLElement | null): void {
  element?.querySelector("button")?.focus();
}

function Row({ activity, onOpen }: { activity: ActivitySlot; onOpen(): void }) {
  const t = useT();
  const { icon, title, hint } = activity;
  const isNew = useNews(useMemo(() => [activity], [activity]));
  return (
    <Button className={styles.row ?? ""} onPress={onOpen}>
      {icon}
      <span className={styles.words}>
        <strong>{t(title)}</strong>
        <small>{t(isNew ? "activities.new" : hint)}</small>
      </span>
      {isNew && <i className={styles.dot} />}
      <ChevronRight size={16} aria-hidden="true" />
    </Button>
  );
}

function Open({ activity, onBack }: { activity: ActivitySlot; onBack(): void }) {
  const t = useT();
  const { id, title, Activity } = activity;
  return (
    <section className={styles.open} aria-label={t(title)}>
      <div ref={focusButton} className={styles.head}>
        <IconButton aria-label={t("activities.back")} onPress={onBack}>
          <ChevronLeft size={20} strokeWidth={1.75} />
        </IconButton>
        <h2>{t(title)}</h2>
      </div>
      <Fault leaves="words" of={id}>
        <Part of={Activity} props={{}} />
      </Fault>
    </section>
  );
}
