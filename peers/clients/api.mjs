// The reference API client: it calls the server as nobody, with a token that the PDS signed for one call, and through
// the PDS.
import { AtpAgent } from '@atproto/api'
import { knowing, notes } from './lib/app.mjs'
import { program, refusal } from './lib/program.mjs'

const NEEDS = [
  'server',
  'account.handle',
  'account.password',
  'account.pds',
  'service.did',
  'service.fragment',
  'app.lexicons',
  'app.query',
]

/** An agent of the server. */
const agentOf = (server, lexicons, headers = []) =>
  knowing(lexicons, new AtpAgent({ service: server, headers }))

await program(NEEDS, async ({ server, account, service, app }) => {
  const pds = new AtpAgent({ service: account.pds })
  await pds.login({ identifier: account.handle, password: account.password })
  /** An agent of the server with a token for one call of a method. */
  const authorized = async (method) => {
    const { data } = await pds.com.atproto.server.getServiceAuth({ aud: service.did, lxm: method })
    return agentOf(server, app.lexicons, [['authorization', `Bearer ${data.token}`]])
  }
  const list = (agent) => notes(agent, app.query, pds.did)

  const anonymous = await list(agentOf(server, app.lexicons))
  const agent = await authorized(app.query)
  const withServiceAuth = await list(agent)
  const replayed = await refusal('a token that was used before', () => list(agent))
  const other = await authorized('com.example.another')
  const misused = await refusal('a token for another method', () => list(other))
  const proxied = await list(knowing(app.lexicons, pds.withProxy(service.fragment, service.did)))
  return {
    did: pds.did,
    anonymous,
    withServiceAuth,
    proxied,
    replayed: replayed.status,
    misused: misused.status,
  }
})
