import { Button, TextInput, Title } from '@mantine/core'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { api } from '@/api/client'
import { Snippet } from '@/components/bits'
import { Card } from '@/components/card'
import { Icon } from '@/components/icon'
import { Page } from '@/components/page'
import { Empty, Resource } from '@/components/resource'
import { t } from '@/i18n'
import { Images } from './image'

const r = t.registry

export default function Home() {
  const home = api.useQuery('get', '/api/registry', {}, { refetchInterval: 10_000 })
  const install = api.useQuery('get', '/api/registry/install')
  const navigate = useNavigate()
  const [q, setQ] = useState('')
  return (
    <Page
      title={t.nav.images}
      intro={r.intro}
      actions={
        <Button component={Link} to="/registry/mine" variant="default">
          {t.nav.myRegistry}
        </Button>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void navigate({ to: '/registry/search', search: { q } })
        }}
      >
        <TextInput
          aria-label={t.nav.findImages}
          placeholder={r.searchPlaceholder}
          value={q}
          onChange={(event) => setQ(event.currentTarget.value)}
          leftSection={<Icon name="search" size={16} />}
          size="md"
        />
      </form>
      <Resource of={home} lines={6}>
        {({ recent, starred }) => (
          <>
            <Title order={2}>{r.recent}</Title>
            {recent.length ? (
              <Images of={recent} label={r.recent} />
            ) : (
              <Card>
                <Empty>{r.none}</Empty>
              </Card>
            )}
            {starred.length > 0 && (
              <>
                <Title order={2}>{r.starred}</Title>
                <Images of={starred} label={r.starred} />
              </>
            )}
          </>
        )}
      </Resource>
      <Resource of={install} lines={2}>
        {({ clients }) => (
          <div className="columns">
            {clients.map(({ name, about, commands }) => (
              <Card key={name} title={name}>
                <p className="small">{about}</p>
                <Snippet what={name}>{commands.join('\n')}</Snippet>
              </Card>
            ))}
          </div>
        )}
      </Resource>
    </Page>
  )
}
