let tell: () => void
const there = new Promise<void>((resolve) => {
  tell = resolve
})

/** What stands in front of pages is there. */
export const overlaysAreThere = () => tell()

/** Resolves as soon as something can be shown in front of a page. */
export const overlays = () => there
