import { useEffect, useState } from "react";

import type { PrefsStore } from "../../core/prefs/prefs";
import { type Binding, isTaken, withKey, written } from "../../core/shortcuts";
import { useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { captureKeys, NONE, type RoomKey, spelled } from "../../ui/room/keys";
import { useStore } from "../../ui/use-store";

import styles from "./Popovers.module.css";

export interface KeyListProps {
  /** As they are for this person: in the room those that are there at this moment, outside of it all. */
  keys: readonly RoomKey[];
  prefs: PrefsStore;
}

/** Each key with another if one wants; the same in the room and in the settings. */
export function KeyList({ keys, prefs }: KeyListProps) {
  const t = useT();
  const { shortcuts } = useStore(prefs);
  const { waiting, said, ask, reset } = useCapture(keys, prefs);
  return (
    <>
      <dl className={styles.keys} data-off={!shortcuts || undefined}>
        {keys.map((key) => (
          <Row key={key.id} of={key} isWaiting={waiting === key.id} onChange={() => ask(key.id)} />
        ))}
        <div style={{ display: "contents" }}>
          <dt>{t("call.keys.talk")}</dt>
          <dd>
            <kbd>{t("call.keys.space")}</kbd>
          </dd>
        </div>
      </dl>
      <p className={styles.keysSaid} role="status">
        {waiting ? t("call.keys.press") : said}
      </p>
      <div>
        <Button size={32} look="plain" onPress={reset}>
          {t("call.keys.reset")}
        </Button>
      </div>
    </>
  );
}

function Row({
  of: { label, bindings, stays },
  isWaiting,
  onChange,
}: {
  of: RoomKey;
  isWaiting: boolean;
  onChange(): void;
}) {
  const t = useT();
  return (
    <div style={{ display: "contents" }}>
      <dt>{t(label)}</dt>
      <dd>
        {isWaiting ? (
          <kbd>…</kbd>
        ) : (
          bindings.map((binding) => <kbd key={binding.key}>{spelled(binding)} </kbd>)
        )}
        {!stays && (
          <Button
            size={32}
            look="plain"
            aria-label={t("call.keys.change.label", { what: t(label) })}
            onPress={onChange}
          >
            {t("call.keys.change")}
          </Button>
        )}
      </dd>
    </div>
  );
}

/** Waits for the next keys, and says why they can't be had. */
function useCapture(keys: readonly RoomKey[], prefs: PrefsStore) {
  const t = useT();
  const [waiting, setWaiting] = useState<string>();
  const [said, say] = useState("");
  useEffect(() => {
    if (waiting === undefined) return;
    return captureKeys((binding) => {
      setWaiting(undefined);
      if (binding === undefined) return;
      const found = hindrance(keys, waiting, binding);
      const what = (found?.other ?? keys.find(({ id }) => id === waiting))?.label ?? "";
      say(t(found?.why ?? "call.keys.changed", { keys: spelled(binding), what: t(what) }));
      if (!found) prefs.set({ keys: withKey(prefs.get().keys, waiting, binding) });
    });
  }, [waiting, keys, prefs, t]);
  const reset = () => {
    prefs.set({ keys: "" });
    say(t("call.keys.as_before"));
  };
  return { waiting, said, ask: setWaiting, reset };
}

function hindrance(
  keys: readonly RoomKey[],
  id: string,
  binding: Binding,
): { why: string; other?: RoomKey } | undefined {
  if (binding === NONE) return { why: "call.keys.none" };
  if (isTaken(binding)) return { why: "call.keys.taken" };
  const other = keys.find(
    (key) => key.id !== id && key.bindings.some((each) => written(each) === written(binding)),
  );
  return other && { why: "call.keys.conflict", other };
}
