// HappyView's client for servers: it gets the key and registers the session, and leaves OAuth to another library, which
// is here the reference one.
import { OAuthClient, atprotoLoopbackClientMetadata, requestLocalLock } from '@atproto/oauth-client'
import { HappyViewOAuthClient } from '@happyview/oauth-client'
import { approve } from '../consent.mjs'
import { stores } from '../oauth-stores.mjs'

/** Signs the account in; returns the client and its session. */
export async function logIn({ server, network, account, client: { key, secret, id } }) {
  const client = new HappyViewOAuthClient({ instanceUrl: server, clientKey: key, clientSecret: secret })
  const { provisionId, dpopKey, rawJwk } = await client.provisionDpopKey()
  const tokens = await authorize(network, account, id, dpopKey)
  const session = await client.registerSession({
    provisionId,
    did: tokens.sub,
    accessToken: tokens.access_token,
    refreshToken: tokens.refresh_token,
    scopes: tokens.scope,
    pdsUrl: tokens.aud,
    issuer: tokens.iss,
    dpopKey: rawJwk,
  })
  return { client, session }
}

/** Runs OAuth at the account's PDS with the given key; returns the tokens. */
async function authorize(network, account, clientId, dpopKey) {
  const { stateStore, sessionStore } = stores()
  const oauth = new OAuthClient({
    clientMetadata: atprotoLoopbackClientMetadata(clientId),
    responseMode: 'query',
    handleResolver: account.pds,
    plcDirectoryUrl: network.plc,
    allowHttp: true,
    stateStore,
    sessionStore,
    runtimeImplementation: {
      createKey: () => dpopKey,
      getRandomValues: (length) => crypto.getRandomValues(new Uint8Array(length)),
      digest: async (data, { name }) =>
        new Uint8Array(await crypto.subtle.digest(name.replace('sha', 'SHA-'), data)),
      requestLock: requestLocalLock,
    },
  })
  const url = await oauth.authorize(account.handle)
  const { searchParams } = await approve(network.control, url, account)
  const { session } = await oauth.callback(searchParams)
  return sessionStore.get(session.did).tokenSet
}
