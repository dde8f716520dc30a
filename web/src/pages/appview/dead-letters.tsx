import { Button, Drawer, Group, SegmentedControl, Stack, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { api, client, type Schemas } from '@/api/client'
import { PAGED } from '@/api/paged'
import { confirm, done, useAct } from '@/components/act'
import { Time } from '@/components/bits'
import { Card } from '@/components/card'
import { number } from '@/components/format'
import { Json } from '@/components/json'
import { More } from '@/components/more'
import { Page } from '@/components/page'
import { Resource } from '@/components/resource'
import { Table } from '@/components/table'
import { t } from '@/i18n'

const d = t.appview.letters

type Letter = Schemas['DeadLetter']

export default function DeadLetters() {
  const [resolved, setResolved] = useState('false')
  const [open, setOpen] = useState<Letter>()
  const [act] = useAct()
  const pages = api.useInfiniteQuery('get', '/admin/dead-letters', { params: { query: { resolved } } }, PAGED)
  const all = { body: { all: true } }
  return (
    <Page
      title={t.nav.deadLetters}
      intro={d.intro}
      actions={
        <>
          <Button
            variant="default"
            onClick={() => act(() => done(client.POST('/admin/dead-letters/bulk/retry', all)), d.done)}
          >
            {d.retryAll}
          </Button>
          <Button
            variant="default"
            onClick={() =>
              confirm(
                d.dismissAll,
                () => act(() => done(client.POST('/admin/dead-letters/bulk/dismiss', all)), d.done),
                d.dismissAllHelp,
                d.dismissAll,
              )
            }
          >
            {d.dismissAll}
          </Button>
        </>
      }
    >
      <SegmentedControl
        aria-label={d.show}
        value={resolved}
        onChange={setResolved}
        data={[
          { value: 'false', label: d.waiting },
          { value: 'true', label: d.resolved },
        ]}
        maw={320}
      />
      <Card flush>
        <Resource of={pages}>
          {({ pages: found }) => (
            <Table
              label={t.nav.deadLetters}
              rows={found.flatMap(({ dead_letters }) => dead_letters)}
              id={({ id }) => String(id)}
              empty={d.none}
              columns={[
                {
                  title: d.about,
                  cell: (letter) => (
                    <button type="button" className="link" onClick={() => setOpen(letter)}>
                      {letter.uri}
                    </button>
                  ),
                },
                {
                  title: d.script,
                  cell: ({ lexicon_id }) => (
                    <Link to="/scripts/$id" params={{ id: lexicon_id }} className="break">
                      {lexicon_id}
                    </Link>
                  ),
                },
                { title: d.error, cell: ({ error }) => <span className="excerpt">{error}</span> },
                { title: d.attempts, numeric: true, cell: ({ attempts }) => number(attempts) },
                { title: d.since, cell: ({ created_at }) => <Time at={created_at} /> },
              ]}
            />
          )}
        </Resource>
        <More of={pages} />
      </Card>
      <Drawer opened={!!open} onClose={() => setOpen(undefined)} title={open?.uri} position="right" size="lg">
        {open && <Details letter={open} close={() => setOpen(undefined)} />}
      </Drawer>
    </Page>
  )
}

function Details({ letter: { id }, close }: { letter: Letter; close: () => void }) {
  const path = { params: { path: { id: String(id) } } }
  const letter = api.useQuery('get', '/admin/dead-letters/{id}', path)
  const [act, busy] = useAct()
  const decide = async (call: () => Promise<unknown>) => {
    if (await act(call, d.done)) close()
  }
  return (
    <Resource of={letter}>
      {({ error, record, resolved_at, action }) => (
        <Stack>
          <Text size="sm" className="break">
            {error}
          </Text>
          {!resolved_at && (
            <Group>
              <Button
                loading={busy}
                onClick={() => decide(() => done(client.POST('/admin/dead-letters/{id}/retry', path)))}
              >
                {d.retry}
              </Button>
              {action !== 'label' && (
                <Button
                  variant="default"
                  onClick={() => decide(() => done(client.POST('/admin/dead-letters/{id}/reindex', path)))}
                >
                  {d.reindex}
                </Button>
              )}
              <Button
                variant="default"
                onClick={() => decide(() => done(client.POST('/admin/dead-letters/{id}/dismiss', path)))}
              >
                {d.dismiss}
              </Button>
            </Group>
          )}
          <Json value={record} label={d.about} />
        </Stack>
      )}
    </Resource>
  )
}
