// Bounded concurrency.

/** Runs `fn` over `items`, at most `width` at a time; results keep the order of the items. */
export async function mapLimit(items, width, fn) {
  const out = new Array(items.length)
  let next = 0
  await Promise.all(
    Array.from({ length: Math.min(width, items.length) }, async () => {
      while (next < items.length) {
        const i = next++
        out[i] = await fn(items[i], i)
      }
    }),
  )
  return out
}
