import { useElementSize } from '@mantine/hooks'
import type { Group, Reference } from '@/api/links'
import { number } from '@/components/format'
import { RecordLink } from '@/components/record-link'
import { t } from '@/i18n'
import { type Box, cut, type Line as LineOf, picture } from './picture'

const p = t.appview.records.page

interface Props {
  uri: string
  incoming: Group[]
  outgoing: Reference[]
}

const WORDS = {
  count: ({ uris, more }: Group) => (more ? p.atLeast(number(uris.length)) : number(uris.length)),
  more: (count: number) => p.moreBelow(number(count)),
  here: p.this,
}

/** What links to a record and what it links to, as a picture in which everything leads on. */
export function RecordPicture({ uri, incoming, outgoing }: Props) {
  const { ref, width } = useElementSize()
  const drawn = width > 0 ? picture(uri, incoming, outgoing, Math.floor(width), WORDS) : undefined
  return (
    <div ref={ref} className="links">
      {drawn && (
        // biome-ignore lint/a11y/useSemanticElements: there is no other element for a group of links within a drawing
        <svg
          width={drawn.width}
          height={drawn.height}
          viewBox={`0 0 ${drawn.width} ${drawn.height}`}
          role="group"
          aria-label={p.picture}
        >
          <defs>
            <marker
              id="arrow"
              viewBox="0 0 8 8"
              refX="1"
              refY="4"
              markerWidth="7"
              markerHeight="7"
              orient="auto"
            >
              <path d="M0 0L8 4L0 8z" />
            </marker>
          </defs>
          {drawn.arrows.map((way) => (
            <path key={way} className="way" d={way} markerEnd="url(#arrow)" />
          ))}
          {drawn.boxes.map((box) => (
            <Drawn key={`${box.x} ${box.y}`} box={box} />
          ))}
          <Drawn box={drawn.middle} middle />
        </svg>
      )}
    </div>
  )
}

const PAD = 12

/** What a letter takes, at most. */
const WIDTH = 7.3

function Drawn({ box, middle }: { box: Box; middle?: boolean }) {
  const { x, y, width, height, title, note, lines } = box
  const room = width - 2 * PAD
  return (
    <g className={middle ? 'box middle' : 'box'}>
      <rect x={x + 0.5} y={y + 0.5} width={width - 1} height={height - 1} rx={8} />
      <text x={x + PAD} y={y + 20} className="title">
        <Cut text={title} room={room} />
      </text>
      <text x={x + PAD} y={y + 37} className="note">
        <Cut text={note} room={room} />
      </text>
      {lines.map((line, index) => (
        <Line key={line.uri ?? line.text} line={line} x={x} y={y + 46 + index * 24} width={width} />
      ))}
    </g>
  )
}

/** What fits; all of it for whoever asks. */
function Cut({ text, room }: { text: string; room: number }) {
  const shown = cut(text, room)
  return (
    <>
      {shown}
      {shown !== text && <title>{text}</title>}
    </>
  )
}

interface LineProps {
  line: LineOf
  x: number
  y: number
  width: number
}

function Line({ line: { text, by, uri }, x, y, width }: LineProps) {
  const room = width - 2 * PAD
  const shown = cut(text, room)
  const written = (
    <>
      <text x={x + PAD} y={y + 16} className={by ? 'name' : 'note'}>
        {shown}
      </text>
      {by && (shown.length + by.length + 2) * WIDTH < room && (
        <text x={x + width - PAD} y={y + 16} className="note" textAnchor="end">
          {by}
        </text>
      )}
    </>
  )
  if (!uri) return <g>{written}</g>
  return (
    <RecordLink uri={uri}>
      <title>{uri}</title>
      <rect className="target" x={x + 5} y={y} width={width - 10} height={23} rx={4} />
      {written}
    </RecordLink>
  )
}
