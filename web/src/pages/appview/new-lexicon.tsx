import { useNavigate, useSearch } from '@tanstack/react-router'
import { api } from '@/api/client'
import { Card } from '@/components/card'
import { Page } from '@/components/page'
import { Waiting } from '@/components/resource'
import { t } from '@/i18n'
import { AddLexicon } from './add-lexicon'
import { draft } from './query-draft'

const l = t.appview.lexicons

/** A new lexicon; with `query` a first one to search the collection of that name. */
export default function NewLexicon() {
  const { query: id = '' } = useSearch({ strict: false }) as { query?: string }
  const navigate = useNavigate()
  const record = api.useQuery('get', '/admin/lexicons/{id}', { params: { path: { id } } }, { enabled: !!id })
  const drafted = draft(record.data?.lexicon_json)
  return (
    <Page
      title={l.add}
      intro={id ? l.draftIntro(id) : l.addIntro}
      back={{ to: '/lexicons', label: t.nav.lexicons }}
    >
      <Card>
        {id && record.isPending ? (
          <Waiting lines={8} />
        ) : (
          <AddLexicon
            source={drafted && JSON.stringify(drafted, null, 2)}
            target={drafted && id}
            added={(id) => void navigate({ to: '/lexicons/$id', params: { id } })}
          />
        )}
      </Card>
    </Page>
  )
}
