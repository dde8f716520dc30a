// What the clients of one account do with their keys (spec/sync.md §8.3).
import { createCipheriv, createDecipheriv, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import assert from 'node:assert/strict'
import nacl from 'tweetnacl'

export const b64 = (bytes) => Buffer.from(bytes).toString('base64')

// What `POST /v1/auth` takes of somebody new.
export function credentials() {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const challenge = randomBytes(32)
  const raw = publicKey.export({ type: 'spki', format: 'der' }).subarray(-32)
  return { publicKey: b64(raw), challenge: b64(challenge), signature: b64(sign(null, challenge, privateKey)) }
}

// Payloads are 0x00, a nonce, AES-256-GCM of JSON, its tag.
export function seal(key, value) {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  const text = Buffer.concat([cipher.update(JSON.stringify(value)), cipher.final()])
  return b64(Buffer.concat([Buffer.from([0]), nonce, text, cipher.getAuthTag()]))
}

export function open(key, base64) {
  const bytes = Buffer.from(base64, 'base64')
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(1, 13))
  decipher.setAuthTag(bytes.subarray(-16))
  return JSON.parse(Buffer.concat([decipher.update(bytes.subarray(13, -16)), decipher.final()]).toString())
}

// Keys are wrapped for the account's content key: 0x00, an ephemeral key, a nonce, a box.
export function unwrap(secretKey, base64) {
  const bytes = new Uint8Array(Buffer.from(base64, 'base64'))
  const key = nacl.box.open(bytes.subarray(57), bytes.subarray(33, 57), bytes.subarray(1, 33), secretKey)
  assert.ok(key, 'the wrapped key opens')
  return key
}

// What a terminal is told when it is let in: an ephemeral key, a nonce, a box of 0x00 and the content key.
export function admission(terminalKey, contentKey) {
  const ephemeral = nacl.box.keyPair()
  const nonce = randomBytes(24)
  const box = nacl.box(new Uint8Array([0, ...contentKey]), nonce, terminalKey, ephemeral.secretKey)
  return b64(Buffer.concat([ephemeral.publicKey, nonce, box]))
}
