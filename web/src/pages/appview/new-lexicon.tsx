import { useNavigate } from '@tanstack/react-router'
import { Card } from '@/components/card'
import { Page } from '@/components/page'
import { t } from '@/i18n'
import { AddLexicon } from './add-lexicon'

export default function NewLexicon() {
  const navigate = useNavigate()
  return (
    <Page
      title={t.appview.lexicons.add}
      intro={t.appview.lexicons.addIntro}
      back={{ to: '/lexicons', label: t.nav.lexicons }}
    >
      <Card>
        <AddLexicon added={(id) => void navigate({ to: '/lexicons/$id', params: { id } })} />
      </Card>
    </Page>
  )
}
