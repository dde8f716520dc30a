import { Button, Group, Select, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { api, client, type Schemas } from '@/api/client'
import { done, useAct } from '@/components/act'
import { Id, Tool } from '@/components/bits'
import { Card } from '@/components/card'
import { Resource } from '@/components/resource'
import { t } from '@/i18n'

const s = t.system.settings

/** What the server is called among services, and which of them it offers. */
export function Identity() {
  const identity = api.useQuery('get', '/admin/service-identity')
  const entries = api.useQuery('get', '/admin/service-entries')
  const [act] = useAct()
  const [fragment, setFragment] = useState('')
  const [type, setType] = useState('')
  const found = identity.data as Schemas['ServiceIdentity'] | null | undefined
  return (
    <Card title={s.identity}>
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          {s.identityHelp}
        </Text>
        <Select
          label={s.mode2}
          placeholder={s.noIdentity}
          data={Object.entries(s.identities).map(([value, label]) => ({ value, label }))}
          value={found?.mode ?? null}
          onChange={(mode) =>
            mode && act(() => done(client.PUT('/admin/service-identity', { body: { mode } })), t.common.saved)
          }
          allowDeselect={false}
        />
        {found?.did && <Id value={found.did} />}
        {found?.mode === 'did_plc' && (
          <Group>
            <Button
              variant="default"
              onClick={() => act(() => done(client.POST('/admin/service-entries/sync-plc')), t.common.saved)}
            >
              {s.syncPlc}
            </Button>
          </Group>
        )}
        <Resource of={entries}>
          {(all) => (
            <Stack gap={4}>
              {all.map(({ id, fragment_id, service_type, access_mode }) => (
                <Group key={id} justify="space-between" wrap="nowrap">
                  <Text size="sm" className="break">
                    {fragment_id} · {service_type} · {access_mode}
                  </Text>
                  <Tool
                    icon="trash"
                    label={`${t.common.delete} ${fragment_id}`}
                    onClick={() =>
                      act(
                        () =>
                          done(client.DELETE('/admin/service-entries/{id}', { params: { path: { id } } })),
                        t.common.deleted,
                      )
                    }
                  />
                </Group>
              ))}
            </Stack>
          )}
        </Resource>
        <form
          onSubmit={(event) => {
            event.preventDefault()
            const body = {
              fragment_id: fragment.startsWith('#') ? fragment : `#${fragment}`,
              service_type: type,
            }
            void act(() => done(client.POST('/admin/service-entries', { body })), t.common.saved)
          }}
        >
          <Group align="end">
            <TextInput
              label={s.fragment}
              placeholder="#view"
              value={fragment}
              onChange={({ currentTarget }) => setFragment(currentTarget.value)}
              required
              withAsterisk={false}
            />
            <TextInput
              label={s.serviceType}
              placeholder="ExampleAppView"
              value={type}
              onChange={({ currentTarget }) => setType(currentTarget.value)}
              required
              withAsterisk={false}
            />
            <Button type="submit" variant="default">
              {t.common.add}
            </Button>
          </Group>
        </form>
      </Stack>
    </Card>
  )
}
