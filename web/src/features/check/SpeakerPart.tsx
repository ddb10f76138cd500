import { useState } from "react";

import { useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { Volume2 } from "../../ui/icons";

import { Card, type Finding } from "./Card";
import styles from "./check.module.css";

export interface SpeakerPartProps {
  chosen: string | null;
  /** null until its owner has said. */
  heard: boolean | null;
  onHeard(heard: boolean | null): void;
  test(id: string | null): Promise<void>;
}

/** Whether a tone was heard knows only who listened: they are asked. */
export function SpeakerPart({ chosen, heard, onHeard, test }: SpeakerPartProps) {
  const t = useT();
  const [step, setStep] = useState<"idle" | "playing" | "asking">("idle");

  async function play() {
    onHeard(null);
    setStep("playing");
    await test(chosen).catch(() => undefined);
    setStep("asking");
  }
  function answer(is: boolean) {
    setStep("idle");
    onHeard(is);
  }

  return (
    <Card
      icon={Volume2}
      title={t("check.speaker")}
      finding={useWords(heard)}
      action={
        <Button isPending={step === "playing"} onPress={() => void play()}>
          {t("check.speaker.play")}
        </Button>
      }
    >
      {step === "asking" && (
        <p className={styles.row}>
          <span>{t("check.speaker.asked")}</span>
          <Button size={32} onPress={() => answer(true)}>
            {t("check.yes")}
          </Button>
          <Button size={32} onPress={() => answer(false)}>
            {t("check.no")}
          </Button>
        </p>
      )}
    </Card>
  );
}

function useWords(heard: boolean | null): Finding | null {
  const t = useT();
  if (heard === null) return null;
  if (heard) return { tone: "good", title: t("check.speaker.heard") };
  return { tone: "bad", title: t("check.speaker.unheard"), text: t("check.speaker.unheard.text") };
}
