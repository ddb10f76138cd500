/** What is done with organisations, over HTTP, by who is signed in. */
import type { Call } from "./call";
import {
  type AuditPage,
  type AuditProof,
  type Colleague,
  type DomainShown,
  type GroupShown,
  type Imported,
  type InvitationSeen,
  type InvitedShown,
  type Joining,
  type LinkMade,
  type Mine,
  type OrgMine,
  type OrgShown,
  type PeopleChange,
  type PeoplePage,
  type PersonWanted,
  type RuleShown,
  type TokenMade,
  type TokenShown,
  shapes,
} from "./orgs";
import type { Answer } from "./types";

export type * from "./orgs";

export interface PeopleWish {
  q?: string;
  group?: string;
  after?: string;
}

type Done = Promise<Answer<null>>;
type Changing = "POST" | "PUT" | "PATCH" | "DELETE";

export function createOrgsApi(call: Call) {
  const at = (org: string, ...path: string[]) =>
    ["/api/orgs", ...[org, ...path].map(encodeURIComponent)].join("/");
  const done = (method: Changing, path: string, body?: unknown): Done => call(method, path, "nothing", body);
  return {
    mine: () => call<Mine>("GET", "/api/orgs", shapes.Mine),
    /** To whom one may leave something, and whom one invites, in all organisations that one is in. */
    colleagues: (q: string) =>
      call<Colleague[]>("GET", `/api/orgs/colleagues?q=${encodeURIComponent(q)}`, [shapes.Colleague]),
    make: (name: string) => call<OrgMine>("POST", "/api/orgs", shapes.OrgMine, { name }),
    look: (org: string) => call<OrgShown>("GET", at(org), shapes.OrgShown),
    change: (org: string, wanted: { name?: string; joining?: Joining }) => done("PATCH", at(org), wanted),
    remove: (org: string) => done("DELETE", at(org)),
    leave: (org: string) => done("POST", at(org, "leave")),
    answer: (org: string, join: boolean, meetings: readonly string[] = []) =>
      done("POST", at(org, "answer"), { join, meetings }),
    invitation: (secret: string) =>
      call<InvitationSeen>("POST", "/api/orgs/invitation", shapes.InvitationSeen, { secret }),
    join: (secret: string, meetings: readonly string[] = []) =>
      call<OrgMine>("POST", "/api/orgs/join", shapes.OrgMine, { secret, meetings }),

    people: (org: string, wish: PeopleWish) => {
      const asked = new URLSearchParams(Object.entries(wish).filter(([, value]) => value !== ""));
      return call<PeoplePage>("GET", `${at(org, "people")}?${asked}`, shapes.PeoplePage);
    },
    changePeople: (org: string, wanted: PeopleChange) => done("POST", at(org, "people", "change"), wanted),
    invite: (org: string, people: PersonWanted[]) =>
      call<InvitedShown[]>("POST", at(org, "invitations"), [shapes.InvitedShown], { people }),
    makeLink: (org: string) => call<LinkMade>("POST", at(org, "links"), shapes.LinkMade, { days: 14 }),
    takeIn: (org: string, table: Blob, trial: boolean) =>
      call<Imported>("POST", `${at(org, "import")}?trial=${trial}`, shapes.Imported, table),
    exported: (org: string) => at(org, "export"),

    groups: (org: string) => call<GroupShown[]>("GET", at(org, "groups"), [shapes.GroupShown]),
    makeGroup: (org: string, name: string, parent: string | null) =>
      call<GroupShown>("POST", at(org, "groups"), shapes.GroupShown, { name, parent }),
    changeGroup: (org: string, group: string, name: string, parent: string | null) =>
      done("PATCH", at(org, "groups", group), { name, parent }),
    removeGroup: (org: string, group: string) => done("DELETE", at(org, "groups", group)),

    rules: (org: string, group: string) =>
      call<RuleShown[]>("GET", `${at(org, "rules")}${group && `?group=${group}`}`, [shapes.RuleShown]),
    sayRule: (org: string, group: string, name: string, value: string | null) =>
      done("PUT", at(org, "rules"), { group: group || null, name, value }),

    domains: (org: string) => call<DomainShown[]>("GET", at(org, "domains"), [shapes.DomainShown]),
    claim: (org: string, domain: string) =>
      call<DomainShown>("POST", at(org, "domains"), shapes.DomainShown, { domain }),
    giveUp: (org: string, domain: string) => done("DELETE", at(org, "domains", domain)),
    check: (org: string, domain: string) => done("POST", at(org, "domains", domain, "check")),
    mailCode: (org: string, domain: string) => done("POST", at(org, "domains", domain, "mail")),
    enterCode: (org: string, domain: string, code: string) =>
      done("POST", at(org, "domains", domain, "code"), { code }),
    askAgain: (org: string, domain: string) => done("POST", at(org, "domains", domain, "ask")),

    audit: (org: string, before: number | null) =>
      call<AuditPage>(
        "GET",
        `${at(org, "audit")}${before === null ? "" : `?before=${before}`}`,
        shapes.AuditPage,
      ),
    proof: (org: string) => call<AuditProof>("GET", at(org, "audit", "proof"), shapes.AuditProof),
    tokens: (org: string) => call<TokenShown[]>("GET", at(org, "tokens"), [shapes.TokenShown]),
    makeToken: (org: string, name: string) =>
      call<TokenMade>("POST", at(org, "tokens"), shapes.TokenMade, { name }),
    revoke: (org: string, token: string) => done("DELETE", at(org, "tokens", token)),
    prove: (password: string) => done("POST", "/api/account/prove", { password }),
  };
}

export type OrgsApi = ReturnType<typeof createOrgsApi>;
