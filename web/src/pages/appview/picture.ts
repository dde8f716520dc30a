// Where everything stands in the picture of what links to a record and what it links to.
import { address, type Group, type Reference } from '@/api/links'
import { did } from '@/components/format'

/** A line of text that leads somewhere, or tells how many more there are. */
export interface Line {
  text: string
  /** Whose it is. */
  by?: string
  uri?: string
}

export interface Box {
  x: number
  y: number
  width: number
  height: number
  title: string
  note: string
  lines: Line[]
}

interface Picture {
  width: number
  height: number
  boxes: Box[]
  /** The record itself. */
  middle: Box
  /** Ways of arrows. */
  arrows: string[]
}

/** In pixels. */
const LINE = 24
const HEAD = 46
const FOOT = 8
const GAP = 14
const WIDEST = 340
const AISLE = 72
const MARGIN = 28

/** With less room, everything stands below each other. */
const NARROW = 640

/** Boxes at a side, and lines in a box. */
const BOXES = 6
const LINES = 4

/** Texts are cut to what fits: letters of this size are about so wide. */
const LETTER = 6.9

export const cut = (text: string, width: number) => {
  const fits = Math.max(4, Math.floor(width / LETTER))
  return text.length <= fits ? text : `${text.slice(0, fits - 1)}…`
}

export interface Words {
  count: (group: Group) => string
  more: (count: number) => string
  here: string
}

function lineOf(uri: string, leads = true): Line {
  const found = address(uri)
  const line = found ? { text: found.rkey, by: did(found.did) } : { text: uri }
  return leads ? { ...line, uri } : line
}

const boxOf = (title: string, note: string, lines: Line[]): Box => ({
  ...{ x: 0, y: 0, width: 0, height: HEAD + lines.length * LINE + FOOT },
  ...{ title, note, lines },
})

/** Lays a picture out for the width that there is: in columns, or all below each other. */
export function picture(
  uri: string,
  incoming: Group[],
  outgoing: Reference[],
  width: number,
  words: Words,
): Picture {
  const before = incoming.slice(0, BOXES).map((group) => {
    const { collection, path, uris } = group
    const shown = uris.slice(0, uris.length > LINES ? LINES - 1 : LINES)
    const rest = uris.length - shown.length
    return boxOf(collection, `${path} · ${words.count(group)}`, [
      ...shown.map((uri) => lineOf(uri)),
      ...(rest > 0 ? [{ text: words.more(rest) }] : []),
    ])
  })
  const after = outgoing
    .slice(0, BOXES)
    .map(({ path, uri }) => boxOf(address(uri)?.collection ?? uri, path, [lineOf(uri)]))
  const middle = boxOf(address(uri)?.collection ?? '', words.here, [lineOf(uri, false)])
  const columns = [before, [middle], after].filter((boxes) => boxes.length > 0)
  const { height, arrow } = width < NARROW ? below(columns, width) : beside(columns, width)
  const arrows = [...before.map((box) => arrow(box, middle)), ...after.map((box) => arrow(middle, box))]
  return { width, height, boxes: [...before, ...after], middle, arrows }
}

type Arrow = (from: Box, to: Box) => string

/** Columns, each in the middle of the height; what there is stands in the middle of the width. */
function beside(columns: Box[][], width: number): { height: number; arrow: Arrow } {
  const count = columns.length
  const each = Math.min(WIDEST, Math.floor((width - (count - 1) * AISLE) / count))
  const left = Math.floor((width - count * each - (count - 1) * AISLE) / 2)
  const tall = (boxes: Box[]) => boxes.reduce((sum, { height }) => sum + height + GAP, -GAP)
  const height = Math.max(...columns.map(tall))
  columns.forEach((boxes, column) => {
    let y = Math.floor((height - tall(boxes)) / 2)
    for (const box of boxes) {
      Object.assign(box, { x: left + column * (each + AISLE), y, width: each })
      y += box.height + GAP
    }
  })
  return { height, arrow: across }
}

function below(columns: Box[][], width: number): { height: number; arrow: Arrow } {
  let y = 0
  for (const boxes of columns) {
    for (const box of boxes) {
      Object.assign(box, { x: MARGIN, y, width: width - MARGIN })
      y += box.height + GAP
    }
    y += GAP
  }
  return { height: y - 2 * GAP, arrow: aside }
}

const middleOf = ({ y, height }: Box) => y + height / 2

/** From the right of a box to the left of another. */
function across(from: Box, to: Box): string {
  const [x1, y1, x2, y2] = [from.x + from.width, middleOf(from), to.x - 7, middleOf(to)]
  const bend = (x2 - x1) / 2
  return `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`
}

/** Along the left of both. */
function aside(from: Box, to: Box): string {
  const [x, y1, y2] = [from.x, middleOf(from), middleOf(to)]
  return `M${x} ${y1}C${x - 34} ${y1} ${x - 34} ${y2} ${x - 7} ${y2}`
}
