/** `/test`. Nothing is opened before its owner asks, and everything is closed when one goes. */
import { useEffect, useState } from "react";

import type { LineCheck } from "../core/api/line";
import { shapes } from "../core/api/line";
import { factsOf } from "../core/check/facts";
import { tryLine } from "../core/check/line-edge";
import { createDevices } from "../core/devices/devices";
import { canChooseSpeaker, testSpeaker } from "../core/devices/speaker";
import { CheckPage } from "../features/check/check";
import { useT } from "../i18n/react";

import { PageFrame } from "./PageFrame";
import { clock, isSecure, prefs, send, taste } from "./ports";

export function CheckRoute() {
  const t = useT();
  const [devices] = useState(openNothing);
  useEffect(() => () => devices.close(), [devices]);
  return (
    <PageFrame title={t("check.title")}>
      <CheckPage
        devices={devices}
        facts={facts()}
        host={location.host}
        version={__VERSION__}
        now={clock.now}
        tryLine={tryThisLine}
        testSpeaker={testSpeaker}
      />
    </PageFrame>
  );
}

/** The devices that were chosen before, none of them turned on. */
function openNothing() {
  const media = "mediaDevices" in navigator ? navigator.mediaDevices : undefined;
  const remembered = { ...prefs.get(), microphoneOn: false, cameraOn: false };
  return createDevices(media, remembered, isSecure ? "unsupported" : "insecure", { taste });
}

function facts() {
  return factsOf({
    userAgent: navigator.userAgent,
    isSecure,
    has: {
      peerConnection: "RTCPeerConnection" in window,
      displayMedia: "mediaDevices" in navigator && "getDisplayMedia" in navigator.mediaDevices,
      sinkId: canChooseSpeaker(),
    },
  });
}

/** Anybody may, also who is signed in: no cookie changes the answer. */
function tryThisLine() {
  return tryLine({
    ask: () => send<LineCheck>("POST", "/api/line-check", shapes.LineCheck),
    url: `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}`,
    after: clock.after,
  });
}
