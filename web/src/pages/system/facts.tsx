import { Stack, Text } from '@mantine/core'
import { api } from '@/api/client'
import { at } from '@/app/base'
import { useConfig } from '@/app/session'
import { Card } from '@/components/card'
import { bytes } from '@/components/format'
import { Resource } from '@/components/resource'
import { t } from '@/i18n'

const s = t.system.settings

/** How much room the databases take. */
export function Storage() {
  const storage = api.useQuery('get', '/admin/storage')
  const info = api.useQuery('get', '/admin/settings/db-info')
  return (
    <Card title={s.storage}>
      <Resource of={storage}>
        {({ tiers, free_bytes }) => (
          <Stack gap={4}>
            {tiers.map(({ name, bytes: size }) => (
              <Text key={name} size="sm">
                {name}: {bytes(size)}
              </Text>
            ))}
            {free_bytes != null && (
              <Text size="sm">
                {t.system.overview.free}: {bytes(free_bytes)}
              </Text>
            )}
            {info.data && (
              <Text size="sm" c="dimmed">
                {info.data.backend}
              </Text>
            )}
          </Stack>
        )}
      </Resource>
    </Card>
  )
}

/** What kind of database it is, and which version. */
export function About() {
  const config = useConfig()
  return (
    <Card title={s.about}>
      <Resource of={config}>
        {({ version, public_url, jetstream_url, relay_url, plc_url }) => (
          <Stack gap={4}>
            {[version, public_url, jetstream_url, relay_url, plc_url].map((value) => (
              <Text key={value} size="sm" className="break">
                {value}
              </Text>
            ))}
            <a href={at('/admin/openapi.json')}>{s.openapi}</a>
          </Stack>
        )}
      </Resource>
    </Card>
  )
}
