/** A layer as a part of a picture: where it begins and how wide it is, from 0 to 1. */
interface Part {
  from: number
  width: number
}

/** No layer is so small that it cannot be seen, and none gets more room than it has. */
const SMALLEST = 0.012

/** How layers of these sizes lie beside each other. */
export function parts(sizes: number[]): Part[] {
  const total = sizes.reduce((sum, size) => sum + size, 0) || 1
  const wide = sizes.map((size) => Math.max(size / total, SMALLEST))
  const sum = wide.reduce((all, one) => all + one, 0) || 1
  let from = 0
  return wide.map((one) => {
    const part = { from, width: one / sum }
    from += part.width
    return part
  })
}
