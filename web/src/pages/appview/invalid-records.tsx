import { Button, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { api } from '@/api/client'
import { PAGED } from '@/api/paged'
import { Time } from '@/components/bits'
import { Card } from '@/components/card'
import { number } from '@/components/format'
import { More } from '@/components/more'
import { Empty, Resource } from '@/components/resource'
import { t } from '@/i18n'
import { RecordTable, Wrong } from './record-table'
import { useCheck } from './validation'

const r = t.appview.records

/** Records of a collection that are not what its lexicon says. */
export function InvalidRecords({ collection }: { collection: string }) {
  const checks = useCheck(collection)
  return (
    <Resource of={checks}>
      {() =>
        checks.check ? (
          <Card flush>
            <Text size="sm" c="dimmed" p="md" pb={0}>
              {r.invalidIntro} {!checks.check.done && r.comparing(number(checks.check.checked))}
            </Text>
            {/* Asked for again when their number changes. */}
            <List key={checks.check.invalid} collection={collection} />
          </Card>
        ) : (
          <Card>
            <Empty
              action={
                <Button
                  variant="default"
                  renderRoot={(props) => <Link to="/lexicons/$id" params={{ id: collection }} {...props} />}
                >
                  {r.compare}
                </Button>
              }
            >
              {r.notCompared}
            </Empty>
          </Card>
        )
      }
    </Resource>
  )
}

function List({ collection }: { collection: string }) {
  const pages = api.useInfiniteQuery(
    'get',
    '/admin/records/invalid',
    { params: { query: { collection, limit: 50 } } },
    { ...PAGED, refetchOnMount: 'always' },
  )
  return (
    <>
      <Resource of={pages} lines={8}>
        {({ pages: all }) => (
          <RecordTable
            label={r.tabInvalid}
            rows={all.flatMap(({ records }) =>
              records.map(({ path, problem, ...record }) => ({ ...record, invalid: { path, problem } })),
            )}
            brief
            empty={r.noInvalid}
            more={[
              { title: r.problem, cell: ({ invalid }) => <Wrong flaw={invalid} /> },
              { title: r.found, cell: ({ found_at }) => <Time at={found_at} /> },
            ]}
          />
        )}
      </Resource>
      <More of={pages} />
    </>
  )
}
