/** Whether the letters of every word of `wanted` are in `text`, in their order. */
export function matches(text: string, wanted: string): boolean {
  const letters = text.toLowerCase()
  return wanted
    .toLowerCase()
    .split(/\s+/)
    .filter(Boolean)
    .every((word) => {
      let at = 0
      for (const letter of word) {
        at = letters.indexOf(letter, at) + 1
        if (at === 0) return false
      }
      return true
    })
}
