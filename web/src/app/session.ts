import { type QueryClient, queryOptions, useQuery, useQueryClient } from '@tanstack/react-query'
import { client, type Schemas } from '@/api/client'
import { statusOf } from '@/api/problem'
import { at, home } from './base'

/** Who is signed in; `null` for nobody. */
const ME = queryOptions({
  queryKey: ['me'],
  staleTime: 60_000,
  queryFn: async (): Promise<Schemas['Me'] | null> => {
    const { data, error } = await client.GET('/auth/me')
    if (data) return data
    if (statusOf(error) === 401) return null
    throw error
  },
})

/** What the server says about itself. */
const CONFIG = queryOptions({
  queryKey: ['config'],
  staleTime: Number.POSITIVE_INFINITY,
  queryFn: async () => {
    const { data, error } = await client.GET('/config')
    if (data) return data
    throw error
  },
})

export const useMe = () => useQuery(ME)
export const useConfig = () => useQuery(CONFIG)

/** Asks what every page needs, before there is one: index.html has the same two, so they are on their way before any script is there. */
export function askFirst(queries: QueryClient) {
  void queries.prefetchQuery(CONFIG)
  return queries.ensureQueryData(ME).catch(() => undefined)
}

/** Goes to the PDS of whoever signs in; it comes back to the page where one was. */
export async function signIn(handle: string, scope?: string) {
  const to = location.pathname.startsWith(home) ? location.pathname + location.search : `${home}/`
  const { data, error } = await client.GET('/auth/login', {
    params: { query: { handle: handle.trim().replace(/^@/, ''), redirect_uri: to, scope } },
  })
  if (!data) throw error
  location.assign(data.url)
  // It stays busy until the other page is there.
  await new Promise(() => {})
}

export function useSignOut() {
  const queries = useQueryClient()
  return async () => {
    await client.POST('/auth/logout')
    sessionStorage.clear()
    queries.clear()
    location.assign(at('/dashboard/'))
  }
}
