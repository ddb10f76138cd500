// An organisation's sign-in as one runs it: `oidc-provider`, certified OpenID Connect. Whoever comes is Ada, and agrees.
//   node provider.mjs PORT REDIRECT_URI
import { createServer } from "node:http";

import { Provider } from "oidc-provider";

const [port, redirect] = process.argv.slice(2);
const issuer = `http://localhost:${port}`;
const ada = {
  sub: "ada-1815",
  name: "Ada Lovelace",
  email: "ada@school.example",
  email_verified: true,
};

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: "folkmoot",
      client_secret: "a secret between the two of them",
      redirect_uris: [redirect],
      response_types: ["code"],
      grant_types: ["authorization_code"],
    },
  ],
  claims: { openid: ["sub"], profile: ["name"], email: ["email", "email_verified"] },
  conformIdTokenClaims: false,
  pkce: { required: () => true },
  features: { devInteractions: { enabled: false } },
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  cookies: { keys: ["one that signs cookies"] },
  findAccount: async () => ({ accountId: ada.sub, claims: async () => ada }),
  async loadExistingGrant(context) {
    const grant = new context.oidc.provider.Grant({
      clientId: context.oidc.client.clientId,
      accountId: context.oidc.session.accountId,
    });
    grant.addOIDCScope("openid profile email");
    await grant.save();
    return grant;
  },
});

const handled = provider.callback();
createServer((request, response) => {
  if (!request.url.startsWith("/interaction/")) return void handled(request, response);
  void provider.interactionFinished(request, response, { login: { accountId: ada.sub } });
}).listen(Number(port), "127.0.0.1", () => console.log("ready"));
