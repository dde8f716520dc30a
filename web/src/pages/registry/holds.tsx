import { Button, Checkbox, Group, Stack, Text, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { api, client, type Schemas } from '@/api/client'
import { done, useAct } from '@/components/act'
import { Id } from '@/components/bits'
import { Card } from '@/components/card'
import { bytes, number } from '@/components/format'
import { Resource } from '@/components/resource'
import { t } from '@/i18n'

const r = t.registry.mine

/** How much room one has, and where one’s layers go. */
export function Holds() {
  const settings = api.useQuery('get', '/api/registry/settings')
  return (
    <Card title={r.holds}>
      <Resource of={settings}>
        {(found) => (
          <Stack>
            {found.holds.map(({ did, here, blobs, bytes: used, limit }) => (
              <div key={did}>
                <Group justify="space-between">
                  <Group gap="xs">
                    <Id value={did} />
                    {here && <Text size="sm">{r.thisServer}</Text>}
                  </Group>
                  <Text size="sm">
                    {r.used(number(blobs), bytes(used), limit == null ? r.noLimit : bytes(limit))}
                  </Text>
                </Group>
                {limit != null && (
                  <svg className="meter" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
                    <rect width={Math.min((used / Math.max(limit, 1)) * 100, 100)} height="4" />
                  </svg>
                )}
              </div>
            ))}
            <Preferences of={found} />
          </Stack>
        )}
      </Resource>
    </Card>
  )
}

function Preferences({ of }: { of: Schemas['RegistrySettings'] }) {
  const [hold, setHold] = useState(of.default_hold ?? '')
  const [tidy, setTidy] = useState(of.auto_remove_untagged)
  const [act, busy] = useAct()
  const save = (event: FormEvent) => {
    event.preventDefault()
    const body = { default_hold: hold || null, auto_remove_untagged: tidy }
    void act(() => done(client.PUT('/api/registry/settings', { body })), t.common.saved)
  }
  return (
    <form onSubmit={save}>
      <Stack>
        <TextInput
          label={r.defaultHold}
          description={r.defaultHoldHelp}
          placeholder="did:web:hold.example.com"
          value={hold}
          onChange={(event) => setHold(event.currentTarget.value)}
          maw={420}
        />
        <Checkbox label={r.tidy} checked={tidy} onChange={(event) => setTidy(event.currentTarget.checked)} />
        <Group>
          <Button type="submit" variant="default" loading={busy}>
            {t.common.save}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
