// HappyView's client for browsers. It runs here because it takes everything it would find in a browser: where pages
// are, storage and `fetch`.
import { HappyViewBrowserClient, MemoryStorage } from '@happyview/oauth-client-browser'
import { approve } from '../consent.mjs'
import { fetchIn } from '../public-network.mjs'

/** Signs the account in; returns the client and its session. */
export async function logIn({ server, network, account, client: { key, id, redirectUri, scopes } }) {
  const client = new HappyViewBrowserClient({
    instanceUrl: server,
    clientKey: key,
    clientId: id,
    redirectUri,
    scopes,
    storage: new MemoryStorage(),
    fetch: fetchIn(network),
  })
  const { authorizationUrl } = await client.prepareLogin(account.handle)
  const { search } = await approve(network.control, authorizationUrl, account)
  return { client, session: await client.callback(search) }
}
