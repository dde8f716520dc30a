// Accepting and refusing websocket upgrades on a plain HTTP server.
import http from 'node:http'
import { createRequire } from 'node:module'

const { WebSocket, WebSocketServer } = createRequire(import.meta.url)('ws')

export { WebSocket }
export const OPEN = WebSocket.OPEN

/** Completes handshakes that the caller has routed and checked. */
export const acceptor = (options = {}) =>
  new WebSocketServer({ noServer: true, maxPayload: 10_000_000, perMessageDeflate: false, ...options })

/** Answers an upgrade request with an HTTP error: text, or an object as JSON. */
export function reject(socket, status, body) {
  const isText = typeof body === 'string'
  const text = isText ? body : JSON.stringify(body)
  const headers = [
    `HTTP/1.1 ${status} ${http.STATUS_CODES[status]}`,
    `content-type: ${isText ? 'text/plain; charset=utf-8' : 'application/json'}`,
    `content-length: ${Buffer.byteLength(text)}`,
    'connection: close',
  ]
  socket.end(`${headers.join('\r\n')}\r\n\r\n${text}`)
}
