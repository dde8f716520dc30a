import { Link } from '@tanstack/react-router'
import { api } from '@/api/client'
import { useConfig } from '@/app/session'
import { Card } from '@/components/card'
import { Fact, Facts } from '@/components/facts'
import { bytes } from '@/components/format'
import { Resource } from '@/components/resource'
import { t } from '@/i18n'

const s = t.system.settings
const o = t.system.overview

/** What is kept and what can be made again, by the server's names. */
const TIERS: { [name: string]: string } = { state: o.durable, index: o.rebuildable }

/** How much room the databases take. */
export function Storage() {
  const storage = api.useQuery('get', '/admin/storage')
  const info = api.useQuery('get', '/admin/settings/db-info')
  return (
    <Card title={s.storage}>
      <Resource of={storage}>
        {({ tiers, free_bytes }) => (
          <Facts>
            {tiers.map(({ name, bytes: size }) => (
              <Fact key={name} name={TIERS[name] ?? name}>
                {bytes(size)}
              </Fact>
            ))}
            {free_bytes != null && <Fact name={s.free}>{bytes(free_bytes)}</Fact>}
            {info.data && <Fact name={s.engine}>{info.data.backend}</Fact>}
          </Facts>
        )}
      </Resource>
    </Card>
  )
}

/** Which version it is, and whom it listens to. */
export function About() {
  const config = useConfig()
  return (
    <Card title={s.about}>
      <Resource of={config}>
        {({ version, public_url, jetstream_url, relay_url, plc_url }) => (
          <Facts>
            <Fact name={s.version}>{version}</Fact>
            <Fact name={s.address}>{public_url}</Fact>
            <Fact name={s.jetstream}>{jetstream_url}</Fact>
            <Fact name={s.relay}>{relay_url}</Fact>
            <Fact name={s.plc}>{plc_url}</Fact>
            <Fact name={s.api}>
              <Link to="/api">{s.reference}</Link>
            </Fact>
          </Facts>
        )}
      </Resource>
    </Card>
  )
}
