// What makes an OAuth client confidential: its own key (private_key_jwt) and a metadata document.
import { randomBytes } from 'node:crypto'
import { base64url, newKey, signJwt } from './jwt.mjs'

export class ClientKey {
  constructor(kid = 'client-key-1') {
    const { privateKey, jwk } = newKey()
    this.kid = kid
    this.privateKey = privateKey
    this.publicJwk = { ...jwk, kid, alg: 'ES256', use: 'sig' }
  }

  assertion(clientId, audience) {
    const now = Math.floor(Date.now() / 1000)
    const jti = base64url(randomBytes(16))
    const claims = { iss: clientId, sub: clientId, aud: audience, jti, iat: now, exp: now + 60 }
    return signJwt(this.privateKey, { alg: 'ES256', typ: 'JWT', kid: this.kid }, claims)
  }
}

/** Metadata document of a confidential web client whose client_id is the URL of the document. */
export const confidentialClientMetadata = ({ clientId, redirectUri, scope, key }) => ({
  client_id: clientId,
  client_name: 'Loopback confidential client',
  client_uri: new URL(clientId).origin,
  application_type: 'web',
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
  redirect_uris: [redirectUri],
  scope,
  token_endpoint_auth_method: 'private_key_jwt',
  token_endpoint_auth_signing_alg: 'ES256',
  dpop_bound_access_tokens: true,
  jwks: { keys: [key.publicJwk] },
})
