import createClient, { type Middleware } from 'openapi-fetch'
import createHooks from 'openapi-react-query'
import { base } from '@/app/base'
import type { components, paths } from '../../../clients/typescript/src/schema'

export type Schemas = components['schemas']

/** Refusals carry their status, whatever shape their body has. */
export const withStatus: Middleware = {
  async onResponse({ response }) {
    if (response.ok) return undefined
    const text = await response.text()
    let body: Record<string, unknown> = {}
    try {
      body = JSON.parse(text)
    } catch {
      // Whatever stands in front of the server answers in its own words.
    }
    const { message, correlationId } = body
    const error = typeof body.error === 'string' ? body.error : `The server answered ${response.status}`
    const refusal = { status: response.status, error, message, correlationId }
    return new Response(JSON.stringify(refusal), {
      status: response.status,
      headers: { 'content-type': 'application/json' },
    })
  },
}

/** The server, in the name of whoever is signed in. Cookies go along, and browsers say that it is our page that asks. */
export const client = createClient<paths>({ baseUrl: base || location.origin, credentials: 'same-origin' })
client.use(withStatus)

export const api = createHooks(client)
