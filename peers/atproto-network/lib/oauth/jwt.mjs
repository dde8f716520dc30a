// ES256 keys and compact JWTs.
import { generateKeyPairSync, sign } from 'node:crypto'

export const base64url = (data) => Buffer.from(data).toString('base64url')

/** A P-256 key: { privateKey, jwk } with the public part as JWK. */
export function newKey() {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { kty, crv, x, y } = publicKey.export({ format: 'jwk' })
  return { privateKey, jwk: { kty, crv, x, y } }
}

export function signJwt(privateKey, header, payload) {
  const input = [header, payload].map((part) => base64url(JSON.stringify(part))).join('.')
  const signature = sign('sha256', Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' })
  return `${input}.${base64url(signature)}`
}
