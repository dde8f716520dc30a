import { Button, Group, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { at } from '@/app/base'
import { confirm, useAct } from '@/components/act'
import { Time, Tool } from '@/components/bits'
import { Card } from '@/components/card'
import { Resource } from '@/components/resource'
import { Table } from '@/components/table'
import { t } from '@/i18n'

const r = t.registry.mine

interface Device {
  id: string
  name: string
  created_at: string
  last_used_at: string | null
}

/** What may push in one’s name, and a way to let one more in. */
export function Devices() {
  const devices = useQuery({
    queryKey: ['registry', 'devices'],
    queryFn: async (): Promise<Device[]> => {
      const response = await fetch(at('/api/registry/devices'))
      if (!response.ok) throw { status: response.status, error: response.statusText }
      return response.json()
    },
  })
  const [act] = useAct()
  const revoke = (id: string, name: string) =>
    confirm(
      t.common.confirmDelete(name),
      () =>
        act(async () => {
          const response = await fetch(at(`/api/registry/devices/${encodeURIComponent(id)}`), {
            method: 'DELETE',
          })
          if (!response.ok) throw { status: response.status, error: response.statusText }
        }, t.common.deleted),
      r.revokeHelp,
    )
  return (
    <Card title={r.devices} flush>
      <Approve />
      <Resource of={devices}>
        {(all) => (
          <Table
            label={r.devices}
            rows={all}
            id={({ id }) => id}
            empty={r.noDevices}
            columns={[
              { title: r.device, cell: ({ name, id }) => <span className="break">{name ?? id}</span> },
              { title: r.since, cell: ({ created_at }) => <Time at={created_at} /> },
              {
                title: t.common.actions,
                bare: true,
                cell: ({ id, name }) => (
                  <Tool icon="trash" label={t.common.delete} onClick={() => revoke(id, name)} />
                ),
              },
            ]}
          />
        )}
      </Resource>
    </Card>
  )
}

/** To the server's own page, which says what asks and works without a script. */
function Approve() {
  return (
    <form method="get" action={at('/device')} aria-label={r.approve}>
      <Group align="end" px="md" pb="md">
        <TextInput
          name="user_code"
          label={r.code}
          description={r.codeHelp}
          placeholder="WDJB-MJHT"
          maxLength={64}
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          required
          withAsterisk={false}
          flex={1}
          miw={180}
        />
        <Button type="submit" variant="default">
          {r.approve}
        </Button>
      </Group>
    </form>
  )
}
