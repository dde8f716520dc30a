import { Group, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { Schemas } from '@/api/client'
import { Snippet, Tag, Time } from '@/components/bits'
import { bytes, number } from '@/components/format'
import { Icon } from '@/components/icon'
import { t } from '@/i18n'

const r = t.registry

export const nameOf = ({ handle, did }: Schemas['RegistryOwner']) => handle ?? did

type Summary = Schemas['RegistryRepositorySummary'] & { stats?: Schemas['RegistryStats'] }

/** A repository in a list. */
export function Image({ of }: { of: Summary }) {
  const { name, title, description, platforms, size, pushed_at, stars, pull, kind, stats } = of
  return (
    <article className="image">
      <Group justify="space-between" gap="xs" align="flex-start">
        <div className="image-name">
          <Link to="/registry/r/$" params={{ _splat: name }} className="break">
            {name}
          </Link>
          {(title || description) && (
            <Text size="sm" c="dimmed" lineClamp={2}>
              {[title, description].filter(Boolean).join(' – ')}
            </Text>
          )}
        </div>
        <Group gap={4} wrap="nowrap" c="dimmed">
          <Icon name="star" size={14} />
          <Text size="sm" aria-label={r.stars(stars)}>
            {number(stars)}
          </Text>
        </Group>
      </Group>
      <Group gap={6}>
        {kind !== 'container_image' && kind !== 'multi_platform_image' && <Tag>{r.kinds[kind]}</Tag>}
        {platforms.map((platform) => (
          <Tag key={platform}>{platform}</Tag>
        ))}
        <Text size="xs" c="dimmed">
          {bytes(size)} · <Time at={pushed_at} />
          {stats && ` · ${r.pulls(stats.pulls)}`}
        </Text>
      </Group>
      <Snippet what={r.pullCommand}>{pull}</Snippet>
    </article>
  )
}

export function Images({ of, label }: { of: Summary[]; label: string }) {
  return (
    <section className="images" aria-label={label}>
      {of.map((one) => (
        <Image key={one.name} of={one} />
      ))}
    </section>
  )
}
