import { Button, Group, Select, Stack, Text, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { Schemas } from '@/api/client'
import { confirm, done, useAct } from '@/components/act'
import { Status, Time, Tool } from '@/components/bits'
import { Card } from '@/components/card'
import { number } from '@/components/format'
import { Page } from '@/components/page'
import { Empty, Resource } from '@/components/resource'
import { Table } from '@/components/table'
import { t } from '@/i18n'
import { Enter } from './enter'
import { social, socialApi, useSelf } from './session'
import { called } from './thought'

const s = t.social.moderation

export default function Moderation() {
  const self = useSelf()
  return (
    <Page title={t.nav.moderation} intro={s.intro}>
      {self.data === null && <Enter />}
      {self.data && (
        <Stack>
          <Reports />
          <div className="columns">
            <Federation />
            <Rules />
          </div>
        </Stack>
      )}
    </Page>
  )
}

function Reports() {
  const reports = socialApi.useQuery('get', '/social/admin/reports', {}, { retry: false })
  const [act] = useAct()
  const resolve = (id: string) =>
    act(
      () => done(social.POST('/social/admin/reports/{id}/resolve', { params: { path: { id } } })),
      s.resolved,
    )
  const suspend = (username: string) =>
    confirm(
      s.suspendOf(username),
      () =>
        act(
          () =>
            done(social.POST('/social/admin/users/{username}/suspend', { params: { path: { username } } })),
          s.suspended,
        ),
      s.suspendHelp,
      s.suspend,
    )
  const silence = (username: string) =>
    act(
      () => done(social.POST('/social/admin/users/{username}/silence', { params: { path: { username } } })),
      s.silenced,
    )
  return (
    <Card title={s.reports} flush>
      <Resource of={reports}>
        {(all) => (
          <Table
            label={s.reports}
            rows={all}
            id={({ id }) => id}
            empty={s.noReports}
            columns={[
              { title: s.about, cell: ({ target }) => (target ? called(target) : '–') },
              { title: s.by, cell: ({ reporter }) => (reporter ? called(reporter) : s.elsewhere) },
              {
                title: s.why,
                cell: ({ category, comment }) => (
                  <span className="break">{[category, comment].filter(Boolean).join(': ')}</span>
                ),
              },
              { title: s.when, cell: ({ createdAt }) => <Time at={createdAt} /> },
              {
                title: t.common.actions,
                bare: true,
                cell: ({ id, target }) => (
                  <Group gap={4} wrap="nowrap">
                    {target && (
                      <>
                        <Button size="compact-xs" variant="default" onClick={() => silence(target.username)}>
                          {s.silence}
                        </Button>
                        <Button size="compact-xs" variant="default" onClick={() => suspend(target.username)}>
                          {s.suspend}
                        </Button>
                      </>
                    )}
                    <Button size="compact-xs" onClick={() => resolve(id)}>
                      {s.resolve}
                    </Button>
                  </Group>
                ),
              },
            ]}
          />
        )}
      </Resource>
    </Card>
  )
}

function Federation() {
  const state = socialApi.useQuery(
    'get',
    '/social/admin/federation',
    {},
    { refetchInterval: 10_000, retry: false },
  )
  const [act] = useAct()
  const retry = (host: string) =>
    act(
      () => done(social.POST('/social/admin/federation/hosts/{host}/retry', { params: { path: { host } } })),
      s.retried,
    )
  return (
    <Card title={s.federation}>
      <Resource of={state}>
        {({ deliveriesWaiting, deliveriesFailed, hostsKnown, hostsUnavailable, troubled }) => (
          <Stack gap="xs">
            <Text size="sm">
              {s.figures(
                number(deliveriesWaiting),
                number(deliveriesFailed),
                number(hostsKnown),
                number(hostsUnavailable),
              )}
            </Text>
            {troubled.length === 0 ? (
              <Empty>{s.allWell}</Empty>
            ) : (
              troubled.map(({ host, failures }) => (
                <Group key={host} justify="space-between">
                  <Text size="sm" className="break">
                    {host} ({number(failures)})
                  </Text>
                  <Tool icon="retry" label={s.retryOf(host)} onClick={() => retry(host)} />
                </Group>
              ))
            )}
          </Stack>
        )}
      </Resource>
    </Card>
  )
}

function Rules() {
  const rules = socialApi.useQuery('get', '/social/admin/domain-blocks', {}, { retry: false })
  const [domain, setDomain] = useState('')
  const [rule, setRule] = useState<Schemas['SocialDomainRule']>('suspend')
  const [act, busy] = useAct()
  const add = async (event: FormEvent) => {
    event.preventDefault()
    if (
      await act(
        () => done(social.POST('/social/admin/domain-blocks', { body: { domain, rule } })),
        t.common.saved,
      )
    )
      setDomain('')
  }
  return (
    <Card title={s.rules}>
      <Stack>
        {rules.data && (
          <form onSubmit={add}>
            <Group align="end">
              <TextInput
                label={s.host}
                placeholder="spam.example"
                value={domain}
                onChange={(event) => setDomain(event.currentTarget.value)}
                required
                withAsterisk={false}
              />
              <Select
                label={s.rule}
                data={Object.entries(s.kinds).map(([value, label]) => ({ value, label }))}
                value={rule}
                onChange={(value) => value && setRule(value as Schemas['SocialDomainRule'])}
                allowDeselect={false}
                w={130}
              />
              <Button type="submit" variant="default" loading={busy}>
                {t.common.add}
              </Button>
            </Group>
          </form>
        )}
        <Resource of={rules} lines={1}>
          {(all) => (
            <Table
              label={s.rules}
              rows={all}
              id={({ domain }) => domain}
              empty={s.noRules}
              columns={[
                { title: s.host, cell: ({ domain }) => <span className="break">{domain}</span> },
                { title: s.rule, cell: ({ rule }) => <Status value={rule} /> },
                {
                  title: t.common.actions,
                  bare: true,
                  cell: ({ domain }) => (
                    <Tool
                      icon="trash"
                      label={t.common.delete}
                      onClick={() =>
                        act(() =>
                          done(
                            social.DELETE('/social/admin/domain-blocks/{domain}', {
                              params: { path: { domain } },
                            }),
                          ),
                        )
                      }
                    />
                  ),
                },
              ]}
            />
          )}
        </Resource>
      </Stack>
    </Card>
  )
}
