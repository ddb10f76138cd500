/** Why a file wasn't taken, in words. */
import type { Refusal } from "../../core/api/types";
import { size } from "../../core/sizes";
import type { Translate } from "../../i18n/react";

const said: Readonly<Record<string, string>> = {
  "files.too_large": "chat.file.why.too_large",
  "files.quota": "chat.file.why.quota",
  "files.no_room": "chat.file.why.no_room",
  "files.empty": "chat.file.why.empty",
  "chat.enough_files": "chat.file.why.enough",
  "meeting.not_allowed": "chat.file.why.not_allowed",
  "meeting.unknown_participant": "chat.file.why.gone",
};

export function whyNot(t: Translate, name: string, why: Refusal | undefined): string {
  const id = said[why?.code ?? ""] ?? "chat.file.why.unreachable";
  const most = Number(why?.params["most"] ?? 0);
  return t(id, { name, max: size(most), count: most });
}
