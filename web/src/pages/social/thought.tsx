import { ActionIcon, Avatar, Button, Group, Menu, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Schemas } from '@/api/client'
import { confirm, done, useAct } from '@/components/act'
import { Tag, Time } from '@/components/bits'
import { number } from '@/components/format'
import { Icon, type IconName } from '@/components/icon'
import { Rich } from '@/components/rich'
import { t } from '@/i18n'
import { social, useSelf } from './session'

const s = t.social

export const called = ({ displayName, username }: Schemas['SocialUser']) => displayName || username

/** Pictures of elsewhere are not fetched: their server would learn who reads. Their place have initials. */
export const picture = (url: string | null | undefined) =>
  url && new URL(url, location.href).origin === location.origin ? url : null

/** Something that somebody wrote. */
export function Thought({ of, main }: { of: Schemas['Thought']; main?: boolean }) {
  const {
    id,
    author,
    content,
    contentWarning,
    boostedBy,
    attachments,
    mood,
    visibility,
    replyToId,
    contentType,
  } = of
  const [open, setOpen] = useState(!contentWarning)
  return (
    <article className="thought" data-main={main ? '' : undefined}>
      {boostedBy && (
        <Text size="xs" c="dimmed">
          {s.boostedBy(called(boostedBy))}
        </Text>
      )}
      <Group wrap="nowrap" align="flex-start" gap="sm">
        <Avatar src={picture(author.avatarUrl)} name={called(author)} color="gray" size={40} alt="" />
        <div className="thought-body">
          <Group gap={6} justify="space-between" wrap="nowrap" align="baseline">
            <Link to="/social/u/$username" params={{ username: author.username }} className="author break">
              {called(author)}{' '}
              <Text span size="sm" c="dimmed" fw={400}>
                @{author.username}
              </Text>
            </Link>
            <Link to="/social/t/$id" params={{ id }} className="quiet">
              <Time at={of.createdAt} />
            </Link>
          </Group>
          {replyToId && !main && (
            <Text size="xs" c="dimmed">
              {s.inReply}
            </Text>
          )}
          {contentWarning && (
            <Group gap="xs" my={4}>
              <Text size="sm" fw={600} className="break">
                {contentWarning}
              </Text>
              <Button size="compact-xs" variant="default" onClick={() => setOpen(!open)} aria-expanded={open}>
                {open ? s.hide : s.show}
              </Button>
            </Group>
          )}
          {open && (
            <>
              {contentType === 'text/html' ? <Rich html={content} /> : <p className="plain">{content}</p>}
              <Pictures of={attachments ?? []} />
            </>
          )}
          <Group gap={6}>
            {mood && <Tag>{mood}</Tag>}
            {visibility !== 'public' && <Tag>{s.visibilities[visibility]}</Tag>}
          </Group>
          <Actions of={of} />
        </div>
      </Group>
    </article>
  )
}

function Pictures({ of }: { of: Schemas['ThoughtAttachment'][] }) {
  if (of.length === 0) return null
  return (
    <div className="pictures">
      {of.map(({ id, url, description, width, height }) =>
        picture(url) ? (
          <img
            key={id}
            src={url}
            alt={description ?? ''}
            width={width ?? undefined}
            height={height ?? undefined}
            loading="lazy"
          />
        ) : (
          <a key={id} href={url} target="_blank" rel="noreferrer noopener">
            {description || s.picture}
          </a>
        ),
      )}
    </div>
  )
}

function Actions({ of }: { of: Schemas['Thought'] }) {
  const { id, likedByViewer, boostedByViewer, likeCount, boostCount, replyCount, author } = of
  const self = useSelf()
  const [act] = useAct()
  const path = { params: { path: { id } } }
  const like = () =>
    act(() =>
      done(
        likedByViewer
          ? social.DELETE('/social/thoughts/{id}/like', path)
          : social.POST('/social/thoughts/{id}/like', path),
      ),
    )
  const boost = () =>
    act(() =>
      done(
        boostedByViewer
          ? social.DELETE('/social/thoughts/{id}/boost', path)
          : social.POST('/social/thoughts/{id}/boost', path),
      ),
    )
  const remove = () =>
    confirm(s.deleteThis, () =>
      act(() => done(social.DELETE('/social/thoughts/{id}', path)), t.common.deleted),
    )
  const report = () =>
    act(
      () =>
        done(
          social.POST('/social/reports', {
            body: { username: author.username, thoughtIds: [id], category: 'other' },
          }),
        ),
      s.reported,
    )
  return (
    <Group gap="xs" mt={4}>
      <Link to="/social/t/$id" params={{ id }} className="act" aria-label={s.replies(replyCount)}>
        <Icon name="reply" size={16} /> {number(replyCount)}
      </Link>
      <Toggle
        icon="boost"
        on={boostedByViewer}
        count={boostCount}
        label={s.boost}
        onClick={boost}
        disabled={!self.data}
      />
      <Toggle
        icon="heart"
        on={likedByViewer}
        count={likeCount}
        label={s.like}
        onClick={like}
        disabled={!self.data}
      />
      {self.data && (
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon variant="subtle" color="gray" size="sm" aria-label={t.common.actions}>
              ⋯
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            {self.data.id === author.id ? (
              <Menu.Item onClick={remove}>{t.common.delete}</Menu.Item>
            ) : (
              <Menu.Item onClick={report}>{s.report}</Menu.Item>
            )}
          </Menu.Dropdown>
        </Menu>
      )}
    </Group>
  )
}

interface ToggleProps {
  icon: IconName
  on: boolean
  count: number
  label: string
  onClick: () => void
  disabled: boolean
}

function Toggle({ icon, on, count, label, onClick, disabled }: ToggleProps) {
  return (
    <button type="button" className="act" aria-pressed={on} onClick={onClick} disabled={disabled}>
      <Icon name={icon} size={16} /> <span className="hidden">{label}</span> {number(count)}
    </button>
  )
}
