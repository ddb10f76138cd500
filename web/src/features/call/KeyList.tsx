import { useEffect, useState } from "react";

import { type Binding, isTaken, withKey, written } from "../../core/shortcuts";
import { useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { usePrefs, useRoom } from "../../ui/room/context";
import { captureKeys, type Key, NONE, spelled, useKeys } from "../../ui/room/keys";

import styles from "./Popovers.module.css";

/** Where one goes with the keyboard alone: these stay, whatever else is changed. */
const FIXED = new Set(["keys", "bar", "regions", "regions-back", "page-down", "page-up"]);

/** The keys that are there at this moment, each with another if one wants: no list can promise one that does nothing. */
export function KeyList() {
  const t = useT();
  const keys = useKeys();
  const { prefs } = useRoom();
  const { shortcuts, keys: chosen } = usePrefs();
  const { waiting, why, ask } = useCapture(keys);
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
        {waiting ? t("call.keys.press") : why}
      </p>
      {chosen !== "" && (
        <Button size={32} look="plain" onPress={() => prefs.set({ keys: "" })}>
          {t("call.keys.reset")}
        </Button>
      )}
    </>
  );
}

function Row({
  of: { id, label, bindings },
  isWaiting,
  onChange,
}: {
  of: Key;
  isWaiting: boolean;
  onChange(): void;
}) {
  const t = useT();
  return (
    <div style={{ display: "contents" }}>
      <dt>{label}</dt>
      <dd>
        {isWaiting ? (
          <kbd>…</kbd>
        ) : (
          bindings.map((binding) => <kbd key={binding.key}>{spelled(binding)} </kbd>)
        )}
        {!FIXED.has(id) && (
          <Button
            size={32}
            look="plain"
            aria-label={t("call.keys.change.label", { what: label })}
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
function useCapture(keys: readonly Key[]) {
  const t = useT();
  const { prefs } = useRoom();
  const [waiting, setWaiting] = useState<string>();
  const [why, setWhy] = useState("");
  useEffect(() => {
    if (waiting === undefined) return;
    return captureKeys((binding) => {
      setWaiting(undefined);
      if (binding === undefined) return;
      const found = hindrance(keys, waiting, binding);
      setWhy(found ? t(found.id, { keys: spelled(binding), what: found.what }) : "");
      if (!found) prefs.set({ keys: withKey(prefs.get().keys, waiting, binding) });
    });
  }, [waiting, keys, prefs, t]);
  return { waiting, why, ask: setWaiting };
}

function hindrance(
  keys: readonly Key[],
  id: string,
  binding: Binding,
): { id: string; what: string } | undefined {
  if (binding === NONE) return { id: "call.keys.none", what: "" };
  if (isTaken(binding)) return { id: "call.keys.taken", what: "" };
  const other = keys.find(
    (key) => key.id !== id && key.bindings.some((each) => written(each) === written(binding)),
  );
  return other && { id: "call.keys.conflict", what: other.label };
}
