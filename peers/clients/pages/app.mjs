// A third-party app in the user's browser: what a developer writes with HappyView's client and `@atproto/api`.
import { Agent } from '@atproto/api'
import { HappyViewBrowserClient } from '@happyview/oauth-client-browser'
import { knowing, notes, write } from '../lib/app.mjs'

const { server, client, app } = globalThis.surroundings

const happyview = new HappyViewBrowserClient({
  instanceUrl: server,
  clientKey: client.key,
  clientId: client.id,
  redirectUri: `${location.origin}/callback`,
  scopes: client.scopes,
})
const session = (await happyview.init())?.session
const agent = session && knowing(app.lexicons, new Agent(session))

/** What the person in front of the page can do. */
globalThis.actions = {
  signIn: (handle) => happyview.signIn(handle),
  did: () => session?.did ?? null,
  registered: () => happyview.getSession(session.did),
  write: (text) => write(agent, app.procedure, text),
  list: () => notes(agent, app.query, session.did),
  signOut: () => session.signOut(),
}
