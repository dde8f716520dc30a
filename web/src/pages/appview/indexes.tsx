import { Badge } from '@mantine/core'
import type { Schemas } from '@/api/client'
import { Time } from '@/components/bits'
import { number, percent } from '@/components/format'
import { Table } from '@/components/table'
import { t } from '@/i18n'

const q = t.appview.queries

export type Index = Schemas['QueryIndex']

const MOVING = ['waiting', 'building', 'leaving']

/** Whether anything is about to change by itself. */
const isMoving = (indexes: Index[]) => indexes.some(({ state }) => MOVING.includes(state))

/** How often to look again, in milliseconds: indexes that are being built are followed. */
export const againAfter = (indexes: Index[] | undefined) => (indexes && isMoving(indexes) ? 1_000 : 15_000)

const TONES: { [state: string]: string } = {
  ready: 'teal',
  building: 'blue',
  waiting: 'gray',
  leaving: 'gray',
  refused: 'red',
}

function State({ index: { state, progress } }: { index: Index }) {
  return (
    <span className="state">
      <Badge color={TONES[state] ?? 'gray'} title={state === 'refused' ? q.refusedHelp : undefined}>
        {q.states[state] ?? state}
      </Badge>
      {state === 'building' && <Progress part={progress} />}
    </span>
  )
}

/** How far it is. */
export function Progress({ part }: { part: number }) {
  const built = percent(part)
  return (
    <span className="progress">
      <svg
        className="meter"
        viewBox="0 0 100 4"
        preserveAspectRatio="none"
        role="img"
        aria-label={q.built(built)}
      >
        <rect width={part * 100} height="4" />
      </svg>
      <span className="nowrap">{built}</span>
    </span>
  )
}

interface Props {
  indexes: Index[]
  label: string
  empty: string
  /** Whether they are of several collections. */
  withCollection?: boolean
}

/** Indexes and how far they are. */
export function Indexes({ indexes, label, empty, withCollection }: Props) {
  return (
    <Table
      label={label}
      rows={indexes}
      id={({ id, collection, description }) => `${id} ${collection} ${description}`}
      empty={empty}
      columns={[
        {
          title: q.content,
          cell: ({ description, collection }) => (
            <div>
              <div className="break">{description}</div>
              {withCollection && <div className="quiet break">{collection}</div>}
            </div>
          ),
        },
        { title: q.state, cell: (index) => <State index={index} /> },
        { title: q.rows, numeric: true, cell: ({ records }) => number(records) },
        { title: q.since, cell: ({ ready_at }) => (ready_at ? <Time at={ready_at} /> : '–') },
      ]}
    />
  )
}
