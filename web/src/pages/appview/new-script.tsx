import { Autocomplete, Group, Select, Stack } from '@mantine/core'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { api } from '@/api/client'
import { Card } from '@/components/card'
import { Page } from '@/components/page'
import { t } from '@/i18n'
import { Workbench } from './workbench'

const s = t.appview.scripts

const KINDS = Object.entries(s.kinds).map(([value, label]) => ({ value, label: `${label} (${value})` }))

/** The type of lexicon that a kind of trigger is about. */
const typeFor = (kind: string) =>
  kind === 'xrpc.query' ? 'query' : kind === 'xrpc.procedure' ? 'procedure' : 'record'

export default function NewScript() {
  const { trigger = 'record.index:' } = useSearch({ strict: false }) as { trigger?: string }
  const [kind = 'record.index', target = ''] = trigger.split(':')
  const navigate = useNavigate()
  const lexicons = api.useQuery('get', '/admin/lexicons')
  const [about, setAbout] = useState(target)
  const choose = (kind: string, target: string) =>
    void navigate({ to: '.', search: { trigger: `${kind}:${target}` }, replace: true })
  const suitable = lexicons.data
    ?.filter(({ lexicon_type }) => lexicon_type === typeFor(kind))
    .map(({ id }) => id)
  return (
    <Page title={s.add} intro={s.intro} back={{ to: '/scripts', label: t.nav.scripts }}>
      <Stack>
        <Card>
          <Group align="start" grow preventGrowOverflow={false}>
            <Select
              label={s.kind}
              data={KINDS}
              value={kind}
              allowDeselect={false}
              onChange={(value) => value && choose(value, about)}
              miw={240}
            />
            <Autocomplete
              label={s.target}
              description={s.targetHelp}
              inputWrapperOrder={['label', 'input', 'description']}
              data={suitable ?? []}
              value={about}
              onChange={(value) => {
                setAbout(value)
                choose(kind, value)
              }}
              miw={240}
            />
          </Group>
        </Card>
        <Workbench
          key={kind}
          kind={kind}
          trigger={about ? `${kind}:${about}` : ''}
          stored={(id) => void navigate({ to: '/scripts/$id', params: { id } })}
        />
      </Stack>
    </Page>
  )
}
