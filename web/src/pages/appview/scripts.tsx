import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { api } from '@/api/client'
import { Time } from '@/components/bits'
import { Card } from '@/components/card'
import { Icon } from '@/components/icon'
import { Name } from '@/components/name'
import { Page } from '@/components/page'
import { Empty, Resource } from '@/components/resource'
import { Table } from '@/components/table'
import { t } from '@/i18n'

const s = t.appview.scripts

export default function Scripts() {
  const scripts = api.useQuery('get', '/admin/scripts')
  const add = (
    <Button component={Link} to="/scripts/new" leftSection={<Icon name="plus" size={16} />}>
      {s.add}
    </Button>
  )
  return (
    <Page title={t.nav.scripts} intro={s.intro} actions={add}>
      <Card flush>
        <Resource of={scripts}>
          {(all) => (
            <Table
              label={t.nav.scripts}
              rows={all}
              id={({ id }) => id}
              empty={<Empty action={add}>{s.none}</Empty>}
              columns={[
                {
                  title: s.trigger,
                  cell: ({ id }) => (
                    <Link to="/scripts/$id" params={{ id }} className="name">
                      <Name>{id}</Name>
                    </Link>
                  ),
                },
                { title: s.description, cell: ({ description }) => description || '–' },
                { title: s.calls, cell: ({ outbound_xrpcs }) => outbound_xrpcs.join(', ') || '–' },
                { title: s.changed, cell: ({ updated_at }) => <Time at={updated_at} /> },
              ]}
            />
          )}
        </Resource>
      </Card>
    </Page>
  )
}
