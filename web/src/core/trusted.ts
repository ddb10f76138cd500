/**
 * The one policy by which this page may name a script (Trusted Types): our own workers, and nothing else. The content
 * security policy knows it by its name and lets no other be made.
 */
interface Policy {
  createScriptURL(address: string): unknown;
}
interface Factory {
  createPolicy(name: string, rules: { createScriptURL(address: string): string }): Policy;
}

const rules = {
  createScriptURL(address: string): string {
    const { origin, pathname } = new URL(address, location.href);
    const isOurs =
      origin === location.origin &&
      (import.meta.env.DEV || /^\/(assets\/[\w.-]+|offline)\.js$/.test(pathname));
    if (!isOurs) throw new TypeError("not a script of this page");
    return address;
  },
};

let policy: Policy | undefined;

/** For `new Worker` and its like; throws where it is none of ours. */
export function ownScript(address: string): string {
  const { trustedTypes } = globalThis as { trustedTypes?: Factory };
  policy ??= trustedTypes?.createPolicy("folkmoot", rules) ?? rules;
  // The browser takes the policy's object where it wants a string.
  return policy.createScriptURL(address) as string;
}
