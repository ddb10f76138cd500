import { useEffect } from "react";

import { isImeKey } from "../../core/keyboard";
import { useT } from "../../i18n/react";
import { announce } from "../../ui/live";
import { usePrefs, useSession } from "../../ui/room/context";
import { keysAreOn, turnKeys, useKey } from "../../ui/room/keys";

import { cameraKey, microphoneKey, shareKey } from "./keys";
import { useShare } from "./share";

/** The keys of one's own devices, and whether there are keys at all. Draws nothing. */
export function DeviceKeys() {
  useKeySwitch();
  useDeviceKeys();
  usePushToTalk();
  return null;
}

function useKeySwitch(): void {
  const { shortcuts } = usePrefs();
  useEffect(() => {
    turnKeys(shortcuts);
    return () => turnKeys(true);
  }, [shortcuts]);
}

function useDeviceKeys(): void {
  const t = useT();
  const { media, you } = useSession();
  const { toggle: toggleShare } = useShare();
  useKey(microphoneKey, () => {
    const isOn = media.state.get().own.microphone;
    media.setMicrophone(!isOn);
    if (!isOn && !you.get().may.includes("unmute")) return;
    announce(t(isOn ? "call.said.muted" : "call.said.unmuted"), "assertive");
  });
  useKey(cameraKey, () => {
    const isOn = media.state.get().own.camera;
    media.setCamera(!isOn);
    if (!isOn && !you.get().may.includes("video")) return;
    announce(t(isOn ? "call.said.camera_off" : "call.said.camera_on"), "assertive");
  });
  useKey(shareKey, toggleShare);
}

const HELD_MS = 250;

/** Space held for a quarter of a second talks, when no control or field has the focus; a tap does nothing. */
function usePushToTalk(): void {
  const { media } = useSession();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isTalking = false;
    const stop = (): void => {
      clearTimeout(timer);
      timer = undefined;
      if (isTalking) media.setMicrophone(false);
      isTalking = false;
    };
    const down = (press: KeyboardEvent): void => {
      if (
        !keysAreOn() ||
        press.code !== "Space" ||
        isImeKey(press) ||
        press.ctrlKey ||
        press.altKey ||
        press.metaKey
      )
        return;
      if (!isFocusNowhere()) return;
      press.preventDefault();
      if (press.repeat || timer !== undefined || media.state.get().own.microphone) return;
      timer = setTimeout(() => {
        isTalking = true;
        media.setMicrophone(true);
      }, HELD_MS);
    };
    const up = (press: KeyboardEvent): void => {
      if (press.code === "Space") stop();
    };
    addEventListener("keydown", down);
    addEventListener("keyup", up);
    addEventListener("blur", stop);
    return () => {
      stop();
      removeEventListener("keydown", down);
      removeEventListener("keyup", up);
      removeEventListener("blur", stop);
    };
  }, [media]);
}

/** On the stage or a panel as a whole the focus is on nothing that a key could mean. */
function isFocusNowhere(): boolean {
  const { activeElement } = document;
  return activeElement === null || activeElement === document.body || activeElement.matches("main, aside");
}
