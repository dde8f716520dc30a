// HappyView's clients, logged in through the server: the one for browsers if the API client is public, the one for
// servers if it has a secret. Both call a procedure and a query, come back, and log out.
import { Agent } from '@atproto/api'
import { knowing, notes, write } from './lib/app.mjs'
import * as confidential from './lib/happyview/confidential.mjs'
import * as open from './lib/happyview/public.mjs'
import { program, refusal } from './lib/program.mjs'

const NEEDS = [
  'server',
  'network.plc',
  'network.doh',
  'network.control',
  'account.handle',
  'account.password',
  'account.pds',
  'client.key',
  'client.id',
  'client.redirectUri',
  'client.scopes',
  'app.lexicons',
  'app.procedure',
  'app.query',
]

await program(NEEDS, async (given) => {
  const { app } = given
  const { client, session } = await (given.client.secret ? confidential : open).logIn(given)
  const { did } = session
  const agent = knowing(app.lexicons, new Agent(session))
  const written = await write(agent, app.procedure, 'written through a HappyView client')
  const listed = await notes(agent, app.query, did)
  const registered = await client.getSession(did)
  // As when the page is opened again.
  const restored = knowing(app.lexicons, new Agent(await client.restore(did)))
  const listedAgain = await notes(restored, app.query, did)
  await session.signOut()
  const { status } = await refusal('a session that has ended', () => notes(agent, app.query, did))
  const kept = await client.restoreSession(did)
  return { did, written, listed, registered, listedAgain, statusAfterLogout: status, kept }
})
