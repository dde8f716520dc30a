/**
 * A typed client for the HTTP interface of a Belvedere server.
 *
 * @module
 */

import createClient, { type Client } from 'openapi-fetch'
import { BelvedereError } from './error.js'
import type { components, operations, paths } from './schema.js'

export { BelvedereError } from './error.js'
export type { operations, paths }

/** The types that go in and come out, by name: `Schemas['Lexicon']`. */
export type Schemas = components['schemas']

/** Where the server is and who is calling. */
export interface AdminClientOptions {
  /** The server's address, e.g. `https://belvedere.example`. */
  baseUrl: string
  /** An API key (`hv_…`). Without one: what is public, and, on a page of the server itself, what the
   * session of whoever is signed in there admits. */
  apiKey?: string
  /** In place of the global `fetch`. */
  fetch?: (request: Request) => Promise<Response>
}

/** One method per HTTP method; paths, parameters, bodies and answers are those of the server's OpenAPI document. */
export type AdminClient = Client<paths>

/** A client. It holds no connection and need not be closed. */
export function createAdminClient({ baseUrl, apiKey, fetch }: AdminClientOptions): AdminClient {
  return createClient<paths>({
    baseUrl,
    ...(apiKey !== undefined && { headers: { authorization: `Bearer ${apiKey}` } }),
    ...(fetch !== undefined && { fetch }),
  })
}

/**
 * The data of a call that succeeded; throws a {@link BelvedereError} for one that did not.
 *
 * ```js
 * const lexicons = await data(client.GET('/admin/lexicons'))
 * ```
 */
export async function data<Data>(call: Promise<Outcome<Data>>): Promise<Data> {
  const outcome = await call
  if (outcome.response.ok) return outcome.data as Data
  throw new BelvedereError(outcome.response.status, outcome.error)
}

/** What a call of the client resolves to. */
interface Outcome<Data> {
  data?: Data
  error?: unknown
  response: Response
}
