import { type ComponentType, useEffect } from "react";

import { Fault } from "../../ui/Fault";
import { useMeeting, usePrefs, useSession } from "../../ui/room/context";

import { keepAwake } from "./awake";
import { Comings } from "./Comings";
import { DeviceKeys } from "./DeviceKeys";
import { StageKeys } from "./StageKeys";
import { useMeetingTitle } from "./title";
import { Troubles } from "./Troubles";

/** What attends to the call beside the drawing: each by itself, so that none is lost with another. */
export function Attendant() {
  return (
    <>
      <Each of={DeviceKeys} />
      <Each of={StageKeys} />
      <Each of={Comings} />
      <Each of={Troubles} />
      <Each of={MutedWarning} />
      <Each of={Awake} />
      <Each of={TabTitle} />
    </>
  );
}

function Each({ of: One }: { of: ComponentType }) {
  return (
    <Fault>
      <One />
    </Fault>
  );
}

/** The tab says which meeting it is, and to hosts how many stand at its door. */
function TabTitle() {
  const waiting = useMeeting().waiting.length;
  const title = `${useMeetingTitle()} · Folkmoot`;
  return <title>{waiting > 0 ? `(${waiting}) ${title}` : title}</title>;
}

/** D9: the person's choice, carried to the microphone. */
function MutedWarning() {
  const { media } = useSession();
  const { warnMuted } = usePrefs();
  useEffect(() => media.warnMuted(warnMuted), [media, warnMuted]);
  return null;
}

function Awake() {
  useEffect(keepAwake, []);
  return null;
}
