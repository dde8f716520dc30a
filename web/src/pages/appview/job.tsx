import { Alert, Button, Stack, Text } from '@mantine/core'
import { useParams } from '@tanstack/react-router'
import { api, client } from '@/api/client'
import { done, useAct } from '@/components/act'
import { Status } from '@/components/bits'
import { Card } from '@/components/card'
import { Json } from '@/components/json'
import { Page } from '@/components/page'
import { Resource } from '@/components/resource'
import { t } from '@/i18n'

const j = t.appview.jobs

/** What can be done with a job in each state. */
const ACTIONS: Record<string, ('pause' | 'resume' | 'cancel' | 'retry')[]> = {
  pending: ['cancel'],
  running: ['pause', 'cancel'],
  paused: ['resume', 'cancel'],
  failed: ['retry'],
}

export default function Job() {
  const { id } = useParams({ strict: false }) as { id: string }
  const path = { params: { path: { id } } }
  const job = api.useQuery('get', '/admin/jobs/{id}', path, { refetchInterval: 2_000 })
  const logs = api.useQuery('get', '/admin/jobs/{id}/logs', path, { refetchInterval: 2_000 })
  const [act] = useAct()
  return (
    <Page
      title={job.data ? j.title(job.data.job_type) : t.nav.jobs}
      back={{ to: '/jobs', label: t.nav.jobs }}
      actions={(ACTIONS[job.data?.status ?? ''] ?? []).map((action) => (
        <Button
          key={action}
          variant="default"
          onClick={() => act(() => done(client.POST(`/admin/jobs/{id}/${action}`, path)), j.done)}
        >
          {j[action]}
        </Button>
      ))}
    >
      <Resource of={job}>
        {({ status, input, progress, result, error }) => (
          <Stack>
            <div>
              <Status value={status} />
            </div>
            {error && (
              <Alert color="red" title={j.error}>
                <Text size="sm" className="break">
                  {error}
                </Text>
              </Alert>
            )}
            <div className="columns">
              <Card title={j.input}>
                <Json value={input} label={j.input} />
              </Card>
              <Card title={j.progress}>
                <Json value={progress} label={j.progress} />
              </Card>
              <Card title={j.result}>
                <Json value={result} label={j.result} />
              </Card>
            </div>
          </Stack>
        )}
      </Resource>
      <Card title={j.log}>
        <Resource of={logs}>
          {({ logs }) => (
            <div className="log">
              {logs.length ? logs.map(({ level, message }) => `${level} ${message}`).join('\n') : j.noLog}
            </div>
          )}
        </Resource>
      </Card>
    </Page>
  )
}
