import { Anchor, Button, Stack, Text, Title } from '@mantine/core'
import {
  createRootRoute,
  createRoute,
  createRouter,
  Link,
  lazyRouteComponent,
  type RouteComponent,
} from '@tanstack/react-router'
import { Page } from '@/components/page'
import { t } from '@/i18n'
import { home } from './base'
import { Shell } from './shell'
import { SignIn } from './sign-in'

const root = createRootRoute({
  component: Shell,
  notFoundComponent: () => (
    <Page title={t.common.notFound}>
      <Anchor component={Link} to="/">
        {t.common.toOverview}
      </Anchor>
    </Page>
  ),
  errorComponent: ({ error, reset }) => (
    <Stack p="xl" role="alert">
      <Title order={1}>{t.common.crashed}</Title>
      <Text c="dimmed">{error instanceof Error ? error.message : String(error)}</Text>
      <Button onClick={reset}>{t.common.retry}</Button>
    </Stack>
  ),
})

/** Strings as they stand in the address; each page knows which it looks at. */
type Search = { [name: string]: string | undefined }

type Loads = () => Promise<{ default: RouteComponent }>

/** A page that is fetched when somebody goes there. */
const page = <Path extends string>(path: Path, load: Loads) =>
  createRoute({
    getParentRoute: () => root,
    path,
    component: lazyRouteComponent(load, 'default'),
    validateSearch: (search: Record<string, unknown>): Search =>
      Object.fromEntries(
        Object.entries(search).flatMap(([name, value]) => (value == null ? [] : [[name, String(value)]])),
      ),
  })

const routes = [
  createRoute({ getParentRoute: () => root, path: '/sign-in', component: () => <SignIn /> }),
  page('/', () => import('@/pages/overview')),
  page('/setup', () => import('@/pages/setup')),
  page('/lexicons', () => import('@/pages/appview/lexicons')),
  page('/lexicons/new', () => import('@/pages/appview/new-lexicon')),
  page('/lexicons/$id', () => import('@/pages/appview/lexicon')),
  page('/records', () => import('@/pages/appview/records')),
  page('/records/$did/$collection/$rkey', () => import('@/pages/appview/record')),
  page('/queries', () => import('@/pages/appview/queries')),
  page('/backfills', () => import('@/pages/appview/backfills')),
  page('/backfills/$id', () => import('@/pages/appview/backfill')),
  page('/scripts', () => import('@/pages/appview/scripts')),
  page('/scripts/new', () => import('@/pages/appview/new-script')),
  page('/scripts/$id', () => import('@/pages/appview/script')),
  page('/labelers', () => import('@/pages/appview/labelers')),
  page('/dead-letters', () => import('@/pages/appview/dead-letters')),
  page('/jobs', () => import('@/pages/appview/jobs')),
  page('/jobs/$id', () => import('@/pages/appview/job')),
  page('/registry', () => import('@/pages/registry/home')),
  page('/registry/search', () => import('@/pages/registry/search')),
  page('/registry/mine', () => import('@/pages/registry/mine')),
  page('/registry/hold', () => import('@/pages/registry/hold')),
  page('/registry/u/$owner', () => import('@/pages/registry/owner')),
  page('/registry/r/$', () => import('@/pages/registry/repository')),
  page('/social', () => import('@/pages/social/timeline')),
  page('/social/t/$id', () => import('@/pages/social/thread')),
  page('/social/u/$username', () => import('@/pages/social/profile')),
  page('/social/notifications', () => import('@/pages/social/notifications')),
  page('/social/search', () => import('@/pages/social/search')),
  page('/social/settings', () => import('@/pages/social/settings')),
  page('/social/moderation', () => import('@/pages/social/moderation')),
  page('/sync', () => import('@/pages/sync/relay')),
  page('/api', () => import('@/pages/system/api')),
  page('/users', () => import('@/pages/system/users')),
  page('/keys', () => import('@/pages/system/keys')),
  page('/clients', () => import('@/pages/system/clients')),
  page('/variables', () => import('@/pages/system/variables')),
  page('/events', () => import('@/pages/system/events')),
  page('/domains', () => import('@/pages/system/domains')),
  page('/settings', () => import('@/pages/system/settings')),
]

export const router = createRouter({
  routeTree: root.addChildren(routes),
  basepath: home,
  defaultPreload: 'intent',
  scrollRestoration: true,
  // Values are text: what looks like a number stays what somebody typed.
  parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: (search) => {
    const text = new URLSearchParams(
      Object.entries(search).filter(([, value]) => value !== undefined && value !== '') as [string, string][],
    ).toString()
    return text && `?${text}`
  },
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
