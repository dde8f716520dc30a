import { SegmentedControl, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { api, client, type Schemas } from '@/api/client'
import { confirm, done, useAct } from '@/components/act'
import { number } from '@/components/format'
import { t } from '@/i18n'
import { isExact, kept } from './kept'

const v = t.appview.records.validation

type Lexicon = Schemas['Lexicon']
type Mode = keyof typeof v.modes

const MODES = Object.keys(v.modes) as Mode[]

/** How strictly records of a collection are taken, and how many are not as they should be. */
export function Validation({ lexicon }: { lexicon: Lexicon }) {
  const { id, source, target_collection, lexicon_json } = lexicon
  const mode = lexicon.validation as Mode
  const [act, busy] = useAct()
  const change = (validation: Mode) => {
    const store = () =>
      source === 'network'
        ? done(client.POST('/admin/network-lexicons', { body: { nsid: id, target_collection, validation } }))
        : done(
            client.POST('/admin/lexicons', {
              body: { ...kept(lexicon), lexicon_json: lexicon_json as Record<string, never>, validation },
            }),
          )
    const work = () => act(store, v.changed)
    if (validation === 'reject') confirm(v.toReject(id), work, v.toRejectHelp, v.toRejectGo)
    else void work()
  }
  const exact = source === 'network' || isExact(lexicon_json)
  return (
    <div className="validation">
      <div>
        <div className="quiet" id="validation">
          {v.label}
        </div>
        <SegmentedControl
          aria-labelledby="validation"
          size="xs"
          value={mode}
          onChange={(value) => change(value as Mode)}
          disabled={busy || !exact}
          data={MODES.map((value) => ({ value, label: v.modes[value] }))}
        />
      </div>
      <Text size="sm" c="dimmed" className="validation-says">
        {exact ? v.says[mode] : v.exact}
      </Text>
      {mode !== 'off' && (
        <div>
          <div className="quiet">{v.invalid}</div>
          <Invalid collection={id} />
        </div>
      )}
    </div>
  )
}

/** How far records have been compared with their lexicons. */
export const useCheck = (collection: string) => {
  const checks = api.useQuery(
    'get',
    '/admin/records/checks',
    {},
    { refetchInterval: ({ state }) => (state.data?.some(({ done }) => !done) ? 1_000 : 15_000) },
  )
  return { ...checks, check: checks.data?.find((one) => one.collection === collection) }
}

/** How many records, and where they are listed. */
function Invalid({ collection }: { collection: string }) {
  const { check, error } = useCheck(collection)
  if (!check) return error ? '–' : v.comparing
  const { invalid, more, done: compared } = check
  const count = more ? v.atLeast(number(invalid)) : number(invalid)
  return (
    <Text size="sm">
      {invalid > 0 ? (
        <Link to="/records" search={{ collection, tab: 'invalid' }}>
          {count}
        </Link>
      ) : (
        compared && v.none
      )}{' '}
      {!compared && v.comparing}
    </Text>
  )
}
