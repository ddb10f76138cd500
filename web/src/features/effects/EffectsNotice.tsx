import type { Chunk } from "../../core/chunk";
import { isPlain, needsMask } from "../../core/picture/look";
import type { Effects } from "../../core/picture/effects";
import type { PrefsStore } from "../../core/prefs/prefs";
import { useT } from "../../i18n/react";
import { Banner } from "../../ui/Banner";
import { Button } from "../../ui/Button";
import { useStore } from "../../ui/use-store";

export interface NoticeProps {
  prefs: PrefsStore;
  effects: Chunk<Effects>;
}

/** What stands in the way of the background that is wanted, what is shown instead, and both ways on. */
export function EffectsNotice({ prefs, effects }: NoticeProps) {
  const { background, liftLight: light } = useStore(prefs);
  const arrival = useStore(effects.arrival);
  if (isPlain({ background, light })) return null;
  if (arrival.at === "failed") return <Trouble what="code" prefs={prefs} onAgain={() => effects.preload()} />;
  if (arrival.at !== "here" || !needsMask({ background, light })) return null;
  return <Standing effects={arrival.part} prefs={prefs} />;
}

function Standing({ effects, prefs }: { effects: Effects; prefs: PrefsStore }) {
  const { model, isSlow } = useStore(effects.state);
  const what = model === "failed" ? "model" : isSlow ? "slow" : undefined;
  return what ? <Trouble what={what} prefs={prefs} onAgain={() => effects.again()} /> : null;
}

function Trouble({
  what,
  prefs,
  onAgain,
}: {
  what: "code" | "model" | "slow";
  prefs: PrefsStore;
  onAgain(): void;
}) {
  const t = useT();
  return (
    <Banner
      tone="warn"
      title={t(`effects.${what}`)}
      actions={
        <>
          <Button size={32} look="plain" onPress={() => prefs.set({ background: "none", liftLight: false })}>
            {t("effects.plain")}
          </Button>
          <Button size={32} look="plain" onPress={onAgain}>
            {t("effects.again")}
          </Button>
        </>
      }
    >
      {t(`effects.${what}.text`)}
    </Banner>
  );
}
