import { useT } from "../../i18n/react";
import { Banner } from "../../ui/Banner";
import { Button } from "../../ui/Button";
import { useSelected, useSession, useSheet } from "../../ui/room/context";
import { useForm } from "../../ui/room/form";

/** D7, D8 and sound that is lost on the way: for as long as people don't hear somebody who believes they do. */
export function HearingBanner() {
  const t = useT();
  const { media } = useSession();
  const isOn = useSelected(media.state, ({ own, phase }) => own.microphone && phase === "up");
  const hearing = useSelected(media.state, ({ own }) => own.hearing);
  const arrival = useSelected(media.state, ({ own }) => own.arrival);
  const device = useSelected(media.state, ({ own }) => own.microphoneLabel);
  const choose = useChooseDevice("microphone");
  if (!isOn) return null;
  if (hearing === "silent") {
    return (
      <Banner
        tone="warn"
        title={t("call.hearing.silent", { device })}
        actions={
          <Button size={32} look="plain" onPress={choose}>
            {t("call.hearing.choose")}
          </Button>
        }
      >
        {t("call.hearing.silent.then")}
      </Banner>
    );
  }
  if (hearing === "muted-outside") {
    return (
      <Banner tone="warn" title={t("call.hearing.muted_outside", { device })}>
        {t("call.hearing.muted_outside.then")}
      </Banner>
    );
  }
  if (arrival !== "lost" && arrival !== "gaps") return null;
  return (
    <Banner tone="warn" title={t(`call.hearing.${arrival}`)}>
      {t(`call.hearing.${arrival}.then`)}
    </Banner>
  );
}

/** Where the devices are chosen: their own menu in the bar, on a phone the one behind More. */
export function useChooseDevice(device: "microphone" | "camera"): () => void {
  const isDesktop = useForm() === "desktop";
  const { setOpen } = useSheet(isDesktop ? device : "more");
  return () => setOpen(true);
}
