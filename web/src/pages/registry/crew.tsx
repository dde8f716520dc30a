import { Button, Group, Select, Stack, Text, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { api, client, type Schemas } from '@/api/client'
import { PAGED } from '@/api/paged'
import { confirm, done, tell, useAct } from '@/components/act'
import { Tag, Time, Tool } from '@/components/bits'
import { Card } from '@/components/card'
import { bytes } from '@/components/format'
import { More } from '@/components/more'
import { Resource } from '@/components/resource'
import { Table } from '@/components/table'
import { t } from '@/i18n'
import { Owner } from './hold'

const h = t.hold

type Tier = Schemas['RegistryTier']
type Member = Schemas['RegistryCrewMember']

/** What stands for no tier of one's own. */
const DEFAULT = ''

const choices = (tiers: Tier[]) => [
  { value: DEFAULT, label: h.defaultTier },
  ...tiers.map(({ name, quota }) => ({ value: name, label: `${name}, ${bytes(quota)}` })),
]

/** Who may push and pull here with an account that they have elsewhere. */
export function Crew({ tiers }: { tiers: Tier[] }) {
  const pages = api.useInfiniteQuery('get', '/admin/registry/crew', {}, PAGED)
  const [act] = useAct()
  const change = ({ did, permissions }: Member, tier: string) =>
    act(
      () =>
        done(
          client.POST('/admin/registry/crew', { body: { account: did, permissions, tier: tier || null } }),
        ),
      t.common.saved,
    )
  const remove = ({ did, handle }: Member) =>
    confirm(
      h.removeOf(handle ?? did),
      () =>
        act(() => done(client.DELETE('/admin/registry/crew/{did}', { params: { path: { did } } })), h.letGo),
      h.removeHelp,
      h.remove,
    )
  return (
    <Card title={h.crew} flush>
      <Stack gap="sm" px="md" pb="md">
        <Text size="sm" c="dimmed">
          {h.crewHelp}
        </Text>
        <Add tiers={tiers} />
      </Stack>
      <Resource of={pages}>
        {({ pages: all }) => (
          <Table
            label={h.crew}
            rows={all.flatMap(({ crew }) => crew)}
            id={({ did }) => did}
            empty={h.noCrew}
            columns={[
              { title: h.account, cell: ({ did, handle }) => <Owner did={did} handle={handle} /> },
              {
                title: h.may,
                cell: ({ permissions }) => (
                  <Group gap={4}>
                    {permissions.map((name) => (
                      <Tag key={name}>{h.rights[name as keyof typeof h.rights] ?? name}</Tag>
                    ))}
                  </Group>
                ),
              },
              {
                title: h.tier,
                cell: (member) =>
                  tiers.length === 0 ? (
                    '–'
                  ) : (
                    <Select
                      size="xs"
                      w={170}
                      aria-label={h.tierOf(member.handle ?? member.did)}
                      data={choices(tiers)}
                      value={member.tier ?? DEFAULT}
                      onChange={(tier) => tier !== null && void change(member, tier)}
                      allowDeselect={false}
                    />
                  ),
              },
              { title: h.since, cell: ({ added_at }) => <Time at={added_at} /> },
              {
                title: t.common.actions,
                bare: true,
                cell: (member) => (
                  <Tool
                    icon="trash"
                    label={`${h.remove}: ${member.handle ?? member.did}`}
                    onClick={() => remove(member)}
                  />
                ),
              },
            ]}
          />
        )}
      </Resource>
      <More of={pages} />
    </Card>
  )
}

function Add({ tiers }: { tiers: Tier[] }) {
  const [account, setAccount] = useState('')
  const [may, setMay] = useState('blob:write')
  const [tier, setTier] = useState(DEFAULT)
  const [act, busy] = useAct()
  const add = async (event: FormEvent) => {
    event.preventDefault()
    const body = { account: account.trim(), permissions: [may], tier: tier || null }
    const work = async () => {
      const { handle, did } = await done(client.POST('/admin/registry/crew', { body }))
      tell(h.takenOn(handle ?? did))
    }
    if (await act(work)) setAccount('')
  }
  return (
    <form onSubmit={add} aria-label={h.add}>
      <Group align="end">
        <TextInput
          label={h.account}
          placeholder={t.signIn.placeholder}
          value={account}
          onChange={(event) => setAccount(event.currentTarget.value)}
          required
          withAsterisk={false}
          autoCapitalize="none"
          spellCheck={false}
          w={{ base: '100%', xs: 280 }}
        />
        <Select
          label={h.may}
          data={Object.entries(h.rights).map(([value, label]) => ({ value, label }))}
          value={may}
          onChange={(value) => value && setMay(value)}
          allowDeselect={false}
          w={{ base: '100%', xs: 190 }}
        />
        {tiers.length > 0 && (
          <Select
            label={h.tier}
            data={choices(tiers)}
            value={tier}
            onChange={(value) => setTier(value ?? DEFAULT)}
            allowDeselect={false}
            w={{ base: '100%', xs: 170 }}
          />
        )}
        <Button type="submit" variant="default" loading={busy}>
          {h.add}
        </Button>
      </Group>
    </form>
  )
}
