import type { Reply } from "../../core/api/calendar-client";
import { useT } from "../../i18n/react";
import { Segments } from "../../ui/Segments";

const replies = ["yes", "maybe", "no"] as const satisfies readonly Reply[];

export interface RepliesProps {
  answer: Reply | null;
  onReply(reply: Reply): void;
}

/** Whether one comes: the same three wherever one is asked, the one that was said marked. */
export function Replies({ answer, onReply }: RepliesProps) {
  const t = useT();
  return (
    <Segments<Reply | "none">
      label={t("meetings.reply")}
      isWide
      choices={replies.map((id) => ({ id, word: t(`meetings.reply.${id}`) }))}
      chosen={answer ?? "none"}
      onChoose={(id) => id !== "none" && onReply(id)}
    />
  );
}
