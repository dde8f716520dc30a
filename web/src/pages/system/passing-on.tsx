import { Button, Group, Select, Stack, TagsInput, Text } from '@mantine/core'
import { useState } from 'react'
import { api, client, type Schemas } from '@/api/client'
import { done, useAct } from '@/components/act'
import { Card } from '@/components/card'
import { Resource } from '@/components/resource'
import { t } from '@/i18n'

const s = t.system.settings

/** What becomes of calls that the server does not answer itself. */
export function PassingOn() {
  const proxy = api.useQuery('get', '/admin/settings/xrpc-proxy')
  return (
    <Card title={s.proxy}>
      <Resource of={proxy}>{(policy) => <ProxyForm key={JSON.stringify(policy)} policy={policy} />}</Resource>
    </Card>
  )
}

function ProxyForm({ policy }: { policy: Schemas['XrpcProxyPolicy'] }) {
  const [mode, setMode] = useState(policy.mode)
  const [nsids, setNsids] = useState(policy.nsids ?? [])
  const [act, busy] = useAct()
  const listed = mode === 'allowlist' || mode === 'blocklist'
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        {s.proxyHelp}
      </Text>
      <Select
        label={s.mode}
        data={Object.entries(s.modes).map(([value, label]) => ({ value, label }))}
        value={mode}
        onChange={(value) => value && setMode(value as Schemas['ProxyMode'])}
        allowDeselect={false}
      />
      {listed && <TagsInput label={s.nsids} value={nsids} onChange={setNsids} placeholder="com.example.*" />}
      <Group>
        <Button
          variant="default"
          loading={busy}
          onClick={() =>
            act(
              () => done(client.PUT('/admin/settings/xrpc-proxy', { body: { mode, nsids } })),
              t.common.saved,
            )
          }
        >
          {t.common.save}
        </Button>
      </Group>
    </Stack>
  )
}
