import { SegmentedControl, Stack } from '@mantine/core'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { statusOf } from '@/api/problem'
import { Card } from '@/components/card'
import { Page } from '@/components/page'
import { Empty } from '@/components/resource'
import { t } from '@/i18n'
import { Compose } from './compose'
import { Enter } from './enter'
import { Feed, Thoughts } from './feed'
import { socialApi, useSelf } from './session'

const s = t.social

export default function Timeline() {
  const { feed, tag } = useSearch({ strict: false }) as { feed?: string; tag?: string }
  const navigate = useNavigate()
  const self = useSelf()
  const count = socialApi.useQuery('get', '/social/users/count', {}, { retry: false })
  if (statusOf(count.error) === 404)
    return (
      <Page title={t.nav.timeline}>
        <Card>
          <Empty>{s.off}</Empty>
        </Card>
      </Page>
    )
  const home = self.data && feed !== 'public'
  return (
    <Page title={tag ? `#${tag}` : t.nav.timeline}>
      <div className="social">
        <Stack gap="sm">
          {self.data ? <Compose /> : self.data === null && <Enter />}
          {self.data && !tag && (
            <SegmentedControl
              aria-label={t.nav.timeline}
              value={home ? 'home' : 'public'}
              onChange={(feed) => void navigate({ to: '/social', search: { feed } })}
              data={[
                { value: 'home', label: s.home },
                { value: 'public', label: s.everybody },
              ]}
            />
          )}
          {tag ? (
            <Tagged name={tag} />
          ) : (
            <Feed
              key={home ? 'home' : 'public'}
              path={home ? '/social/feed' : '/social/feed/public'}
              empty={home ? s.emptyHome : s.emptyPublic}
            />
          )}
        </Stack>
        <Popular />
      </div>
    </Page>
  )
}

function Tagged({ name }: { name: string }) {
  const found = socialApi.useQuery('get', '/social/tags/{name}', { params: { path: { name } } })
  return found.data ? <Thoughts of={found.data.items} empty={s.emptyPublic} /> : null
}

function Popular() {
  const popular = socialApi.useQuery('get', '/social/tags/popular', { params: { query: { limit: 10 } } })
  if (!popular.data?.tags.length) return <div />
  return (
    <Card title={s.popular}>
      {popular.data.tags.map(({ name, thought_count }) => (
        <div key={name}>
          <Link to="/social" search={{ tag: name }}>
            #{name}
          </Link>{' '}
          <span className="excerpt">{thought_count}</span>
        </div>
      ))}
    </Card>
  )
}
