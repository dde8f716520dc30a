import { Button, Stack, Text } from '@mantine/core'
import { useNavigate, useParams } from '@tanstack/react-router'
import { api, client } from '@/api/client'
import { confirm, done, useAct } from '@/components/act'
import { Status, Time } from '@/components/bits'
import { Card } from '@/components/card'
import { Page } from '@/components/page'
import { Resource } from '@/components/resource'
import { Table } from '@/components/table'
import { t } from '@/i18n'
import { Workbench } from './workbench'

const s = t.appview.scripts

export default function Script() {
  const { id } = useParams({ strict: false }) as { id: string }
  const script = api.useQuery('get', '/admin/scripts/{id}', { params: { path: { id } } })
  const navigate = useNavigate()
  const [act] = useAct()
  const remove = () =>
    confirm(t.common.confirmDelete(id), async () => {
      const path = { params: { path: { id } } }
      if (await act(() => done(client.DELETE('/admin/scripts/{id}', path)), t.common.deleted))
        void navigate({ to: '/scripts' })
    })
  return (
    <Page
      title={id}
      back={{ to: '/scripts', label: t.nav.scripts }}
      actions={
        <Button variant="default" onClick={remove}>
          {t.common.delete}
        </Button>
      }
    >
      <Resource of={script}>
        {(found) => (
          <Stack>
            <Workbench
              key={found.updated_at}
              kind={id.split(':')[0] ?? ''}
              trigger={id}
              script={found}
              stored={() => undefined}
            />
            <Lately id={id} />
          </Stack>
        )}
      </Resource>
    </Page>
  )
}

/** What the event log has about it: lines that it logged, and failures. */
function Lately({ id }: { id: string }) {
  const query = { category: 'script', subject: id, limit: 30 }
  const events = api.useQuery('get', '/admin/events', { params: { query } }, { refetchInterval: 5_000 })
  return (
    <Card title={s.events} flush>
      <Resource of={events}>
        {({ events }) => (
          <Table
            label={s.events}
            rows={events}
            id={({ id }) => id}
            empty={s.noEvents}
            columns={[
              { title: t.system.overview.what, cell: ({ event_type }) => event_type },
              { title: t.appview.jobs.status, cell: ({ severity }) => <Status value={severity} /> },
              {
                title: t.common.details,
                cell: ({ detail }) => (
                  <Text size="xs" className="break">
                    {JSON.stringify(detail)}
                  </Text>
                ),
              },
              { title: t.system.overview.when, cell: ({ created_at }) => <Time at={created_at} /> },
            ]}
          />
        )}
      </Resource>
    </Card>
  )
}
