// Fault rules that can be placed in front of any HTTP part of the network.
import { sendJson } from './http.mjs'
import { sleep } from './time.mjs'

export class Faults {
  rules = []
  #nextId = 1

  /**
   * `target`: plc, pds, relay, jetstream (websocket upgrades), labeler or *; `match`: substring of
   * "METHOD /path?query". The rest says what happens, how often and how likely.
   */
  add({
    target = '*',
    match = '',
    status = 0,
    body,
    headers = {},
    delayMs = 0,
    count,
    probability = 1,
    drop = false,
  }) {
    const id = this.#nextId++
    const rule = {
      id,
      target,
      match,
      status,
      body,
      headers,
      delayMs,
      count: count ?? null,
      probability,
      drop,
      hits: 0,
    }
    this.rules.push(rule)
    return rule
  }

  /** Removes one rule, or all of them. */
  clear(id) {
    this.rules = id == null ? [] : this.rules.filter((r) => r.id !== Number(id))
  }

  /** The first rule that applies to this request, with the hit counted. */
  take(targets, req) {
    const line = `${req.method} ${req.url}`
    const rule = this.rules.find(
      (r) =>
        (r.target === '*' || targets.includes(r.target)) &&
        line.includes(r.match) &&
        (r.count === null || r.hits < r.count) &&
        (r.probability >= 1 || Math.random() < r.probability),
    )
    if (rule) rule.hits++
    return rule
  }

  /** True when the request was answered (or destroyed) here. */
  async #apply(rule, req, res) {
    if (rule.delayMs) await sleep(rule.delayMs)
    if (rule.drop) {
      req.socket.destroy()
      return true
    }
    if (!rule.status) return false
    const error = rule.status === 429 ? 'RateLimitExceeded' : 'InternalServerError'
    sendJson(res, rule.status, rule.body ?? { error, message: 'injected fault' }, rule.headers)
    return true
  }

  /** Puts the rules for `target` before the request listeners of a server. */
  wrap(server, target) {
    const listeners = server.listeners('request')
    const pass = (req, res) => listeners.forEach((l) => l.call(server, req, res))
    server.removeAllListeners('request')
    server.on('request', (req, res) => {
      const rule = this.take([target], req)
      if (!rule) return pass(req, res)
      this.#apply(rule, req, res).then(
        (answered) => answered || pass(req, res),
        () => req.socket.destroy(),
      )
    })
  }
}
