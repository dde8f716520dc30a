import type { IconName } from '@/components/icon'
import { t } from '@/i18n'

/** A page that one can go to from everywhere. */
export interface Place {
  to: string
  label: string
  icon: IconName
  /** Whether strangers may see it. */
  open?: boolean
  /** Only for operators, where what is beside it is for everybody. */
  operators?: boolean
  /** Only the page itself, not what is below it. */
  exact?: boolean
}

interface Area {
  label: string
  places: Place[]
}

const n = t.nav

export const AREAS: Area[] = [
  { label: '', places: [{ to: '/', label: n.overview, icon: 'overview', exact: true }] },
  {
    label: n.appview,
    places: [
      { to: '/lexicons', label: n.lexicons, icon: 'lexicon' },
      { to: '/records', label: n.records, icon: 'record' },
      { to: '/queries', label: n.queries, icon: 'query' },
      { to: '/backfills', label: n.backfills, icon: 'backfill' },
      { to: '/scripts', label: n.scripts, icon: 'script' },
      { to: '/labelers', label: n.labelers, icon: 'label' },
      { to: '/dead-letters', label: n.deadLetters, icon: 'letter' },
      { to: '/jobs', label: n.jobs, icon: 'job' },
    ],
  },
  {
    label: n.registry,
    places: [
      { to: '/registry', label: n.images, icon: 'image', open: true, exact: true },
      { to: '/registry/search', label: n.findImages, icon: 'search', open: true },
      { to: '/registry/mine', label: n.myRegistry, icon: 'device' },
      { to: '/registry/hold', label: n.hold, icon: 'hold', operators: true },
    ],
  },
  {
    label: n.social,
    places: [
      { to: '/social', label: n.timeline, icon: 'thought', open: true, exact: true },
      { to: '/social/notifications', label: n.notifications, icon: 'bell', open: true },
      { to: '/social/search', label: n.findPeople, icon: 'search', open: true },
      { to: '/social/settings', label: n.profile, icon: 'user', open: true },
      { to: '/social/moderation', label: n.moderation, icon: 'shield', open: true },
    ],
  },
  { label: n.sync, places: [{ to: '/sync', label: n.relay, icon: 'sync' }] },
  {
    label: n.server,
    places: [
      { to: '/users', label: n.users, icon: 'users' },
      { to: '/keys', label: n.keys, icon: 'key' },
      { to: '/clients', label: n.clients, icon: 'client' },
      { to: '/variables', label: n.variables, icon: 'variable' },
      { to: '/events', label: n.events, icon: 'event' },
      { to: '/domains', label: n.domains, icon: 'globe' },
      { to: '/api', label: n.api, icon: 'plug', open: true },
      { to: '/settings', label: n.settings, icon: 'settings' },
    ],
  },
]

export const PLACES = AREAS.flatMap((area) => area.places.map((place) => ({ ...place, area: area.label })))
