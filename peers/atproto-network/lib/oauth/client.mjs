// A complete OAuth client of a PDS: PAR, PKCE, DPoP, refresh, revoke. Public, or confidential with a ClientKey.
import { randomBytes, createHash } from 'node:crypto'
import { request } from '../http.mjs'
import { DpopKey } from './dpop.mjs'
import { base64url } from './jwt.mjs'

export class OAuthClient {
  constructor({
    pdsUrl,
    redirectUri = 'http://127.0.0.1:7777/callback',
    scope = 'atproto transition:generic',
    clientId,
    key,
  }) {
    this.pdsUrl = pdsUrl
    this.redirectUri = redirectUri
    this.scope = scope
    this.key = key // ClientKey for a confidential client
    this.clientId =
      clientId ??
      `http://localhost?redirect_uri=${encodeURIComponent(redirectUri)}&scope=${encodeURIComponent(scope)}`
    this.dpop = new DpopKey()
  }

  async discover() {
    const pr = (await request('GET', `${this.pdsUrl}/.well-known/oauth-protected-resource`)).json()
    this.issuer = pr.authorization_servers[0]
    this.as = (await request('GET', `${this.issuer}/.well-known/oauth-authorization-server`)).json()
    return this.as
  }

  #auth() {
    return {
      client_id: this.clientId,
      ...(this.key
        ? {
            client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
            client_assertion: this.key.assertion(this.clientId, this.as.issuer),
          }
        : {}),
    }
  }

  async begin({ loginHint, prompt } = {}) {
    if (!this.as) await this.discover()
    this.verifier = base64url(randomBytes(32))
    this.state = base64url(randomBytes(16))
    const form = () =>
      new URLSearchParams({
        ...this.#auth(),
        response_type: 'code',
        redirect_uri: this.redirectUri,
        scope: this.scope,
        state: this.state,
        code_challenge: createHash('sha256').update(this.verifier).digest('base64url'),
        code_challenge_method: 'S256',
        ...(loginHint ? { login_hint: loginHint } : {}),
        ...(prompt ? { prompt } : {}),
      })
    const res = await this.dpop.request('POST', this.as.pushed_authorization_request_endpoint, {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: () => form().toString(),
    })
    if (res.status !== 201) throw new Error(`PAR: HTTP ${res.status}: ${res.text()}`)
    const { request_uri, expires_in } = res.json()
    this.parExpiresIn = expires_in
    const u = new URL(this.as.authorization_endpoint)
    u.searchParams.set('client_id', this.clientId)
    u.searchParams.set('request_uri', request_uri)
    return u.href
  }

  async #token(fields) {
    const res = await this.dpop.request('POST', this.as.token_endpoint, {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: () => new URLSearchParams({ ...this.#auth(), ...fields }).toString(),
    })
    if (res.status !== 200) throw new Error(`token: HTTP ${res.status}: ${res.text()}`)
    this.tokens = res.json()
    return this.tokens
  }

  async finish(redirect) {
    const q = new URL(redirect).searchParams
    if (q.get('error')) throw new Error(`${q.get('error')}: ${q.get('error_description')}`)
    if (q.get('state') !== this.state) throw new Error('state mismatch')
    if (q.get('iss') !== this.as.issuer) throw new Error('iss mismatch')
    return this.#token({
      grant_type: 'authorization_code',
      code: q.get('code'),
      redirect_uri: this.redirectUri,
      code_verifier: this.verifier,
    })
  }

  refresh() {
    return this.#token({ grant_type: 'refresh_token', refresh_token: this.tokens.refresh_token })
  }

  async revoke() {
    return this.dpop.request('POST', this.as.revocation_endpoint, {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: () => new URLSearchParams({ ...this.#auth(), token: this.tokens.refresh_token }).toString(),
    })
  }

  xrpc(method, nsid, { params, body } = {}) {
    const u = new URL(`${this.pdsUrl}/xrpc/${nsid}`)
    for (const [k, v] of Object.entries(params ?? {})) u.searchParams.set(k, v)
    return this.dpop.request(method, u.href, { body, accessToken: this.tokens.access_token })
  }
}
