import { Button, Drawer, Group, Stack, Text } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import type { Schemas } from '@/api/client'
import { references } from '@/api/links'
import { Id, Tag } from '@/components/bits'
import { Json } from '@/components/json'
import { RecordLink } from '@/components/record-link'
import { type Column, Table } from '@/components/table'
import { t } from '@/i18n'
import { excerpt } from './excerpt'

const r = t.appview.records

/** As much of a record as every list has. */
export interface Row {
  uri: string
  did: string
  rkey: string
  record: unknown
  cid?: string | null
  labels?: Schemas['Label'][]
  invalid?: { path: string; problem: string }
}

interface Props<R extends Row> {
  label: string
  rows: R[]
  empty: ReactNode
  /** What this list knows besides. */
  more?: Column<R>[]
  /** Leaves out what records say, where something else is told of them. */
  brief?: boolean
}

/** Records of a collection; each opens beside the list. */
export function RecordTable<R extends Row>({ label, rows, empty, more = [], brief }: Props<R>) {
  const [open, setOpen] = useState<R>()
  return (
    <>
      <Table
        label={label}
        rows={rows}
        id={({ uri }) => uri}
        empty={empty}
        columns={[
          {
            title: r.record,
            cell: (record) => (
              <button
                type="button"
                className={record.rkey.length > SHORT ? 'link' : 'link nowrap'}
                onClick={() => setOpen(record)}
              >
                {record.rkey}
              </button>
            ),
          },
          { title: r.author, cell: ({ did }) => <Id value={did} /> },
          ...(brief
            ? []
            : [
                {
                  title: r.content,
                  cell: ({ record }: R) => <span className="excerpt">{excerpt(record)}</span>,
                },
              ]),
          ...more,
        ]}
      />
      <Drawer
        opened={!!open}
        onClose={() => setOpen(undefined)}
        title={open?.uri}
        position="right"
        size="lg"
        classNames={{ title: 'break' }}
      >
        {open && <Details record={open} />}
      </Drawer>
    </>
  )
}

/** Keys of records that are not cut: most are 13 characters long. */
const SHORT = 24

const SEVERE = /^(porn|sexual|nudity|graphic-media|gore|nsfl|!hide|!takedown)/

export function Labels({ labels, did }: { labels: Schemas['Label'][]; did: string }) {
  if (labels.length === 0) return '–'
  return labels.map(({ src, val }) => (
    <Tag
      key={`${src} ${val}`}
      color={SEVERE.test(val) ? 'red' : val.startsWith('!') ? 'yellow' : 'gray'}
      variant={src === did ? 'outline' : 'light'}
    >
      {val}
    </Tag>
  ))
}

interface FlawProps {
  flaw: { path: string; problem: string }
}

/** What is wrong with a record, and where. */
export function Wrong({ flaw: { path, problem } }: FlawProps) {
  return (
    <span className="break">
      <code>{path || r.whole}</code> {problem}
    </span>
  )
}

/** The same, so that it is seen. */
export function Flaw({ flaw }: FlawProps) {
  return (
    <Text size="sm" component="div" className="flaw">
      <Wrong flaw={flaw} />
    </Text>
  )
}

function Details({ record: { uri, did, cid, labels, record, invalid } }: { record: Row }) {
  const linked = [...new Set(references(record).map(({ uri }) => uri))]
  return (
    <Stack>
      <Group gap="xs" justify="space-between">
        <Group gap="xs">
          <Id value={did} />
          {cid && <Id value={cid} />}
          {labels && labels.length > 0 && <Labels labels={labels} did={did} />}
        </Group>
        <Button renderRoot={(props) => <RecordLink uri={uri} {...props} />} size="xs" variant="default">
          {r.openPage}
        </Button>
      </Group>
      {invalid && (
        <div>
          <Text size="sm" fw={600} mb={4}>
            {r.isInvalid}
          </Text>
          <Flaw flaw={invalid} />
        </div>
      )}
      <Json value={record} label={uri} />
      {linked.length > 0 && (
        <div>
          <Text size="sm" fw={600}>
            {r.linked}
          </Text>
          {linked.map((uri) => (
            <Text key={uri} size="sm" className="break">
              <RecordLink uri={uri}>{uri}</RecordLink>
            </Text>
          ))}
        </div>
      )}
    </Stack>
  )
}
