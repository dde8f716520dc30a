// The reference OAuth client: logged in to the account's own PDS, which passes a query of ours on (`atproto-proxy`).
import { Agent } from '@atproto/api'
import {
  atprotoLoopbackClientMetadata,
  buildAtprotoLoopbackClientId,
  NodeOAuthClient,
  requestLocalLock,
} from '@atproto/oauth-client-node'
import { knowing, notes } from './lib/app.mjs'
import { approve } from './lib/consent.mjs'
import { stores } from './lib/oauth-stores.mjs'
import { program, refusal } from './lib/program.mjs'

/** Nobody listens there: the network's control API says where the browser would be sent. */
const REDIRECT_URI = 'http://127.0.0.1:7777/callback'

const NEEDS = [
  'network.plc',
  'network.control',
  'account.handle',
  'account.password',
  'account.pds',
  'service.did',
  'service.fragment',
  'app.lexicons',
  'app.query',
]

await program(NEEDS, async ({ network, account, service, app }) => {
  // Of any service: where one names ours, this PDS compares that name with the DID alone, and they never match.
  const scope = `atproto rpc:${app.query}?aud=*`
  const clientId = buildAtprotoLoopbackClientId({ redirect_uris: [REDIRECT_URI], scope })
  const client = new NodeOAuthClient({
    clientMetadata: atprotoLoopbackClientMetadata(clientId),
    handleResolver: account.pds,
    plcDirectoryUrl: network.plc,
    allowHttp: true,
    requestLock: requestLocalLock,
    ...stores(),
  })
  const url = await client.authorize(account.handle)
  const { searchParams } = await approve(network.control, url, account)
  const { session } = await client.callback(searchParams)
  const agent = knowing(app.lexicons, new Agent(session).withProxy(service.fragment, service.did))
  const listed = await notes(agent, app.query, session.did)
  const { scope: granted } = await session.getTokenInfo()
  await session.signOut()
  await refusal('a session that has ended', () => notes(agent, app.query, session.did))
  return { did: session.did, granted, listed }
})
