// OAuth logins against the PDS: public and confidential clients.
import test from 'node:test'
import assert from 'node:assert/strict'
import fs from 'node:fs'
import http from 'node:http'
import { listen } from '../../lib/http.mjs'
import { approve } from '../../lib/oauth/browser.mjs'
import { OAuthClient } from '../../lib/oauth/client.mjs'
import { ClientKey, confidentialClientMetadata } from '../../lib/oauth/confidential.mjs'
import { net, NOTE } from '../support.mjs'

test('OAuth: public loopback client', async () => {
  const a = net.accounts.list[0]
  const c = new OAuthClient({ pdsUrl: a.pds.url })
  const as = await c.discover()
  assert.equal(as.issuer, a.pds.url)
  assert.equal(as.require_pushed_authorization_requests, true)
  const { redirect } = await approve({
    url: await c.begin({ loginHint: a.handle }),
    identifier: a.handle,
    password: a.password,
  })
  const tokens = await c.finish(redirect)
  assert.equal(tokens.token_type, 'DPoP')
  assert.equal(tokens.sub, a.did)
  const made = await c.xrpc('POST', 'com.atproto.repo.createRecord', {
    body: {
      repo: a.did,
      collection: NOTE,
      record: { $type: NOTE, text: 'by oauth', createdAt: new Date().toISOString() },
    },
  })
  assert.equal(made.status, 200)
  const old = tokens.refresh_token
  await c.refresh()
  assert.notEqual(c.tokens.refresh_token, old)
  assert.equal((await c.revoke()).status, 200)
  assert.equal((await c.xrpc('GET', 'com.atproto.server.getSession')).status, 401)
  await assert.rejects(c.refresh(), /invalid_grant/)
})

test('OAuth: denied, replayed refresh token, wrong password', async () => {
  const a = net.accounts.list[0]
  const c = new OAuthClient({ pdsUrl: a.pds.url })
  const denied = await approve({ url: await c.begin(), deny: true })
  await assert.rejects(c.finish(denied.redirect), /access_denied/)
  await assert.rejects(
    approve({ url: await c.begin(), identifier: a.handle, password: 'wrong' }),
    /Invalid identifier or password/,
  )
  const { redirect } = await approve({ url: await c.begin(), identifier: a.handle, password: a.password })
  const first = await c.finish(redirect)
  await c.refresh()
  c.tokens = first
  await assert.rejects(c.refresh(), /invalid_grant/) // replay ends the whole session
})

test('OAuth: confidential client over the host map, granular scopes and permission set', async () => {
  const a = net.accounts.list[1]
  await net.repos.publishLexicons({
    account: net.accounts.list[0].did,
    lexicons: [
      JSON.parse(fs.readFileSync(new URL('../../lexicons/com/example/demo/authBasic.json', import.meta.url))),
    ],
  })
  const key = new ClientKey()
  const clientId = 'https://appview.internal/oauth-client-metadata.json'
  const redirectUri = 'https://appview.internal/oauth/callback'
  const scope = 'atproto include:com.example.demo.authBasic?aud=did:web:localhost%253A3000%23appview'
  const metadata = confidentialClientMetadata({ clientId, redirectUri, scope, key })
  let hits = 0
  const app = http.createServer((_req, res) => {
    hits++
    res.writeHead(200, { 'content-type': 'application/json' })
    res.end(JSON.stringify(metadata))
  })
  const port = await listen(app, 0)
  net.mapHost(`appview.internal=http://127.0.0.1:${port}`)
  const c = new OAuthClient({ pdsUrl: a.pds.url, clientId, redirectUri, scope, key })
  const { redirect } = await approve({ url: await c.begin(), identifier: a.did, password: a.password })
  assert.ok(redirect.startsWith(redirectUri))
  const tokens = await c.finish(redirect)
  assert.ok(hits > 0)
  assert.match(tokens.scope, /repo\?collection=com\.example\.demo\.note/)
  const ok = await c.xrpc('POST', 'com.atproto.repo.createRecord', {
    body: { repo: a.did, collection: NOTE, record: { $type: NOTE, text: 'scoped' } },
  })
  assert.equal(ok.status, 200)
  const no = await c.xrpc('POST', 'com.atproto.repo.createRecord', {
    body: { repo: a.did, collection: 'com.example.other.thing', record: { text: 'no' } },
  })
  assert.equal(no.status, 403)
  assert.equal(no.json().error, 'ScopeMissingError')
  app.close()
})
