import { useQuery, useQueryClient } from '@tanstack/react-query'
import createClient from 'openapi-fetch'
import createHooks from 'openapi-react-query'
import { type Schemas, withStatus } from '@/api/client'
import { statusOf } from '@/api/problem'
import { base } from '@/app/base'
import { done } from '@/components/act'
import type { paths } from '../../../../clients/typescript/src/schema'

// The microblog knows people by tokens of its own. One lasts a day at most, and as long as this tab.
const KEY = 'belvedere.social'

const token = () => sessionStorage.getItem(KEY)

/** The microblog, in the name of whoever is somebody there. */
export const social = createClient<paths>({ baseUrl: base || location.origin, credentials: 'same-origin' })
social.use(withStatus, {
  onRequest({ request }) {
    const known = token()
    if (known) request.headers.set('authorization', `Bearer ${known}`)
    return request
  },
})

export const socialApi = createHooks(social)

const ME = ['social', 'me']

/** Who one is there; `null` for nobody. */
export function useSelf() {
  return useQuery({
    queryKey: ME,
    staleTime: 60_000,
    queryFn: async (): Promise<Schemas['SocialUser'] | null> => {
      if (!token()) return null
      const { data, error } = await social.GET('/social/users/me')
      if (data) return data
      if (statusOf(error) !== 401) throw error
      sessionStorage.removeItem(KEY)
      return null
    },
  })
}

/** Ways to become somebody there. */
export function useEnter() {
  const queries = useQueryClient()
  const take = async (session: Schemas['SocialSession']) => {
    sessionStorage.setItem(KEY, session.token)
    await queries.invalidateQueries()
  }
  return {
    withPassword: async (name: string, password: string) => {
      const body = name.includes('@') ? { email: name, password } : { username: name, password }
      await take(await done(social.POST('/social/auth/login', { body })))
    },
    register: async (body: Schemas['SocialRegistration']) =>
      take(await done(social.POST('/social/auth/register', { body }))),
    asSignedIn: async () => take(await done(social.POST('/social/auth/atproto', { body: {} }))),
    leave: async () => {
      sessionStorage.removeItem(KEY)
      await queries.invalidateQueries()
    },
  }
}
