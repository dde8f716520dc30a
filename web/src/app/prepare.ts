import { api } from '@/api/client'
import { queryClient } from '@/api/query'
import { router } from './router'
import { askFirst } from './session'

/** What operators' pages that one often begins with ask for, as they ask for it. */
const ASKED: { [path: string]: () => void } = {
  '/': () => {
    void queryClient.prefetchQuery(api.queryOptions('get', '/admin/stats', {}))
    void queryClient.prefetchQuery(api.queryOptions('get', '/admin/storage', {}))
  },
  '/lexicons': () => {
    void queryClient.prefetchQuery(api.queryOptions('get', '/admin/lexicons'))
    void queryClient.prefetchQuery(api.queryOptions('get', '/admin/scripts'))
  },
}

/** Asks who is there, and fetches the page that the address means and what it is going to show, before anything is drawn. */
export function prepare() {
  const whoever = askFirst(queryClient)
  const page = router.matchRoutes(router.latestLocation).at(-1)
  if (!page) return
  const route = router.routesById[page.routeId as keyof typeof router.routesById]
  // What fails here is tried again, and told, when the page is shown.
  void Promise.resolve(router.loadRouteChunk(route)).catch(() => undefined)
  void whoever.then((me) => me?.is_admin && ASKED[page.fullPath]?.())
}
