interface Props {
  values: number[]
  /** How many there may be: the line grows from the right. */
  room: number
  label: string
}

const [WIDTH, HEIGHT] = [600, 100]

/** The way of a line through values, newest at the right, from the ground to the highest. */
export function line(values: number[], room: number): [number, number][] {
  const top = Math.max(1, ...values)
  const step = WIDTH / Math.max(room - 1, 1)
  return values.map((value, index) => [
    WIDTH - (values.length - 1 - index) * step,
    HEIGHT - 2 - (value / top) * (HEIGHT - 6),
  ])
}

/** A line over time. Its numbers are also there as text, wherever it is used. */
export function Spark({ values, room, label }: Props) {
  const points = line(values, room)
  const path = points.map(([x, y], index) => `${index ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`).join('')
  const first = points[0]
  const area = first ? `${path}L${WIDTH} ${HEIGHT}L${first[0].toFixed(1)} ${HEIGHT}Z` : ''
  return (
    <svg
      className="spark"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      <path className="area" d={area} />
      <path d={path} />
    </svg>
  )
}
