/** The browser's side of a meeting in a frame, fetched only where it stands in one. */
import { createCall } from "../core/api/call";
import { type EmbedShown, shapes } from "../core/api/operator";
import { type Command, embed, type Inside, type Outside } from "../core/journey/embedded";

import { prefs } from "./ports";
import type { Visit } from "./visit";

export async function embedded(visit: Visit): Promise<() => void> {
  const answer = await createCall()<EmbedShown>("GET", "/api/embed", shapes.EmbedShown);
  return answer.kind === "ok" ? embed(answer.value.origins, browser(), insideOf(visit)) : () => undefined;
}

function browser(): Outside {
  const around = location.ancestorOrigins?.[0] ?? (document.referrer && new URL(document.referrer).origin);
  return {
    parent: window.parent,
    origin: around || undefined,
    listen(heard) {
      window.addEventListener("message", heard);
      return () => window.removeEventListener("message", heard);
    },
    post: (message, origin) => window.parent.postMessage(message, origin),
  };
}

function insideOf(visit: Visit): Inside {
  const media = () => visit.entered.get()?.room.session.media;
  return {
    told() {
      const own = media()?.own.state.get();
      return {
        at: visit.travel.get().at,
        muted: own ? !own.microphone : !visit.devices.get().get().microphone.on,
        video: own ? own.camera : visit.devices.get().get().camera.on,
      };
    },
    follow(changed) {
      let unfollow = (): void => undefined;
      const follow = (): void => {
        unfollow();
        const own = media()?.own.state;
        unfollow = own ? own.subscribe(changed) : () => undefined;
        changed();
      };
      const ends = [visit.travel.subscribe(changed), visit.entered.subscribe(follow), () => unfollow()];
      follow();
      return () => ends.forEach((end) => end());
    },
    act: (command) => act(visit, command),
  };
}

function act(visit: Visit, command: Command): void {
  const session = visit.entered.get()?.room.session;
  switch (command.do) {
    case "join":
      if (visit.travel.get().at === "prejoin")
        visit.travel.join(command.name ?? prefs.get().name, command.passcode);
      return;
    case "leave":
      session?.leave();
      return;
    case "mute":
    case "unmute":
      session?.media.setMicrophone(command.do === "unmute");
      return;
    case "start_video":
    case "stop_video":
      session?.media.setCamera(command.do === "start_video");
  }
}
