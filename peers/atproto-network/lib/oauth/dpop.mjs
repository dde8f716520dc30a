// DPoP (RFC 9449): a key that proves possession with every request.
import { randomBytes, createHash } from 'node:crypto'
import { request } from '../http.mjs'
import { base64url, newKey, signJwt } from './jwt.mjs'

export class DpopKey {
  constructor() {
    Object.assign(this, newKey())
    this.nonces = new Map() // origin -> nonce
  }

  proof(method, url, accessToken) {
    const u = new URL(url)
    return signJwt(
      this.privateKey,
      { typ: 'dpop+jwt', alg: 'ES256', jwk: this.jwk },
      {
        jti: base64url(randomBytes(16)),
        htm: method,
        htu: u.origin + u.pathname,
        iat: Math.floor(Date.now() / 1000),
        ...(this.nonces.has(u.origin) ? { nonce: this.nonces.get(u.origin) } : {}),
        ...(accessToken ? { ath: createHash('sha256').update(accessToken).digest('base64url') } : {}),
      },
    )
  }

  /** Request with a DPoP proof; repeats once when the server asks for a (new) nonce. */
  async request(method, url, { headers = {}, body, accessToken } = {}) {
    const origin = new URL(url).origin
    for (let attempt = 0; ; attempt++) {
      const res = await request(method, url, {
        headers: {
          ...headers,
          dpop: this.proof(method, url, accessToken),
          ...(accessToken ? { authorization: `DPoP ${accessToken}` } : {}),
        },
        body: typeof body === 'function' ? body() : body,
      })
      const nonce = res.headers['dpop-nonce']
      const fresh = nonce && nonce !== this.nonces.get(origin)
      if (nonce) this.nonces.set(origin, nonce)
      if (attempt === 0 && fresh && (res.status === 400 || res.status === 401)) {
        const text = res.text() + (res.headers['www-authenticate'] ?? '')
        if (text.includes('use_dpop_nonce')) continue
      }
      return res
    }
  }
}
