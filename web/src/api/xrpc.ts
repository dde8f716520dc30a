import { at } from '@/app/base'
import type { Refusal } from './problem'

/** What a method answered, whatever it was. */
export interface Answer {
  status: number
  seconds: number
  headers: [string, string][]
  body: unknown
}

/** What is worth showing of the head of an answer. */
const HEADERS = /^(ratelimit-|retry-after|atproto-|content-type)/

/** Calls a method as a client would, in the name of whoever is signed in: a query, or with `input` a procedure. */
export async function call(nsid: string, query: string, input?: string): Promise<Answer> {
  const begun = performance.now()
  const seconds = () => (performance.now() - begun) / 1000
  try {
    const response = await fetch(at(`/xrpc/${encodeURIComponent(nsid)}${query && `?${query}`}`), {
      method: input === undefined ? 'GET' : 'POST',
      body: input,
      headers: input === undefined ? {} : { 'content-type': 'application/json' },
    })
    const body = parsed(await response.text())
    const headers = [...response.headers].filter(([name]) => HEADERS.test(name))
    return { status: response.status, seconds: seconds(), headers, body }
  } catch (error) {
    return { status: 0, seconds: seconds(), headers: [], body: String(error) }
  }
}

/** The same, with refusals as exceptions. */
export async function answerOf(nsid: string, query: string): Promise<unknown> {
  const { status, body } = await call(nsid, query)
  if (status === 0) throw new TypeError(String(body))
  if (status < 400) return body
  const { error, message } = (typeof body === 'object' && body ? body : {}) as Partial<Refusal>
  const refusal: Refusal = { status, error: error ?? `The server answered ${status}`, message }
  throw refusal
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
