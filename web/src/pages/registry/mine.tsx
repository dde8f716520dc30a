import { Button, Group, Stack } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { api, client } from '@/api/client'
import { PAGED } from '@/api/paged'
import { at } from '@/app/base'
import { useMe } from '@/app/session'
import { confirm, done, useAct } from '@/components/act'
import { Card } from '@/components/card'
import { More } from '@/components/more'
import { Page } from '@/components/page'
import { Resource } from '@/components/resource'
import { Table } from '@/components/table'
import { t } from '@/i18n'
import { Devices } from './devices'
import { Holds } from './holds'
import { SignIn } from './sign-in'

const r = t.registry.mine

/** What the registry has of whoever is signed in. */
export default function Mine() {
  const me = useMe()
  return (
    <Page title={t.nav.myRegistry} intro={r.intro} back={{ to: '/registry', label: t.nav.images }}>
      {me.data && (
        <Stack>
          <Holds />
          <div className="columns">
            <Devices />
            <Stars />
          </div>
          <Data />
        </Stack>
      )}
      {me.data === null && <SignIn />}
    </Page>
  )
}

function Stars() {
  const pages = api.useInfiniteQuery('get', '/api/registry/stars', {}, PAGED)
  return (
    <Card title={r.stars} flush>
      <Resource of={pages}>
        {({ pages: all }) => (
          <Table
            label={r.stars}
            rows={all.flatMap(({ repositories }) => repositories)}
            id={(name) => name}
            empty={r.noStars}
            columns={[
              {
                title: t.nav.images,
                cell: (name) => (
                  <Link to="/registry/r/$" params={{ _splat: name }} className="break">
                    {name}
                  </Link>
                ),
              },
            ]}
          />
        )}
      </Resource>
      <More of={pages} />
    </Card>
  )
}

function Data() {
  const me = useMe()
  const [act] = useAct()
  const query = { params: { query: { confirm: me.data?.did ?? '' } } }
  const forget = () =>
    confirm(
      r.forget,
      () => act(() => done(client.DELETE('/api/registry/data', query)), t.common.deleted),
      r.forgetHelp,
      r.forget,
    )
  return (
    <Card title={r.data}>
      <Group>
        <Button component="a" variant="default" href={at('/api/registry/data')} download="registry.json">
          {r.takeAlong}
        </Button>
        <Button variant="default" onClick={forget}>
          {r.forget}
        </Button>
      </Group>
    </Card>
  )
}
