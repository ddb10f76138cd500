/**
 * Links for one person each. Each secret is drawn here and stays in its link; the server gets what is derived from it, and
 * the name to which it is bound.
 */
import type { HostingApi } from "../api/hosting-client";
import type { InvitationShown } from "../api/http";
import type { Answer } from "../api/types";
import { graphemes, nameLimit, tidyName } from "../names";

/** The server takes no more at once. */
export const MOST_AT_ONCE = 300;

/** A list as people paste it: a name a line, or all in one line with commas between them. */
export function readNames(text: string): string[] {
  const lines = text.split(/[\r\n]+/).filter((line) => line.trim() !== "");
  const parts = lines.length > 1 ? lines : text.split(/[,，、;；]/);
  return parts.map(tidyName).filter((name) => name !== "");
}

/** @returns the first name that no server takes */
export function tooLong(names: readonly string[]): string | undefined {
  return names.find((name) => graphemes(name).length > nameLimit);
}

export interface LinkDesk {
  /** @returns for each name its link, by the id of the invitation */
  make(names: readonly string[]): Promise<Answer<ReadonlyMap<string, string>>>;
  list(): Promise<Answer<readonly InvitationShown[]>>;
  revoke(id: string): Promise<Answer<null>>;
}

export interface DeskPorts {
  api: Pick<HostingApi, "invite" | "invitations" | "revoke">;
  number: string;
  /** `https://meet.example` */
  origin: string;
  /** What proves that a host asks; the newest there is. */
  token(): string;
  newSecret(): string;
  admissionOf(secret: string): Promise<string | undefined>;
}

export function openDesk({ api, number, origin, token, newSecret, admissionOf }: DeskPorts): LinkDesk {
  return {
    async make(names) {
      const drawn = await Promise.all(
        names.map(async (name) => {
          const secret = newSecret();
          return { name, secret, admission: (await admissionOf(secret)) ?? "" };
        }),
      );
      const people = drawn.map(({ name, admission }) => ({ name, admission }));
      const answer = await api.invite(number, token(), people);
      if (answer.kind !== "ok") return answer;
      // In the order they were sent.
      const links = answer.value.map(({ id }, index): [string, string] => [
        id,
        `${origin}/m/${number}#k=${drawn[index]?.secret}`,
      ]);
      return { kind: "ok", value: new Map(links) };
    },
    list: () => api.invitations(number, token()),
    revoke: (id) => api.revoke(number, token(), id),
  };
}
